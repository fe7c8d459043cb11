/** The attendance list by keyboard: space turns present and absent, the arrow keys
 * move between lines, and enter goes to the next score instead of sending the
 * list. Without scripts the list is an ordinary form. */
export function keepAttendance(root: Document): void {
  const form = root.querySelector<HTMLFormElement>("form[data-attendance]");
  const table = root.querySelector<HTMLTableElement>("table.attendance");
  if (!form || !table) return;
  const rows = [...table.querySelectorAll<HTMLTableRowElement>("tbody tr[id]")];
  const radios = (row: HTMLTableRowElement) => [...row.querySelectorAll<HTMLInputElement>("input[type=radio]")];
  const ticked = (row: HTMLTableRowElement) => radios(row).find((radio) => radio.checked)?.value ?? "";
  const first = new Map(rows.map((row) => [row, typed(row)]));
  let sent = false;

  const show = () => {
    for (const cell of root.querySelectorAll<HTMLElement>("[data-count]")) {
      const counted = rows.filter((row) => ticked(row) === cell.dataset.count && (cell.dataset.count || row.dataset.seat !== undefined));
      cell.textContent = String(counted.length);
    }
    const unsaved = rows.filter((row) => typed(row) !== first.get(row)).length;
    const state = form.querySelector<HTMLElement>(".list-state");
    if (state) state.textContent = unsaved ? (form.dataset.attendance ?? "").replace("%1", String(unsaved)) : "";
    return unsaved;
  };
  const tick = (row: HTMLTableRowElement, value: string) => {
    const radio = radios(row).find((one) => one.value === value);
    if (!radio) return;
    radio.checked = true;
    row.dataset.tick = value;
  };

  form.querySelector("[data-all-present]")?.addEventListener("click", () => {
    for (const row of rows) if (!ticked(row) && row.dataset.seat !== undefined) tick(row, "1");
    show();
  });
  table.addEventListener("change", (event) => {
    const row = (event.target as HTMLElement).closest<HTMLTableRowElement>("tr[id]");
    if (row) row.dataset.tick = ticked(row);
    show();
  });
  table.addEventListener("input", show);
  table.addEventListener("keydown", (event) => {
    const field = event.target as HTMLInputElement;
    const row = field.closest<HTMLTableRowElement>("tr[id]");
    if (!row || field.form !== form) return;
    if (field.type === "radio" && event.key === " ") {
      tick(row, ticked(row) === "1" ? "0" : "1");
      radios(row).find((radio) => radio.checked)?.focus();
      show();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp" || (event.key === "Enter" && field.type === "text")) {
      if (field instanceof HTMLSelectElement) return;
      move(rows, row, field, event.key === "ArrowUp" ? -1 : 1);
    } else {
      return;
    }
    event.preventDefault();
  });
  form.addEventListener("submit", () => (sent = true));
  window.addEventListener("beforeunload", (event) => {
    if (!sent && show() > 0) event.preventDefault();
  });
  show();
}

/** What stands in the fields of a row. */
function typed(row: HTMLTableRowElement): string {
  const fields = [...row.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input:not([type=hidden])[form], select[form]")];
  return fields.map((field) => (field instanceof HTMLInputElement && field.type === "radio" ? String(field.checked) : field.value)).join("|");
}

/** Moves to the same column of a row nearby. */
function move(rows: HTMLTableRowElement[], row: HTMLTableRowElement, field: HTMLInputElement, step: number): void {
  const next = rows[rows.indexOf(row) + step];
  if (!next) return;
  const same = [...next.querySelectorAll<HTMLInputElement>(`input[type=${field.type}]`)];
  const target = same.find((one) => one.checked) ?? same[0];
  target?.focus();
  if (target?.type === "text") target.select();
}

/** Prints the page when a button is pressed. */
export function printOnPress(root: ParentNode): void {
  for (const button of root.querySelectorAll("button[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
}
