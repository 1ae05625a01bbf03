// Puts a button beside each text that is to be copied, one field at a time. Without it the text is marked by hand.

function words(source) {
  return "value" in source ? source.value : source.textContent;
}

async function copy(source) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(words(source));
    return;
  }
  // Within the municipality's own network the program may run without https; then the page marks and copies itself.
  const area = document.createElement("textarea");
  area.value = words(source);
  area.setAttribute("readonly", "");
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

for (const source of document.querySelectorAll("[data-copy], .sheet-text textarea")) {
  const label = source.dataset.copy || document.querySelector(`label[for="${source.id}"]`)?.textContent || "";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-primary copy-button no-print";
  button.innerHTML = 'Kopiera<span class="visually-hidden"></span>';
  button.lastChild.textContent = ` ${label}`;
  const told = document.createElement("span");
  told.className = "copied";
  told.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    await copy(source);
    for (const other of document.querySelectorAll(".copied")) other.textContent = "";
    told.textContent = "✓ Kopierat";
    button.focus();
  });
  source.after(button, told);
}
