import { atLeast, parse, percentage, show, subtract, sum, type Decimal } from "./weight";

/** Keeps the sum and the share of openness under a performance scheme while it
 * is typed. The server decides; this only saves a round trip. */
export function watchSchemes(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-scheme]")) {
    form.addEventListener("input", () => update(form));
    form.addEventListener("change", () => update(form));
    form.querySelector("[data-scheme-add]")?.addEventListener("click", () => addRow(form));
    trimBlankRows(form);
    update(form);
  }
}

const fields = "input, select, textarea";
const rowsOf = (form: HTMLFormElement) => [...form.querySelectorAll<HTMLTableRowElement>(".scheme-table tbody tr")];

/** Scripts can add rows, so the blank ones beyond the first three may go. */
function trimBlankRows(form: HTMLFormElement): void {
  const blank = rowsOf(form).filter((row) => [...row.querySelectorAll(fields)].every((field) => !(field as HTMLInputElement).value));
  for (const row of blank.slice(2)) row.remove();
}

function addRow(form: HTMLFormElement): void {
  const rows = rowsOf(form);
  const row = rows[rows.length - 1].cloneNode(true) as HTMLTableRowElement;
  const number = String(rows.length + 1);
  row.classList.remove("has-error");
  for (const field of row.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>(fields)) {
    field.value = "";
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    field.setAttribute("aria-label", (field.getAttribute("aria-label") ?? "").replace(/\d+/, number));
    if (field.id) field.id = field.id.replace(/\d+/, number);
  }
  for (const error of row.querySelectorAll(".field-error")) error.remove();
  rows[rows.length - 1].after(row);
  row.querySelector("input")?.focus();
}

interface Item {
  points: Decimal;
  openness: string;
}

function itemsOf(form: HTMLFormElement): Item[] {
  const items: Item[] = [];
  for (const row of rowsOf(form)) {
    const points = parse(row.querySelector<HTMLInputElement>("[name=item_points]")!.value);
    const openness = row.querySelector<HTMLSelectElement>("[name=item_openness]")!.value;
    if (points) items.push({ points, openness });
  }
  return items;
}

function update(form: HTMLFormElement): void {
  const output = form.querySelector<HTMLOutputElement>("[data-scheme-sum]")!;
  const items = itemsOf(form);
  const total = parse((form.elements.namedItem("total") as HTMLInputElement).value);
  if (items.length === 0) {
    output.textContent = "";
    return;
  }
  const words = output.dataset as Record<string, string>;
  const all = sum(items.map((item) => item.points));
  let text = say(words.sum, show(all));
  let good = true;
  if (total && total.units > 0n) {
    const rest = subtract(total, all);
    good = rest.units === 0n;
    text += good ? words.exact : rest.units > 0n ? say(words.short, show(rest)) : say(words.over, show(subtract(all, total)));
    const counted = sum(items.filter((item) => item.openness === "core" || (words.related && item.openness === "related")).map((item) => item.points));
    text += "\n" + say(words.weight, percentage(counted, total));
    const limit = parse(form.dataset.atLeast ?? "");
    if (limit) {
      const enough = atLeast(counted, total, limit);
      good = good && enough;
      text += say(enough ? words.enough : words.notEnough, show(limit));
    }
  }
  output.textContent = text;
  output.classList.toggle("is-good", good && total !== undefined);
  output.classList.toggle("is-bad", !good);
}

function say(words: string, value: string): string {
  return words.replace("%1", value);
}
