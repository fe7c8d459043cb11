import htmx from "htmx.org";
import { drawCharts } from "./charts";

/** Time without another step of the slider after which the page follows. */
const quiet = 180;

/** Lets the day that a page looks at be slid and typed: the block below the filters is
 * fetched anew and the address follows. Years and other choices load the page. Without
 * scripts the date is an ordinary field of the form. */
export function slideDays(root: Document): void {
  const place = root.querySelector<HTMLElement>("[data-as-of]");
  if (!place) return;
  // Going back loads the page: a block put back alone would have lost its scripts.
  htmx.config.refreshOnHistoryMiss = true;
  const date = place.querySelector<HTMLInputElement>("input[type=date]")!;
  const range = place.querySelector<HTMLInputElement>("input[type=range]");
  const scale = new Scale(place);
  let shown = date.value;
  let timer = 0;

  const follow = (wait: number) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (date.value === shown || !date.value || !date.checkValidity()) return;
      shown = date.value;
      htmx.trigger(place, "as-of", {});
    }, wait);
  };
  const say = () => {
    place.classList.toggle("is-past", date.value < scale.today);
    const words = inWords(date.value);
    const output = place.querySelector("output");
    if (output) output.textContent = words;
    range?.setAttribute("aria-valuetext", words);
  };

  range?.addEventListener("input", () => {
    date.value = scale.dayAt(Number(range.value));
    say();
    follow(quiet);
  });
  date.addEventListener("blur", () => {
    if (!date.value || !date.checkValidity()) return;
    if (range) range.value = String(scale.placeOf(date.value));
    say();
    follow(0);
  });
  // The form of the filters would be sent whole.
  place.addEventListener("change", (event) => {
    if (event.target === range || event.target === date) event.stopPropagation();
  });
  place.querySelector(".as-of-today")?.addEventListener("click", (event) => {
    event.preventDefault();
    date.value = scale.today;
    if (range) range.value = range.max;
    say();
    range?.focus();
    follow(0);
  });
  root.querySelector<HTMLSelectElement>("[data-as-of-year]")?.addEventListener("change", (event) => {
    if (date.value !== scale.today) date.value = sameDay(date.value, (event.target as HTMLSelectElement).value, scale.today);
  });

  place.addEventListener("htmx:configRequest", (event) => {
    const values = (event as CustomEvent).detail.parameters as FormData;
    for (const [name, value] of [...values.entries()]) {
      if (value === "" || (name === "as_of" && value === scale.today)) values.delete(name);
    }
  });
  watchView(root);
}

/** Keeps the block below the filters in its place while another day comes. */
function watchView(root: Document): void {
  const view = () => root.querySelector<HTMLElement>("#as-of-view");
  root.addEventListener("htmx:beforeRequest", (event) => {
    if (!ofDays(event)) return;
    const block = view();
    const around = block?.parentElement;
    if (!around) return;
    // What lies below stays where it is, though the new block may be lower.
    around.style.minHeight = `${around.getBoundingClientRect().height}px`;
    block.setAttribute("aria-busy", "true");
  });
  root.addEventListener("htmx:beforeSwap", (event) => {
    const detail = (event as CustomEvent).detail;
    if (!ofDays(event) || detail.xhr.status < 400) return;
    detail.shouldSwap = false;
    window.location.assign(detail.xhr.responseURL);
  });
  root.addEventListener("htmx:afterSwap", (event) => {
    if (!ofDays(event)) return;
    void drawCharts(root);
    const said = root.querySelector("[data-as-of-said]");
    if (said) said.textContent = root.querySelector("#page-finding, #finding")?.textContent ?? "";
  });
  root.addEventListener("htmx:sendError", (event) => {
    if (ofDays(event)) view()?.removeAttribute("aria-busy");
  });
  root.addEventListener("htmx:pushedIntoHistory", () => {
    const here = window.location.pathname + window.location.search;
    for (const next of root.querySelectorAll<HTMLInputElement>("header input[name=next]")) next.value = here;
  });
}

function ofDays(event: Event): boolean {
  const detail = (event as CustomEvent).detail;
  return (detail.requestConfig?.elt as HTMLElement | undefined)?.dataset.asOf !== undefined;
}

/** The places of the slider: one for each day, and where the days end before today one
 * more, today. */
class Scale {
  readonly today: string;
  private readonly first: number;
  private readonly last: number;

  constructor(place: HTMLElement) {
    this.today = place.dataset.today!;
    this.first = dayNumber(place.dataset.first!);
    this.last = dayNumber(place.dataset.last!);
  }

  dayAt(place: number): string {
    const day = this.first + place;
    return day > this.last ? this.today : new Date(day * 86_400_000).toISOString().slice(0, 10);
  }

  placeOf(date: string): number {
    const beyond = this.last < dayNumber(this.today) ? 1 : 0;
    return Math.max(0, Math.min(dayNumber(date) - this.first, this.last - this.first + beyond));
  }
}

function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000;
}

/** The same day of another year, at most today. */
export function sameDay(date: string, year: string, today: string): string {
  const same = date.endsWith("-02-29") ? `${year}-02-28` : year + date.slice(4);
  return same > today ? today : same;
}

/** The date as the server writes it. */
function inWords(date: string): string {
  const [year, month, day] = date.split("-").map(Number);
  if (!document.documentElement.lang.startsWith("en")) return `${year}年${month}月${day}日`;
  const name = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" }).format(Date.UTC(year, month - 1, day)).slice(0, 3);
  return `${day} ${name} ${year}`;
}
