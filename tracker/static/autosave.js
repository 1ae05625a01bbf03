// Saves what is typed in a form a second after the last key, and as the page is left. Without it the form works as before:
// what is sent too late is kept then.

const DELAY = 1000;

class Saver {
  constructor(form) {
    this.form = form;
    this.number = new URLSearchParams(location.search).get("skrivet");
    this.timer = null;
    this.dirty = false;
    this.sent = false;
    this.saving = Promise.resolve();
    this.told = document.createElement("p");
    this.told.className = "quiet";
    this.told.setAttribute("role", "status");
    form.append(this.told);
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => this.changed());
    form.addEventListener("submit", () => {
      this.sent = true;
      clearTimeout(this.timer);
    });
    addEventListener("pagehide", () => {
      if (this.dirty && !this.sent) this.save();
    });
    // A page that comes back from the browser's memory can be written in again.
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.sent = false;
    });
  }

  changed() {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.saving = this.saving.then(() => this.save());
    }, DELAY);
  }

  fields() {
    const found = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      const control = this.form.elements[name];
      if (typeof value === "string" && name !== "autosaved" && control?.type !== "password") found.append(name, value);
    }
    found.set("page_path", location.pathname);
    found.set("page_query", location.search);
    if (this.number) found.set("autosaved", this.number);
    return found;
  }

  async save() {
    if (this.sent) return;
    this.dirty = false;
    let kept = null;
    try {
      // It must arrive although the page is left meanwhile.
      const answer = await fetch(this.form.dataset.autosave, { method: "POST", body: this.fields(), keepalive: true });
      kept = answer.ok ? (await answer.json()).kept : null;
    } catch {
      // Told below: the server cannot be reached just now.
    }
    if (kept) {
      this.number = String(kept);
      this.mark();
      this.tell("✓ Det du skriver sparas i ett dygn, men är inte inskickat än.");
    } else {
      this.dirty = true;
      this.tell("■ Det du skriver kan inte sparas just nu. Stäng inte sidan innan du har skickat.");
    }
  }

  // What is sent in is no longer to be offered.
  mark() {
    this.form.elements.autosaved?.remove();
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "autosaved";
    field.value = this.number;
    this.form.append(field);
  }

  tell(text) {
    if (this.told.textContent !== text) this.told.textContent = text;
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Saver(form);
