import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init as start, use, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export type { ECharts };

/** Starts a chart in the page's own font. */
export function init(place: HTMLElement): ECharts {
  const font = getComputedStyle(document.body).fontFamily;
  return start(place, { textStyle: { fontFamily: font } });
}
