import type { ECharts } from "./echarts";

/** Fetches and draws the charts of the page; one that fails leaves its table. */
export async function drawCharts(root: ParentNode): Promise<void> {
  const places = [...root.querySelectorAll<HTMLElement>("[data-chart-url]")];
  if (places.length === 0) return;
  const { init } = await import("./echarts");
  await Promise.all(places.map((place) => draw(place, init).catch(() => fallBack(place))));
}

async function draw(place: HTMLElement, init: (place: HTMLElement) => ECharts): Promise<void> {
  const answer = await fetch(place.dataset.chartUrl!, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`chart: ${answer.status}`);
  const option = await answer.json();
  const chart = init(place);
  chart.setOption(option);
  const fit = () => {
    chart.resize();
    chart.setOption({ yAxis: { axisLabel: { width: place.clientWidth < 520 ? 112 : 240 } } });
  };
  new ResizeObserver(fit).observe(place);
}

function fallBack(place: HTMLElement): void {
  place.remove();
  document.querySelector<HTMLDetailsElement>(".chart-table")?.setAttribute("open", "");
}
