/** Offers the title of the page as the name under which it is saved. */
export function suggestNames(page: Document): void {
  page.addEventListener("htmx:load", (event) => {
    const field = (event.target as Element).querySelector<HTMLInputElement>("input[data-suggest]");
    if (field && field.value === "") field.value = nameOf(page.title).slice(0, field.maxLength);
  });
}

/** Returns a title without the name of the product, its last part. */
export function nameOf(title: string): string {
  const parts = title.split(" · ");
  return parts.slice(0, Math.max(1, parts.length - 1)).join(" · ");
}
