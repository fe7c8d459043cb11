import type { ECharts } from "./echarts";

/** Fetches and draws the charts of the page; one that fails leaves its table. */
export async function drawCharts(root: ParentNode): Promise<void> {
  const places = [...root.querySelectorAll<HTMLElement>("[data-chart-url], [data-chart]")];
  if (places.length === 0) return;
  const { init } = await import("./echarts");
  await Promise.all(places.map((place) => draw(place, init).catch(() => fallBack(place))));
  printTables(root);
}

/** Paper has the width of no screen: what a chart shows is printed as its table. */
function printTables(root: ParentNode): void {
  let opened: HTMLDetailsElement[] = [];
  window.addEventListener("beforeprint", () => {
    opened = [...root.querySelectorAll<HTMLDetailsElement>("[data-chart] ~ .chart-table:not([open])")];
    for (const table of opened) table.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const table of opened) table.open = false;
  });
}

async function draw(place: HTMLElement, init: (place: HTMLElement) => ECharts): Promise<void> {
  const option = await optionOf(place);
  const chart = init(place);
  chart.setOption(option);
  const fit = () => {
    chart.resize();
    chart.setOption({ yAxis: { axisLabel: { width: place.clientWidth < 520 ? 112 : 240 } } });
  };
  new ResizeObserver(fit).observe(place);
}

/** The chart's options: with the page, or at an address of their own. */
async function optionOf(place: HTMLElement) {
  if (place.dataset.chart !== undefined) return JSON.parse(place.dataset.chart);
  const answer = await fetch(place.dataset.chartUrl!, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`chart: ${answer.status}`);
  return answer.json();
}

function fallBack(place: HTMLElement): void {
  const panel = place.closest("section") ?? document;
  place.remove();
  panel.querySelector<HTMLDetailsElement>(".chart-table")?.setAttribute("open", "");
}
