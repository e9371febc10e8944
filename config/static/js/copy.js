// Buttons that copy the text beside them: a field's, or that of code or words. They show only where
// this runs.
const sourceIn = (place) => place.querySelector("textarea, code, span:not([role])");

function select(source) {
  if (source.select) source.select();
  else getSelection().selectAllChildren(source);
}

export function startCopying() {
  const show = () => {
    for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
  };
  show();
  document.addEventListener("htmx:afterSettle", show);
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-copy]");
    if (!button) return;
    const place = button.parentElement;
    const source = sourceIn(place);
    const told = place.querySelector("[role='status']") ?? button;
    select(source);
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      told.textContent = "Copied";
    } catch {
      // Without the right to the clipboard the text is selected, for the reader to copy.
      told.textContent = told === button ? "Selected" : "Selected: copy it from here";
    }
  });
}
