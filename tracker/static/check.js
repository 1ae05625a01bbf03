// Enter and the arrows go down a column of the table, and a row is saved when it is left. Without it the button saves all.

const form = document.querySelector("form[data-row-address]");
const controls = "select, input:not([type=hidden]), textarea";
const dirty = new Set();
let saving = Promise.resolve();

function neighbour(control, step) {
  const row = control.closest("tr");
  const cell = control.closest("td");
  const place = [...cell.querySelectorAll(controls)].indexOf(control);
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  return next?.cells[cell.cellIndex]?.querySelectorAll(controls)[place];
}

function tell(row, text, wrong) {
  const told = row.querySelector(".told");
  told.textContent = text;
  told.classList.toggle("told-wrong", wrong);
}

async function save(row) {
  const fields = new FormData();
  fields.set("csrf_token", form.elements.csrf_token.value);
  for (const [name, value] of new FormData(form)) {
    if (name.endsWith(`_${row.dataset.item}`)) fields.append(name, value);
  }
  dirty.delete(row);
  try {
    const answer = await fetch(`${form.dataset.rowAddress}/${row.dataset.item}`, { method: "POST", body: fields });
    const json = answer.headers.get("content-type")?.startsWith("application/json");
    if (!json) throw new Error("no answer to read");
    const said = await answer.json();
    if (answer.ok) {
      form.elements[`seen_${row.dataset.item}`].value = said.version;
      tell(row, "✓ Sparat", false);
    } else {
      tell(row, `■ Inte sparat. ${said.errors.join(" ")}`, true);
    }
  } catch {
    tell(row, "■ Inte sparat. Använd knappen Spara resultaten, så följer det du skrivit med.", true);
  }
}

function saveIfDirty(row) {
  if (dirty.has(row)) saving = saving.then(() => save(row));
}

if (form) {
  form.addEventListener("keydown", (event) => {
    const control = event.target.closest(`tbody :is(${controls})`);
    if (!control || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // A list keeps its arrows: they choose in it.
    const arrows = control.matches("select") ? {} : { ArrowDown: 1, ArrowUp: -1 };
    const step = { Enter: 1, ...arrows }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = neighbour(control, step);
    if (next) {
      next.focus();
    } else if (event.key === "Enter") {
      saveIfDirty(control.closest("tr"));
      form.querySelector("button[type=submit]").focus();
    }
  });
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, (event) => {
      const row = event.target.closest("tr[data-item]");
      if (row) dirty.add(row);
    });
  }
  form.addEventListener("focusout", (event) => {
    const row = event.target.closest("tr[data-item]");
    const stays = row?.contains(event.relatedTarget) || event.relatedTarget?.matches("button[type=submit]");
    if (row && !stays) saveIfDirty(row);
  });
  // What is on its way is waited for, so that the button does not answer a version that has been passed.
  let waited = false;
  form.addEventListener("submit", (event) => {
    if (waited) return;
    event.preventDefault();
    const send = () => {
      waited = true;
      form.requestSubmit();
    };
    saving.then(() => setTimeout(send)); // within this event a form does not begin anew
  });
}
