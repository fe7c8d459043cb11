/** Brings the current place of each navigation that scrolls sideways into view. */
export function showPlace(page: Document): void {
  for (const place of page.querySelectorAll(".top-nav [aria-current], .tabs [aria-current]")) {
    place.scrollIntoView({ inline: "center", block: "nearest" });
  }
}
