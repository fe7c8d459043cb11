/** Counts what is chosen of a list whose boxes belong to a form elsewhere on the
 * page, and chooses all of it at once. Without scripts the boxes and the form do
 * the same, uncounted. The form may be swapped for another one at any time. */
export function watchBulk(root: Document): void {
  const bulk = () => root.querySelector<HTMLFormElement>("form[data-bulk]");
  const boxes = (form: HTMLFormElement) => [...root.querySelectorAll<HTMLInputElement>(`input[type=checkbox][form="${form.id}"]`)];
  const count = () => {
    const form = bulk();
    if (!form) return;
    const list = boxes(form);
    const chosen = list.filter((box) => box.checked).length;
    const button = form.querySelector<HTMLButtonElement>("button");
    if (button) {
      button.textContent = (form.dataset.bulk ?? "").replace("%1", String(chosen));
      button.disabled = chosen === 0;
    }
    const all = form.querySelector<HTMLInputElement>("[data-bulk-all]");
    if (all) {
      all.checked = chosen > 0 && chosen === list.length;
      all.indeterminate = chosen > 0 && chosen < list.length;
      all.disabled = list.length === 0;
    }
  };
  root.addEventListener("change", (event) => {
    const form = bulk();
    const target = event.target as HTMLInputElement;
    if (form && target.matches("[data-bulk-all]")) for (const box of boxes(form)) box.checked = target.checked;
    count();
  });
  // A line that was decided on leaves the list.
  root.addEventListener("htmx:afterSwap", count);
  count();
}
