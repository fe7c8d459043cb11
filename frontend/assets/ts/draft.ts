import { pause, readKept, same, typed } from "./draft_store";

/** Time without typing after which a draft is saved. */
const quiet = 1_200;

/** Saves the forms of reports while they are typed. What the server does not
 * have yet is kept in the browser. */
export function keepDrafts(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-draft]")) new Draft(form);
}

class Draft {
  private readonly url: string;
  private readonly owner: string;
  private readonly status: HTMLElement;
  private readonly version: HTMLInputElement;
  private saved: [string, string][];
  private timer = 0;
  private tries = 0;
  private saving = false;
  /** Set when another window has saved, or the report is on its way. */
  private ended = false;

  constructor(private readonly form: HTMLFormElement) {
    this.url = form.dataset.draft!;
    this.owner = form.dataset.draftOwner ?? "";
    this.status = form.querySelector("[data-draft-status]")!;
    this.version = form.querySelector("[name=draft_version]")!;
    this.saved = this.fields();
    if (form.dataset.draftFresh !== undefined) this.restore();
    form.addEventListener("input", () => this.later(quiet));
    form.addEventListener("change", () => this.later(quiet));
    form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("pageshow", (event) => (this.ended &&= !event.persisted));
    document.querySelector("[data-draft-discard]")?.addEventListener("click", () => this.forget());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.timer) void this.save(true);
    });
  }

  private fields(): [string, string][] {
    return typed([...new FormData(this.form)].filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  }

  private later(wait: number): void {
    if (this.ended || same(this.fields(), this.saved)) return;
    this.keep();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), wait);
  }

  private async save(leaving = false): Promise<void> {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.ended) return;
    if (this.saving) return this.later(quiet);
    const fields = this.fields();
    const body = new URLSearchParams(fields);
    body.set("draft_version", this.version.value);
    this.saving = true;
    this.say(this.status.dataset.saving);
    try {
      const answer = await fetch(this.url, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: leaving });
      await this.answered(answer, fields);
    } catch {
      this.again();
    } finally {
      this.saving = false;
    }
    if (!this.timer) this.later(quiet);
  }

  private async answered(answer: Response, fields: [string, string][]): Promise<void> {
    if (answer.status === 401) return this.again(this.status.dataset.signedOut);
    const json = answer.headers.get("Content-Type")?.includes("json");
    if (answer.status >= 500 || !json) return this.again();
    const said = (await answer.json()) as { version?: number; message: string };
    if (!answer.ok) {
      this.ended = true;
      return this.say(said.message, true);
    }
    this.tries = 0;
    this.version.value = String(said.version);
    document.querySelector<HTMLElement>("[data-draft-discard]")?.removeAttribute("hidden");
    this.saved = fields;
    if (same(this.fields(), fields)) this.forget();
    this.say(said.message);
  }

  private again(why = this.status.dataset.retry): void {
    if (this.ended) return;
    this.tries++;
    this.say(why, true);
    this.timer = window.setTimeout(() => void this.save(), pause(this.tries));
  }

  private submit(event: SubmitEvent): void {
    this.ended = true;
    clearTimeout(this.timer);
    const button = event.submitter as HTMLButtonElement | null;
    if (!button?.hasAttribute("formaction")) this.forget();
  }

  private keep(): void {
    try {
      localStorage.setItem(this.url, JSON.stringify({ owner: this.owner, version: Number(this.version.value), fields: this.fields() }));
    } catch {
      // A browser may keep nothing, or no more: the server will.
    }
  }

  private forget(): void {
    try {
      localStorage.removeItem(this.url);
    } catch {
      // Nothing was kept then.
    }
  }

  private restore(): void {
    let text: string | null = null;
    try {
      text = localStorage.getItem(this.url);
    } catch {
      return;
    }
    const kept = readKept(text, this.owner, Number(this.version.value));
    if (!kept) return this.forget();
    if (same(kept.fields, this.saved)) return;
    this.fill(kept.fields);
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
    this.say(this.status.dataset.restored);
    this.later(quiet);
  }

  /** Puts values back, field by field of a name; rows that are not there are added. */
  private fill(fields: [string, string][]): void {
    const named = (name: string) => [...this.form.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>(`[name="${CSS.escape(name)}"]`)];
    for (const box of this.form.querySelectorAll<HTMLInputElement>("input[type=checkbox]:not([name=evidence]):not([name=also])")) box.checked = false;
    const seen = new Map<string, number>();
    for (const [name, value] of fields) {
      const at = seen.get(name) ?? 0;
      seen.set(name, at + 1);
      while (name.startsWith("item_") && named(name).length <= at && this.form.querySelector("[data-scheme-add]")) {
        this.form.querySelector<HTMLButtonElement>("[data-scheme-add]")!.click();
      }
      const field = named(name)[at];
      if (field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox")) {
        for (const choice of named(name) as HTMLInputElement[]) if (choice.value === value) choice.checked = true;
      } else if (field) {
        field.value = value;
      }
    }
  }

  private say(text: string | undefined, bad = false): void {
    this.status.textContent = text ?? "";
    this.status.classList.toggle("is-bad", bad);
  }
}
