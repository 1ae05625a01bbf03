// Single keys in registers and records. Nothing happens in a field, with Ctrl, Alt or Meta, or once they are turned off.
// Without it the pages work as before.

const FILTER = "main form.filters :is(select, input:not([type=hidden]))";
const KEYS = [
  ["j", "nästa rad, eller nästa i listan du kom från"],
  ["k", "föregående rad, eller föregående i listan du kom från"],
  ["↓, ↑", "nästa och föregående rad, när en rad är vald"],
  ["o, Enter", "öppna raden"],
  ["n", "nästa sida"],
  ["p", "föregående sida"],
  ...(document.querySelector(FILTER) ? [["f", "till filtret"]] : []),
  ["/", "till sökrutan"],
  ["?", "den här hjälpen"],
];
const OFF = "kortkommandon-av";
const LISTED = "lista";
const FIELDS = "input, select, textarea, [contenteditable]";

const isOn = () => localStorage.getItem(OFF) === null;
const ROW = "main .table-list > tbody > tr";
const linkOf = (row) => row.querySelector("a[href]");
const rows = () => [...document.querySelectorAll(ROW)].map(linkOf).filter(Boolean);
const listed = () => JSON.parse(sessionStorage.getItem(LISTED) ?? "[]");

function go(step) {
  const links = rows();
  const row = document.activeElement.closest(ROW);
  const here = listed().indexOf(location.pathname);
  if (row) {
    links[links.indexOf(linkOf(row)) + step]?.focus();
  } else if (here >= 0) {
    const other = listed()[here + step];
    if (other) location.assign(other);
  } else {
    links.at(step > 0 ? 0 : -1)?.focus();
  }
  return true;
}

function reach(selector, act) {
  const found = document.querySelector(selector);
  if (found) act(found);
  return Boolean(found);
}

const focus = (element) => element.focus();
const click = (element) => element.click();

function element(name, text = "", css = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (css) made.className = css;
  return made;
}

function makeHelp() {
  const dialog = element("dialog", "", "card-box keys");
  const title = element("h2", "Kortkommandon");
  title.id = "kortkommandon";
  dialog.setAttribute("aria-labelledby", title.id);
  const list = element("dl");
  for (const [key, does] of KEYS) list.append(element("dt", key), element("dd", does));
  const state = element("p");
  state.setAttribute("role", "status");
  const toggle = element("button", "", "btn btn-outline-primary");
  const close = element("button", "Stäng", "btn btn-primary");
  toggle.type = close.type = "button";
  close.autofocus = true; // Enter closes, and turns nothing off
  const say = () => {
    state.textContent = isOn() ? "Kortkommandon är på i den här webbläsaren." : "Kortkommandon är av i den här webbläsaren.";
    toggle.textContent = isOn() ? "Stäng av kortkommandon" : "Slå på kortkommandon";
  };
  toggle.addEventListener("click", () => {
    if (isOn()) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
    say();
  });
  close.addEventListener("click", () => dialog.close());
  const buttons = element("p", "", "actions");
  buttons.append(toggle, close);
  dialog.append(title, list, state, buttons);
  say();
  // The way to the help, and so to turning the keys off, does not need the keys.
  const open = element("button", "Kortkommandon", "link-button");
  open.type = "button";
  open.addEventListener("click", () => dialog.showModal());
  const foot = element("footer", "", "page keys-foot no-print");
  foot.append(open);
  document.body.append(foot, dialog);
  return dialog;
}

const help = makeHelp();
const ACTS = {
  j: () => go(1),
  k: () => go(-1),
  ArrowDown: () => document.activeElement.closest(ROW) && go(1),
  ArrowUp: () => document.activeElement.closest(ROW) && go(-1),
  o: () => document.activeElement.matches("main .table-list a[href]") && reach("a:focus", click),
  n: () => reach("main a[rel=next]", click),
  p: () => reach("main a[rel=prev]", click),
  f: () => reach(FILTER, focus),
  "/": () => reach("form[role=search] input[type=search]", focus),
  "?": () => {
    help.showModal();
    return true;
  },
};

// The addresses of a register's records are remembered in this tab, so that a record knows which comes before and after.
// They lie below the register's page, or below what the page says.
const records = document.querySelector("main [data-records]")?.dataset.records ?? location.pathname;
const below = rows().map((link) => link.pathname).filter((path) => path.startsWith(`${records}/`));
if (below.length > 0 && !listed().includes(location.pathname)) sessionStorage.setItem(LISTED, JSON.stringify(below));

// Who signs in after somebody else finds no list of theirs.
reach("form[action='/logga-ut']", (form) => form.addEventListener("submit", () => sessionStorage.removeItem(LISTED)));

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (!isOn() || help.open || event.target.closest?.(FIELDS)) return;
  if (Object.hasOwn(ACTS, event.key) && ACTS[event.key]()) event.preventDefault();
});
