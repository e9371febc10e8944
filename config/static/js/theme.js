// Sets the reader's choice of colours before the first paint; not a module, since modules run too late.
(() => {
  try {
    const choice = localStorage.getItem("theme");
    if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
  } catch {
    // Storage is closed to this page: the system's choice holds.
  }
})();
