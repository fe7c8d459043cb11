/** Counts what is chosen of a list whose boxes belong to a form elsewhere on the
 * page, and chooses all of it at once. Without scripts the boxes and the form do
 * the same, uncounted. */
export function watchBulk(root: Document): void {
  const form = root.querySelector<HTMLFormElement>("form[data-bulk]");
  if (!form) return;
  const button = form.querySelector<HTMLButtonElement>("button");
  const all = form.querySelector<HTMLInputElement>("[data-bulk-all]");
  const boxes = () => [...root.querySelectorAll<HTMLInputElement>(`input[type=checkbox][form="${form.id}"]`)];
  const count = () => {
    const list = boxes();
    const chosen = list.filter((box) => box.checked).length;
    if (button) {
      button.textContent = (form.dataset.bulk ?? "").replace("%1", String(chosen));
      button.disabled = chosen === 0;
    }
    if (all) {
      all.checked = chosen > 0 && chosen === list.length;
      all.indeterminate = chosen > 0 && chosen < list.length;
      all.disabled = list.length === 0;
    }
  };
  all?.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    count();
  });
  root.addEventListener("change", (event) => {
    if (event.target !== all) count();
  });
  // A line that was decided on leaves the list.
  root.addEventListener("htmx:afterSwap", count);
  count();
}
