// The button that prints a page. It shows only where this runs.
export function startPrinting() {
  for (const button of document.querySelectorAll("[data-print][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
