// The list of deals while htmx changes it: what a reader unfolded stays unfolded.
const open = new Map();

document.addEventListener("htmx:beforeSwap", () => {
  for (const details of document.querySelectorAll("#facets details[id]")) {
    open.set(details.id, details.open);
  }
});

document.addEventListener("htmx:afterSettle", () => {
  for (const [id, isOpen] of open) {
    const details = document.getElementById(id);
    if (details) details.open = isOpen;
  }
});
