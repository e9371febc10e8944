// Buttons that copy the text field before them. They show only where this runs.
export function startCopying() {
  const show = (root) => {
    for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
  };
  show(document);
  document.addEventListener("htmx:afterSwap", () => show(document));
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-copy]");
    if (!button) return;
    const place = button.parentElement;
    const field = place.querySelector("textarea");
    const status = place.querySelector("[role='status']");
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = "Copied";
    } catch {
      // Without the right to the clipboard the text is selected, for the reader to copy.
      status.textContent = "Selected: copy it from here";
    }
  });
}
