import { pause } from "./draft_store";
import { lost, plain, readUnsaved, sameTyped, wanted, type Typed, type Unsaved } from "./score_cell";

/** Saves a sheet row by row while it is filled in. What the server does not have
 * yet stays in its field and in the browser, and is sent again. */
export function keepSheet(root: Document): void {
  const form = root.querySelector<HTMLFormElement>("form[data-sheet]");
  if (form) new Sheet(root, form);
}

interface Answer {
  version: number;
  sheet_version: number;
  points: string;
  missing: boolean;
  left: number;
  message: string;
  live: Record<string, string>;
}

interface Refusal {
  message: string;
  fields?: Record<string, string>;
}

class Sheet {
  private readonly rows: Row[];
  private readonly queue: Row[] = [];
  private readonly place: string;
  private readonly state: HTMLElement | null;
  private sending = false;
  private tries = 0;
  private timer = 0;
  private leaving = false;

  constructor(
    private readonly root: Document,
    readonly form: HTMLFormElement,
  ) {
    this.place = "sheet " + new URL(form.action).pathname;
    this.state = root.querySelector("[data-state-all]");
    this.rows = [...root.querySelectorAll<HTMLTableRowElement>("tr[data-mark]")].map((element) => new Row(element, this));
    this.restore();
    root.querySelector("[data-next-empty]")?.addEventListener("click", () => this.nextEmpty());
    for (const step of root.querySelectorAll<HTMLFormElement>("#steps form")) step.addEventListener("submit", (event) => this.before(event, step));
    form.addEventListener("submit", () => (this.leaving = true));
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.unsaved().length > 0) event.preventDefault();
    });
    window.addEventListener("online", () => this.retry());
    root.addEventListener("visibilitychange", () => {
      if (root.visibilityState === "visible") this.retry();
    });
  }

  get office(): boolean {
    return this.form.dataset.sheet === "marks";
  }

  /** Puts a row into the queue; it is sent when those before it are answered. */
  save(row: Row): void {
    this.keep();
    if (!this.queue.includes(row)) this.queue.push(row);
    void this.send();
  }

  private async send(): Promise<void> {
    if (this.sending || this.timer) return;
    const row = this.queue[0];
    if (!row) return;
    this.sending = true;
    const typed = row.typed();
    row.say(this.form.dataset.saving, "is-busy");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: row.body(typed), headers: { Accept: "application/json" } });
      const json = answer.headers.get("Content-Type")?.includes("json") ?? false;
      if (answer.status === 401) this.later(row, this.form.dataset.signedOut);
      else if (!json && answer.status >= 400 && answer.status < 500) this.refused(row, { message: this.form.dataset.refused ?? "" });
      else if (answer.status >= 500 || !json) this.later(row, this.form.dataset.waiting);
      else if (answer.ok) this.saved(row, typed, (await answer.json()) as Answer);
      else this.refused(row, (await answer.json()) as Refusal);
    } catch {
      this.later(row, this.form.dataset.waiting);
    } finally {
      this.sending = false;
    }
    this.keep();
    void this.send();
  }

  private saved(row: Row, typed: Typed, answer: Answer): void {
    this.tries = 0;
    this.queue.shift();
    row.saved(typed, answer.version, answer.points, answer.missing, answer.message);
    for (const [name, text] of Object.entries(answer.live)) {
      for (const cell of this.root.querySelectorAll(`[data-live="${CSS.escape(name)}"]`)) cell.textContent = text;
    }
    this.root.querySelector("[data-left-box]")?.classList.toggle("is-missing", answer.left > 0);
    for (const field of this.root.querySelectorAll<HTMLInputElement>("[data-sheet-version]")) field.value = String(answer.sheet_version);
  }

  private refused(row: Row, refusal: Refusal): void {
    this.tries = 0;
    this.queue.shift();
    row.refused(refusal.message, refusal.fields ?? {});
  }

  private later(row: Row, why: string | undefined): void {
    this.tries++;
    row.say(why, "is-bad");
    this.timer = window.setTimeout(() => this.retry(), pause(this.tries));
  }

  private retry(): void {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = 0;
    void this.send();
  }

  /** A step of the sheet waits until everything is saved. */
  private before(event: SubmitEvent, step: HTMLFormElement): void {
    const open = this.unsaved();
    this.leaving = open.length === 0;
    if (this.leaving) return;
    event.preventDefault();
    for (const row of open) if (!row.isRefused) this.save(row);
    const wait = () => {
      if (this.unsaved().length === 0) {
        this.leaving = true;
        step.submit();
      } else if (this.sending || this.queue.length > 0) window.setTimeout(wait, 100);
      else open.find((row) => row.isUnsaved)?.focus();
    };
    wait();
  }

  private unsaved(): Row[] {
    return this.rows.filter((row) => row.isUnsaved);
  }

  private show(): void {
    if (!this.state) return;
    const open = this.unsaved().length;
    this.state.textContent = open > 0 ? (this.form.dataset.unsaved ?? "").replace("%1", String(open)) : (this.form.dataset.allSaved ?? "");
    this.state.classList.toggle("is-bad", open > 0);
  }

  /** Moves from a row to the next one in a direction. */
  move(row: Row, step: number): void {
    for (let at = this.rows.indexOf(row) + step; at >= 0 && at < this.rows.length; at += step) {
      if (this.rows[at].focus()) return;
    }
  }

  private nextEmpty(): void {
    const from = this.rows.findIndex((row) => row.element.contains(this.root.activeElement)) + 1;
    const inOrder = [...this.rows.slice(from), ...this.rows.slice(0, from)];
    inOrder.find((row) => row.isEmpty)?.focus();
  }

  /** Asks for the reason that is wanted. */
  ask(why: "veto" | "na" | "lost"): string {
    const { wantVeto, wantNa, wantLost } = this.form.dataset;
    return { veto: wantVeto, na: wantNa, lost: wantLost }[why] ?? "";
  }

  /** Keeps what the server does not have in the browser, and tells how much that is. */
  keep(): void {
    this.show();
    const marks: Record<string, Unsaved> = {};
    for (const row of this.unsaved()) marks[row.id] = { version: row.version, typed: row.typed() };
    try {
      if (Object.keys(marks).length === 0) localStorage.removeItem(this.place);
      else localStorage.setItem(this.place, JSON.stringify({ owner: this.form.dataset.owner ?? "", marks }));
    } catch {
      // A browser may keep nothing: what is typed stays in its field.
    }
  }

  private restore(): void {
    let text: string | null = null;
    try {
      text = localStorage.getItem(this.place);
    } catch {
      return;
    }
    const kept = readUnsaved(text, this.form.dataset.owner ?? "");
    for (const row of this.rows) {
      const mark = kept[row.id];
      if (!mark || sameTyped(mark.typed, row.typed())) continue;
      if (mark.version === row.version) {
        row.fill(mark.typed);
        this.save(row);
      } else {
        row.say((this.form.dataset.kept ?? "").replace("%1", [mark.typed.points, mark.typed.text].filter(Boolean).join(" ")), "is-bad");
      }
    }
  }
}

/** One indicator with its fields. */
class Row {
  readonly id: string;
  isRefused = false;
  private last: Typed;
  private readonly said: HTMLElement | null;
  private readonly versionField: HTMLInputElement;

  constructor(
    readonly element: HTMLTableRowElement,
    private readonly sheet: Sheet,
  ) {
    this.id = element.dataset.mark!;
    this.said = element.querySelector("[data-said]");
    this.versionField = element.querySelector("[data-version]")!;
    this.last = this.read(true);
    this.lock();
    element.addEventListener("change", (event) => this.changed(event.target as HTMLElement));
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("focusout", (event) => {
      const inside = event.relatedTarget instanceof Node && element.contains(event.relatedTarget);
      if (!inside && this.isUnsaved && !this.isRefused) this.sheet.save(this);
    });
    element.addEventListener("input", () => (this.isRefused = false));
  }

  get version(): number {
    return Number(this.versionField.value);
  }

  get isUnsaved(): boolean {
    return !sameTyped(this.typed(), this.last);
  }

  get isEmpty(): boolean {
    return this.element.classList.contains("is-empty");
  }

  private field<T extends HTMLElement>(name: string): T | null {
    return this.element.querySelector<T>(`[data-${name}]`);
  }

  typed(): Typed {
    return this.read(false);
  }

  /** Reads the fields, or what the page came with. */
  private read(first: boolean): Typed {
    const text = (name: string) => {
      const field = this.field<HTMLInputElement | HTMLTextAreaElement>(name);
      return field ? (first ? field.defaultValue : field.value) : "";
    };
    const tick = (name: string) => {
      const field = this.field<HTMLInputElement>(name);
      return field ? (first ? field.defaultChecked : field.checked) : false;
    };
    return { points: plain(text("points-input")), na: tick("na"), raised: tick("raised"), text: text("text").trim(), url: text("url").trim(), finding: this.finding(first) };
  }

  /** The finding that is chosen, or that the page came with. */
  private finding(first: boolean): string {
    const field = this.field<HTMLSelectElement>("finding");
    if (!field) return "";
    return (first ? [...field.options].find((option) => option.defaultSelected)?.value : field.value) ?? "0";
  }

  fill(typed: Typed): void {
    const finding = this.field<HTMLSelectElement>("finding");
    if (finding) finding.value = typed.finding || "0";
    for (const [name, value] of [["points-input", typed.points], ["text", typed.text], ["url", typed.url]] as const) {
      const field = this.field<HTMLInputElement | HTMLTextAreaElement>(name);
      if (field) field.value = value;
    }
    for (const [name, value] of [["na", typed.na], ["raised", typed.raised]] as const) {
      const field = this.field<HTMLInputElement>(name);
      if (field) field.checked = value;
    }
    this.lock();
  }

  body(typed: Typed): URLSearchParams {
    const body = new URLSearchParams({ indicator: this.id, version: this.versionField.value, points: typed.points, text: typed.text, url: typed.url });
    if (typed.na) body.set("na", "1");
    if (typed.raised) body.set("raised", "1");
    if (typed.finding) body.set("finding", typed.finding);
    return body;
  }

  /** What does not apply has no points. */
  private lock(): void {
    const na = this.field<HTMLInputElement>("na");
    const input = this.field<HTMLInputElement>("points-input");
    if (!na || !input) return;
    if (na.checked) input.value = "";
    input.readOnly = na.checked;
  }

  private get indicator(): { method: string; points: string } {
    return { method: this.element.dataset.method ?? "", points: this.element.dataset.points ?? "" };
  }

  private changed(field: HTMLElement): void {
    this.lock();
    this.sheet.keep();
    if (!this.isUnsaved) return this.clear();
    const typed = this.typed();
    const why = this.sheet.office && !field.matches("[data-text]") ? wanted(this.indicator, typed) : "";
    // The reason comes next: it is sent with it, or when the row is left.
    if (why) return this.say(this.sheet.ask(why).replace("%1", lost(this.indicator, typed)), "is-busy");
    this.sheet.save(this);
  }

  private key(event: KeyboardEvent): void {
    const field = event.target as HTMLElement;
    const inText = field.matches("textarea");
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      this.fill(this.last);
      this.clear();
      this.sheet.keep();
    } else if (event.key === "Tab" && !event.shiftKey && field.matches("[data-points-input]") && this.sheet.office && lost(this.indicator, this.typed()) !== "") {
      this.field("text")?.focus();
    } else if (!inText && field.matches("input:not([type=url]):not([type=file])") && ["Enter", "ArrowDown", "ArrowUp"].includes(event.key)) {
      this.sheet.move(this, event.key === "ArrowUp" ? -1 : 1);
    } else if (inText && event.key === "Enter" && !event.shiftKey) {
      this.sheet.move(this, 1);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Goes to the field of the score; false when there is none. */
  focus(): boolean {
    const field = this.field<HTMLInputElement>("points-input") ?? this.field<HTMLInputElement>("raised");
    if (!field) return false;
    field.focus();
    if (field.type === "text") field.select();
    return true;
  }

  saved(typed: Typed, version: number, shown: string, missing: boolean, message: string): void {
    this.versionField.value = String(version);
    const input = this.field<HTMLInputElement>("points-input");
    if (input && sameTyped(this.typed(), typed)) {
      if (this.element.ownerDocument.activeElement !== input || input.value === typed.points) input.value = shown;
      this.last = { ...typed, points: plain(input.value) };
    } else {
      this.last = typed;
    }
    this.element.classList.toggle("is-empty", missing);
    this.clear();
    this.say(message, "");
  }

  refused(message: string, fields: Record<string, string>): void {
    this.isRefused = true;
    this.clear();
    this.element.classList.add("has-error");
    const atText = fields.reason ?? fields.note ?? "";
    const show = (name: string, text: string) => {
      const place = this.element.querySelector<HTMLElement>(`[data-error="${name}"]`);
      if (place) place.textContent = text;
      if (text) this.field(name)?.setAttribute("aria-invalid", "true");
    };
    show("text", atText);
    show("url", fields.url ?? "");
    const own = fields.points ?? fields.indicator ?? (atText || fields.url ? (this.sheet.form.dataset.refused ?? "") : message);
    if (fields.points) this.field("points-input")?.setAttribute("aria-invalid", "true");
    this.say(own, "is-bad");
  }

  private clear(): void {
    this.element.classList.remove("has-error");
    for (const place of this.element.querySelectorAll("[data-error]")) place.textContent = "";
    for (const field of this.element.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    this.say("", "");
  }

  say(text: string | undefined, state: string): void {
    if (!this.said) return;
    this.said.textContent = text ?? "";
    this.said.className = "score-said " + state;
  }
}
