/** Shows of each indicator the fields that its method has. The server leaves out the
 * others, so that without scripts all of them may stand there. */
export function watchSchemeForms(root: ParentNode): void {
  for (const row of root.querySelectorAll<HTMLElement>("form[data-scheme-form] .edit-ind")) {
    const method = row.querySelector<HTMLSelectElement>("[data-method]")!;
    method.addEventListener("change", () => show(row, method.value));
    show(row, method.value);
  }
}

function show(row: HTMLElement, method: string): void {
  for (const field of row.querySelectorAll<HTMLElement>("[data-for]")) {
    field.hidden = !field.dataset.for!.split(" ").includes(method);
  }
}
