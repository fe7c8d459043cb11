/** Inserts fields into the words of a bulletin where somebody was last at work, and shows
 * below each paragraph how it will be read. */
export function editBulletins(root: ParentNode): void {
  for (const work of root.querySelectorAll<HTMLElement>("[data-bulletin]")) {
    edit(work);
  }
}

type Words = HTMLTextAreaElement | HTMLInputElement;

function edit(work: HTMLElement): void {
  const values = new Map<string, string>();
  let last: Words | null = null;
  for (const button of work.querySelectorAll<HTMLButtonElement>("button[data-field]")) {
    values.set(button.dataset.field ?? "", button.dataset.value ?? "");
    button.addEventListener("click", () => {
      if (last) insert(last, button.dataset.field ?? "");
    });
  }
  for (const words of work.querySelectorAll<Words>("textarea[name=text], input[name=heading]")) {
    const work = () => (last = words);
    words.addEventListener("input", work);
    words.addEventListener("pointerdown", work);
    // The Tab key passes by the words below on its way to the fields.
    words.addEventListener("keydown", (event) => {
      if (!["Tab", "Shift"].includes((event as KeyboardEvent).key)) work();
    });
    words.addEventListener("focus", () => (last ??= words));
    if (words instanceof HTMLTextAreaElement) showFilled(words, values);
  }
}

function insert(words: Words, token: string): void {
  const from = words.selectionStart ?? words.value.length;
  words.setRangeText(token, from, words.selectionEnd ?? from, "end");
  words.dispatchEvent(new Event("input", { bubbles: true }));
  words.focus();
}

function showFilled(words: HTMLTextAreaElement, values: Map<string, string>): void {
  const shown = document.createElement("output");
  shown.className = "bulletin-shown";
  words.after(shown);
  const update = () => (shown.textContent = fill(words.value, values));
  words.addEventListener("input", update);
  update();
}

/** Puts the values in place of the fields; a field that is not known stays as it is. */
export function fill(text: string, values: Map<string, string>): string {
  return text.replace(/[{｛][^}｝]*[}｝]/g, (token) => values.get(plain(token)) ?? token);
}

function plain(token: string): string {
  return token.replace("｛", "{").replace("｝", "}").replace(":", "：").replace(/[\s\u3000]/g, "");
}
