/** Brings the current place of a navigation that scrolls sideways into view. */
export function showPlace(page: Document): void {
  page.querySelector(".top-nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
}
