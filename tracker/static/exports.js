// Tells how far an export has come, every other second, and opens the page anew when it has come further than that.
// Without it the page's link does the same by hand.

const EVERY = 2000;
const MOST_FAILURES = 5;
const box = document.querySelector("[data-export]");

async function look(failures) {
  try {
    const answer = await fetch(box.dataset.export, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await answer.json();
    if (found.state !== box.dataset.state) {
      location.reload();
      return;
    }
    const bar = box.querySelector("progress");
    bar.max = found.total;
    bar.value = found.done;
    box.querySelector("[data-words]").textContent = found.words;
    setTimeout(look, EVERY, 0);
  } catch {
    if (failures < MOST_FAILURES) setTimeout(look, EVERY * (failures + 2), failures + 1);
  }
}

if (box) setTimeout(look, EVERY, 0);
