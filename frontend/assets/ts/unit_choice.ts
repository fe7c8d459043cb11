/** Helps to choose units of a list: finds some of them by their names, and lets no more
 * be ticked than may be sent. Without scripts the server says so. */
export function chooseUnits(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-choose]")) {
    const boxes = [...form.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
    const limit = () => {
      const full = boxes.filter((box) => box.checked).length >= Number(form.dataset.choose);
      for (const box of boxes) box.disabled = full && !box.checked;
    };
    form.addEventListener("change", limit);
    limit();
    const find = form.querySelector<HTMLElement>(".unit-find");
    const words = find?.querySelector<HTMLInputElement>("input");
    if (!find || !words || boxes.length < 10) continue;
    find.hidden = false;
    words.addEventListener("input", () => {
      for (const box of boxes) box.closest("li")!.hidden = !fits(box.closest("li")!.textContent ?? "", words.value);
    });
    words.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }
}

/** Whether a name has the words that were typed, in whatever case. */
export function fits(name: string, typed: string): boolean {
  return name.toLowerCase().includes(typed.trim().toLowerCase());
}
