/** The field of the header: results appear below it while somebody types, the arrow keys
 * move through them, Enter opens the one that is marked and Escape closes. Without one
 * that is marked Enter sends the form, as it does without scripts. */
export function keepSearch(page: Document): void {
  const form = page.querySelector<HTMLFormElement>("form[data-search]");
  const field = form?.querySelector<HTMLInputElement>("input[type=search]");
  const panel = form?.querySelector<HTMLElement>(".search-panel");
  if (!form || !field || !panel) return;
  combine(field);
  page.addEventListener("keydown", (event) => {
    if (!leadsHere(event)) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  field.addEventListener("keydown", (event) => onKey(event, field, panel));
  field.addEventListener("input", () => {
    if (field.value.trim() === "") close(field, panel);
  });
  field.addEventListener("focus", () => {
    if (panel.childElementCount > 0 && field.value.trim() !== "") open(field, panel);
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget as Node | null)) close(field, panel);
  });
  // A press on the panel leaves the focus in the field, so that it stays open.
  panel.addEventListener("mousedown", (event) => event.preventDefault());
  panel.addEventListener("htmx:afterSwap", () => {
    mark(field, panel, undefined);
    if (page.activeElement === field && field.value.trim() !== "") open(field, panel);
  });
}

/** Says that the field has a list; without scripts it has none. */
function combine(field: HTMLInputElement): void {
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-haspopup", "listbox");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", "search-list");
}

/** Fields in which nothing is typed. */
const pressed = ["checkbox", "radio", "range"];

/** Tells whether a key leads to the field: the slash, unless it is typed somewhere, and
 * Control or Command with K. */
export function leadsHere(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "target">): boolean {
  if (event.altKey) return false;
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === "k";
  const at = event.target as HTMLElement | null;
  const field = at?.closest?.<HTMLInputElement>("input, textarea, select, [contenteditable]");
  return event.key === "/" && (!field || pressed.includes(field.type));
}

function options(panel: HTMLElement): HTMLAnchorElement[] {
  return [...panel.querySelectorAll<HTMLAnchorElement>("[role=option]")];
}

function onKey(event: KeyboardEvent, field: HTMLInputElement, panel: HTMLElement): void {
  // While a word is being composed, its keys are the input method's.
  if (event.isComposing) return;
  const all = panel.hidden ? [] : options(panel);
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "Escape" && !panel.hidden) {
    event.preventDefault();
    event.stopPropagation();
    close(field, panel);
  } else if (event.key === "Enter" && at >= 0) {
    event.preventDefault();
    all[at]!.click();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const offered = options(panel);
    if (offered.length === 0 || field.value.trim() === "") return;
    event.preventDefault();
    open(field, panel);
    mark(field, panel, offered[next(at, offered.length, event.key === "ArrowDown")]);
  }
}

/** Returns the place after or before the one that is marked, -1 for none, around the ends. */
export function next(at: number, count: number, down: boolean): number {
  if (down) return (at + 1) % count;
  return at <= 0 ? count - 1 : at - 1;
}

function mark(field: HTMLInputElement, panel: HTMLElement, chosen: HTMLAnchorElement | undefined): void {
  for (const option of options(panel)) option.setAttribute("aria-selected", String(option === chosen));
  if (!chosen) {
    field.removeAttribute("aria-activedescendant");
    return;
  }
  field.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

function open(field: HTMLInputElement, panel: HTMLElement): void {
  panel.hidden = false;
  field.setAttribute("aria-expanded", String(options(panel).length > 0));
}

function close(field: HTMLInputElement, panel: HTMLElement): void {
  panel.hidden = true;
  field.setAttribute("aria-expanded", "false");
  mark(field, panel, undefined);
}
