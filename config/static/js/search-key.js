// "/" moves to the search box unless the reader is typing somewhere.
const TYPING = "input, textarea, select, [contenteditable]";

export function startSearchKey() {
  const box = document.getElementById("site-search");
  if (!box) return;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}
