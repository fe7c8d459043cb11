import type { ECharts } from "./echarts";
import { withColors } from "./chart_colors";
import { withLegend } from "./chart_legend";

type Module = typeof import("./echarts");

/** Draws the charts of the page that are not drawn yet; one that fails leaves its table. */
export async function drawCharts(root: Document): Promise<void> {
  const places = [...root.querySelectorAll<HTMLElement>("[data-chart]:not([_echarts_instance_])")];
  if (places.length === 0) return;
  const module = await import("./echarts");
  const drawn = places.flatMap((place) => {
    try {
      return [draw(place, module)];
    } catch {
      fallBack(place);
      return [];
    }
  });
  root.addEventListener("sundial:theme", () => drawn.forEach((chart) => chart.paint()));
  printTables(root);
}

interface Drawn {
  paint(): void;
}

function draw(place: HTMLElement, { init }: Module): Drawn {
  const option = JSON.parse(place.dataset.chart!);
  const chart = init(place);
  const names = option.yAxis?.[0]?.type === "category";
  const fit = () => {
    chart.resize();
    if (option.legend?.show) chart.setOption(withLegend(option.series.map((one: { name: string }) => one.name), option.legend.itemWidth, place.clientWidth));
    if (names) chart.setOption({ yAxis: { axisLabel: { width: place.clientWidth < 520 ? 112 : 240 } } });
  };
  const paint = () => {
    chart.setOption(withColors(option, colorOf), { notMerge: true });
    fit();
  };
  paint();
  new ResizeObserver(fit).observe(place);
  offerPicture(place, chart);
  return { paint };
}

/** The colour that the page's theme has under a name. */
function colorOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A button of the figure saves the chart as a picture that stands by itself: with the
 * figure's title above and its source below. */
function offerPicture(place: HTMLElement, chart: ECharts): void {
  const figure = place.closest<HTMLElement>(".figure");
  const button = figure?.querySelector<HTMLButtonElement>("[data-picture]");
  if (!figure || !button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const drawing = new Image();
    drawing.addEventListener("load", () => save(framed(drawing, figure), button.dataset.picture!));
    drawing.src = chart.getDataURL({ pixelRatio: 2, backgroundColor: colorOf("--paper") });
  });
}

/** The drawing with the words around it, in pixels of twice the screen's. */
function framed(drawing: HTMLImageElement, figure: HTMLElement): HTMLCanvasElement {
  const margin = 32;
  const canvas = document.createElement("canvas");
  canvas.width = drawing.width + 2 * margin;
  const brush = canvas.getContext("2d")!;
  const font = getComputedStyle(document.body).fontFamily;
  const title = { text: figure.querySelector(".figure-title")?.textContent?.trim() ?? "", font: `600 32px ${font}`, color: colorOf("--ink-base"), height: 44 };
  const source = { text: figure.querySelector(".figure-source")?.textContent?.replace(/\s+/g, " ").trim() ?? "", font: `24px ${font}`, color: colorOf("--ink-muted"), height: 34 };
  const above = broken(brush, title, drawing.width);
  const below = broken(brush, source, drawing.width);
  canvas.height = above.length * title.height + drawing.height + below.length * source.height + 3 * margin;
  brush.fillStyle = colorOf("--paper");
  brush.fillRect(0, 0, canvas.width, canvas.height);
  write(brush, title, above, margin, margin);
  brush.drawImage(drawing, margin, margin * 1.5 + above.length * title.height);
  write(brush, source, below, margin, margin * 2 + above.length * title.height + drawing.height);
  return canvas;
}

interface Words {
  text: string;
  font: string;
  color: string;
  height: number;
}

/** Breaks words into lines of a width: at any Chinese character, between Latin words. */
function broken(brush: CanvasRenderingContext2D, words: Words, width: number): string[] {
  brush.font = words.font;
  const lines = [""];
  for (const part of words.text.match(/[\x21-\u2fff]+\s*|[^\x21-\u2fff]/gu) ?? []) {
    const longer = lines[lines.length - 1] + part;
    if (brush.measureText(longer).width > width) lines.push(part);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function write(brush: CanvasRenderingContext2D, words: Words, lines: string[], left: number, top: number): void {
  brush.font = words.font;
  brush.fillStyle = words.color;
  brush.textBaseline = "top";
  lines.forEach((line, i) => brush.fillText(line, left, top + i * words.height));
}

function save(picture: HTMLCanvasElement, name: string): void {
  const link = document.createElement("a");
  link.href = picture.toDataURL("image/png");
  link.download = name;
  link.click();
}

/** Paper has the width of no screen: what a chart shows is printed as its table. */
function printTables(root: Document): void {
  let opened: HTMLDetailsElement[] = [];
  window.addEventListener("beforeprint", () => {
    opened = [...root.querySelectorAll<HTMLDetailsElement>("[data-chart] ~ .chart-table:not([open])")];
    for (const table of opened) table.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const table of opened) table.open = false;
  });
}

function fallBack(place: HTMLElement): void {
  const panel = place.closest("section") ?? document;
  place.remove();
  panel.querySelector<HTMLDetailsElement>(".chart-table")?.setAttribute("open", "");
}
