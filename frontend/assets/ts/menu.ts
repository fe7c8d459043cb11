/** Closes an open menu on Escape, on a click elsewhere, and when the focus leaves it. */
export function closeMenus(page: Document): void {
  const open = () => page.querySelectorAll<HTMLDetailsElement>("details.menu[open]");
  const leave = (event: Event) => {
    for (const menu of open()) if (!menu.contains(event.target as Node)) menu.open = false;
  };
  page.addEventListener("click", leave);
  page.addEventListener("focusin", leave);
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
