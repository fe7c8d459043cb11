/** Brings the summary of what is wrong into view and under the reader's cursor. */
export function showProblems(root: ParentNode): void {
  root.querySelector<HTMLElement>(".error-summary[tabindex]")?.focus();
}
