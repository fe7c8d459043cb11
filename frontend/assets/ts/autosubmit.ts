/** Sends a filter form as soon as a choice is made. A date is sent when it is
 * complete and the field is left, so that typing is not cut short. */
export function submitOnChange(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-autosubmit]")) {
    form.addEventListener("change", (event) => {
      const field = event.target as HTMLInputElement;
      if (field.type !== "date") form.requestSubmit();
    });
    for (const date of form.querySelectorAll<HTMLInputElement>("input[type=date]:not([data-as-of] *)")) {
      const shown = date.value;
      date.addEventListener("blur", () => {
        if (date.value !== shown && date.checkValidity()) form.requestSubmit();
      });
    }
  }
}
