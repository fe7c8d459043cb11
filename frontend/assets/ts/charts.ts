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
  readyToPrint(root, drawn);
}

/** The options of a chart, as far as they depend on its width. */
interface Options extends Record<string, unknown> {
  legend?: { show: boolean; itemWidth: number };
  yAxis?: { type: string }[];
  series: { name: string }[];
}

interface Drawn {
  place: HTMLElement;
  /** Draws anew in the colours of the page. */
  paint(): void;
  /** A copy, so many pixels wide, on which nobody points at anything. */
  copy(width: number): HTMLCanvasElement;
}

function draw(place: HTMLElement, { init }: Module): Drawn {
  const option = JSON.parse(place.dataset.chart!);
  const chart = init(place);
  const paint = () => paintOn(chart, option, place.clientWidth);
  paint();
  new ResizeObserver(() => fit(chart, option, place.clientWidth)).observe(place);
  const copy = (width: number) => {
    const other = init(document.createElement("div"), { width, height: chart.getHeight() });
    paintOn(other, option, width);
    const canvas = other.renderToCanvas({ pixelRatio: 2, backgroundColor: colorOf("--paper") });
    other.dispose();
    return canvas;
  };
  offerPicture(place, () => copy(chart.getWidth()));
  return { place, paint, copy };
}

/** Draws in the colours of the page, at once. */
function paintOn(chart: ECharts, option: Options, width: number): void {
  chart.setOption(withColors(option, colorOf), { notMerge: true });
  fit(chart, option, width);
  chart.getZr().flush();
}

/** Makes room in the width for the legend and the names of an axis. */
function fit(chart: ECharts, option: Options, width: number): void {
  chart.resize({ width });
  if (option.legend?.show) chart.setOption(withLegend(option.series.map((one) => one.name), option.legend.itemWidth, width));
  if (option.yAxis?.[0]?.type === "category") chart.setOption({ yAxis: { axisLabel: { width: width < 520 ? 112 : Math.min(320, Math.round(width * 0.4)) } } });
}

/** The colour that the page's theme has under a name. */
function colorOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A button of the figure saves the chart as a picture that stands by itself: with the
 * figure's title above and its source below. */
function offerPicture(place: HTMLElement, copy: () => HTMLCanvasElement): void {
  const figure = place.closest<HTMLElement>(".figure, section");
  const button = figure?.querySelector<HTMLButtonElement>("[data-picture]");
  if (!figure || !button) return;
  button.hidden = false;
  button.addEventListener("click", () => save(framed(copy(), figure), button.dataset.picture!));
}

/** The drawing with the words around it, in pixels of twice the screen's. */
function framed(drawing: HTMLCanvasElement, figure: HTMLElement): HTMLCanvasElement {
  const margin = 32;
  const canvas = document.createElement("canvas");
  canvas.width = drawing.width + 2 * margin;
  const brush = canvas.getContext("2d")!;
  const font = getComputedStyle(document.body).fontFamily;
  const title = { text: figure.querySelector(".figure-title, h2")?.textContent?.trim() ?? "", font: `600 32px ${font}`, color: colorOf("--ink-base"), height: 44 };
  const source = { text: figure.querySelector(".figure-source, .sub")?.textContent?.replace(/\s+/g, " ").trim() ?? "", font: `24px ${font}`, color: colorOf("--ink-muted"), height: 34 };
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

/** The width of a chart on paper: that of an upright A4 page. */
const paperWidth = 690;

/** Paper is light, whatever the screen is, and as wide as no screen: it gets copies of the
 * charts. A figure that stands alone is printed with its table. */
function readyToPrint(root: Document, drawn: Drawn[]): void {
  const page = root.documentElement;
  let opened: HTMLDetailsElement[] = [];
  window.addEventListener("beforeprint", () => {
    opened = [...root.querySelectorAll<HTMLDetailsElement>(".is-alone .chart-table:not([open])")];
    for (const table of opened) table.open = true;
    const theme = page.dataset.bsTheme;
    page.dataset.bsTheme = "light";
    for (const chart of drawn) {
      const sheet = chart.copy(paperWidth);
      sheet.removeAttribute("style");
      sheet.className = "chart-sheet";
      chart.place.after(sheet);
    }
    page.dataset.bsTheme = theme;
  });
  window.addEventListener("afterprint", () => {
    for (const table of opened) table.open = false;
    for (const sheet of root.querySelectorAll(".chart-sheet")) sheet.remove();
  });
}

function fallBack(place: HTMLElement): void {
  const panel = place.closest("section") ?? document;
  place.remove();
  panel.querySelector<HTMLDetailsElement>(".chart-table")?.setAttribute("open", "");
}
