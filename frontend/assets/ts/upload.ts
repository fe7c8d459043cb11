/** Uploads files of a report one after the other, each with its progress. */
export function watchUploads(root: ParentNode): void {
  for (const block of root.querySelectorAll<HTMLElement>("[data-upload]")) new Uploads(block);
}

class Uploads {
  private readonly list: HTMLElement;
  private readonly input: HTMLInputElement;
  private waiting: { file: File; line: HTMLElement }[] = [];
  private busy = false;

  constructor(private readonly block: HTMLElement) {
    this.list = block.querySelector("[data-files]")!;
    this.input = block.querySelector("input[type=file]")!;
    this.input.addEventListener("change", () => {
      this.add([...(this.input.files ?? [])]);
      this.input.value = "";
    });
    this.list.addEventListener("click", (event) => this.remove(event));
    const place = block.querySelector<HTMLElement>("[data-drop]")!;
    for (const name of ["dragover", "dragleave", "drop"]) place.addEventListener(name, (event) => this.drop(place, event as DragEvent));
  }

  private drop(place: HTMLElement, event: DragEvent): void {
    event.preventDefault();
    place.classList.toggle("is-over", event.type === "dragover");
    if (event.type === "drop") this.add([...(event.dataTransfer?.files ?? [])]);
  }

  private add(files: File[]): void {
    for (const file of files) {
      const line = document.createElement("li");
      line.className = "file is-uploading";
      const name = document.createElement("span");
      name.textContent = file.name;
      line.append(name);
      this.list.append(line);
      if (this.list.children.length > Number(this.block.dataset.most)) this.fail(line, this.block.dataset.tooMany);
      else if (file.size > Number(this.block.dataset.max)) this.fail(line, this.block.dataset.tooLarge);
      else this.waiting.push({ file, line });
    }
    this.next();
  }

  private next(): void {
    const upload = this.busy ? undefined : this.waiting.shift();
    this.lock(this.busy || upload !== undefined);
    if (upload) this.send(upload.file, upload.line);
  }

  /** A report is not sent while one of its files is on its way. */
  private lock(locked: boolean): void {
    const send = this.block.closest("form")?.querySelector<HTMLButtonElement>(".report-send .btn-primary");
    if (send) send.disabled = locked;
  }

  private send(file: File, line: HTMLElement): void {
    this.busy = true;
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", file.name);
    const request = new XMLHttpRequest();
    const cancel = this.button(this.block.dataset.cancel, () => request.abort());
    line.append(bar, cancel);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) {
        bar.max = event.total;
        bar.value = event.loaded;
      }
    });
    request.addEventListener("load", () => this.answered(request, line));
    request.addEventListener("error", () => this.fail(line, this.block.dataset.failed));
    request.addEventListener("abort", () => this.take(line));
    request.addEventListener("loadend", () => {
      this.busy = false;
      this.next();
    });
    request.open("POST", this.block.dataset.upload!);
    request.setRequestHeader("HX-Request", "true");
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  }

  private answered(request: XMLHttpRequest, line: HTMLElement): void {
    if (request.status === 201) {
      line.insertAdjacentHTML("afterend", request.responseText); // a line of the server's own template
      this.take(line);
      return;
    }
    let said = this.block.dataset.failed;
    try {
      said = (JSON.parse(request.responseText) as { message: string }).message;
    } catch {
      // Signed out, or the server is away: what it says is a page.
    }
    this.fail(line, said);
  }

  private fail(line: HTMLElement, text: string | undefined): void {
    line.className = "file is-failed";
    line.querySelectorAll("progress, button").forEach((part) => part.remove());
    const why = document.createElement("span");
    why.className = "field-error";
    why.setAttribute("role", "alert");
    why.textContent = text ?? "";
    line.append(why, this.button(this.block.dataset.dismiss, () => this.take(line)));
  }

  private button(text: string | undefined, press: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = text ?? "";
    button.addEventListener("click", press);
    return button;
  }

  /** Takes a line away: a focus that it had goes to the one after it, or before. */
  private take(line: HTMLElement, focused = line.contains(document.activeElement)): void {
    const near = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    if (focused) (near?.querySelector<HTMLElement>("button") ?? this.input).focus();
  }

  private remove(event: Event): void {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("[data-remove]");
    if (!button) return;
    event.preventDefault();
    const focused = document.activeElement === button;
    button.disabled = true;
    const line = button.closest("li")!;
    fetch(button.dataset.remove!, { method: "POST", headers: { "HX-Request": "true" } })
      .then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        this.take(line, focused);
      })
      .catch(() => (button.disabled = false));
  }
}
