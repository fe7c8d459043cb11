/** Offers the title of the page, with the filters that are chosen among its chips, as the
 * name under which it is saved. */
export function suggestNames(page: Document): void {
  page.addEventListener("htmx:load", (event) => {
    const field = (event.target as Element).parentElement?.querySelector<HTMLInputElement>("input[data-suggest]");
    if (!field || field.value !== "") return;
    const chosen = [...page.querySelectorAll<HTMLElement>("main .chip[aria-current]:not(:first-child)")];
    field.value = nameOf(page.title, chosen.map((chip) => chip.innerText.trim())).slice(0, field.maxLength);
  });
}

/** Returns a title without the name of the product, its last part, and with the filters. */
export function nameOf(title: string, filters: string[]): string {
  const parts = title.split(" · ");
  return [...parts.slice(0, Math.max(1, parts.length - 1)), ...filters].join(" · ");
}
