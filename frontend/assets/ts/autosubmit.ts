/** Sends a filter form as soon as a choice is made. A date is sent when it is
 * complete and the field is left, so that typing is not cut short; so is an option
 * that the keys come to in a list that stays closed, or with Enter. */
export function submitOnChange(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-autosubmit]")) {
    form.addEventListener("change", (event) => {
      const field = event.target as HTMLInputElement;
      if (field.type !== "date") form.requestSubmit();
    });
    for (const list of form.querySelectorAll("select")) keepClosed(list);
    for (const date of form.querySelectorAll<HTMLInputElement>("input[type=date]:not([data-as-of] *)")) {
      const shown = date.value;
      date.addEventListener("blur", () => {
        if (date.value !== shown && date.checkValidity()) form.requestSubmit();
      });
    }
  }
}

/** Has a list tell of a choice that keys come to only when it is left or Enter is pressed. */
function keepClosed(list: HTMLSelectElement): void {
  const shown = list.value;
  let passing = false;
  const settle = () => {
    if (!passing || list.value === shown) return;
    passing = false;
    list.dispatchEvent(new Event("change", { bubbles: true }));
  };
  list.addEventListener("pointerdown", () => (passing = false));
  list.addEventListener("keydown", (event) => {
    passing = !opens(event);
    if (event.key !== "Enter" || list.value === shown) return;
    event.preventDefault();
    settle();
  });
  list.addEventListener("change", (event) => passing && event.stopImmediatePropagation());
  list.addEventListener("blur", settle);
}

/** Tells whether a key opens a list: what is chosen in that is meant. */
function opens(event: Pick<KeyboardEvent, "key" | "altKey">): boolean {
  return event.altKey || event.key === " " || event.key === "F4";
}
