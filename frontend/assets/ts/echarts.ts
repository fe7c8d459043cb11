import { BarChart, BoxplotChart, HeatmapChart, LineChart, ScatterChart, TreemapChart } from "echarts/charts";
import { AriaComponent, CalendarComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init as start, use, type ECharts } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, BoxplotChart, HeatmapChart, LineChart, ScatterChart, TreemapChart]);
use([AriaComponent, CalendarComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, LabelLayout, CanvasRenderer]);

export type { ECharts };

/** Starts a chart in the page's own font, as large as its place or as the size says. */
export function init(place: HTMLElement, size?: { width: number; height: number }): ECharts {
  const font = getComputedStyle(document.body).fontFamily;
  return start(place, { textStyle: { fontFamily: font } }, size);
}
