// Ticks in a list: says how many are chosen, keeps to four, and keeps the button in sight.
const MOST = 4;

function ticks() {
  return [...document.querySelectorAll("input.compare-tick")];
}

function says(count, many) {
  if (count === 0) return `Tick two to four ${many} to see them side by side.`;
  if (count === 1) return "1 chosen: tick one more.";
  return count === MOST ? `${count} chosen, the most that fit side by side.` : `${count} chosen.`;
}

function show(form, words) {
  const count = ticks().filter((tick) => tick.checked).length;
  form.querySelector("[data-compare-says]").textContent = words ?? says(count, form.dataset.many);
  form.querySelector("button").disabled = count < 2;
  form.classList.toggle("is-chosen", count > 0);
}

export function startComparing() {
  const begin = () => {
    const form = document.querySelector("form[data-compare]");
    if (form) show(form);
  };
  begin();
  document.addEventListener("htmx:afterSettle", begin);
  // A page from the browser's memory comes back with its ticks.
  window.addEventListener("pageshow", begin);
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("input.compare-tick")) return;
    const form = document.querySelector("form[data-compare]");
    if (!form) return;
    if (ticks().filter((tick) => tick.checked).length > MOST) {
      event.target.checked = false;
      show(form, "Four fit side by side: take one out first.");
    } else {
      show(form);
    }
  });
}
