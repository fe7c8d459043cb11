/** Copies the field that a button names. Plain HTTP has no clipboard of its own,
 * so there the field is selected and the old command is used. */
export function copyOnPress(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.addEventListener("click", () => void copyField(button));
  }
}

async function copyField(button: HTMLButtonElement): Promise<void> {
  const field = document.getElementById(button.dataset.copy ?? "") as HTMLInputElement | null;
  if (!field) return;
  field.select();
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
    else if (!document.execCommand("copy")) return;
  } catch {
    return; // The field stays selected, to be copied by hand.
  }
  button.textContent = button.dataset.copied ?? button.textContent;
}
