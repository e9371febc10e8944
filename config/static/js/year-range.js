// The bars of years: a click takes one, a drag all that it passes. Both fill in the fields beside
// them, so that the form is sent as if a reader had typed. Without scripts each bar is a link.
let first = null;
let last = null;

export function startYears() {
  document.addEventListener("dragstart", (event) => barOf(event.target) && event.preventDefault());
  document.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey) return;
    first = last = barOf(event.target);
    if (first?.hasPointerCapture?.(event.pointerId)) first.releasePointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => {
    if (!first) return;
    const bar = barOf(document.elementFromPoint(event.clientX, event.clientY));
    if (bar && bar !== last && bar.parentNode === first.parentNode) {
      last = bar;
      show(between(first, last));
    }
  });
  document.addEventListener("pointerup", () => {
    // The click that ends a drag comes after this, on what both bars have in common.
    if (first && last !== first) choose(between(first, last));
    first = last = null;
  });
  document.addEventListener("pointercancel", () => (first = last = null));
  document.addEventListener("click", (event) => {
    const bar = barOf(event.target);
    if (!bar || event.ctrlKey || event.metaKey || event.shiftKey || !window.htmx) return;
    event.preventDefault();
    choose([bar]);
  });
}

const barOf = (element) => element?.closest?.(".histogram a") ?? null;

function between(one, other) {
  const bars = [...one.parentNode.querySelectorAll("a")];
  const [from, to] = [bars.indexOf(one), bars.indexOf(other)].sort((a, b) => a - b);
  return bars.slice(from, to + 1);
}

function show(bars) {
  for (const bar of bars[0].parentNode.querySelectorAll("a")) {
    bar.setAttribute("class", bars.includes(bar) ? "in" : "out");
  }
}

function choose(bars) {
  const after = document.getElementById("announced-after");
  const before = document.getElementById("announced-before");
  const wanted = [bars[0].dataset.first, bars.at(-1).dataset.last];
  const isTakenBack = after.value === wanted[0] && before.value === wanted[1];
  [after.value, before.value] = isTakenBack ? ["", ""] : wanted;
  show(isTakenBack ? [...bars[0].parentNode.querySelectorAll("a")] : bars);
  before.dispatchEvent(new Event("change", { bubbles: true }));
}
