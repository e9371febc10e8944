// The three buttons in the footer: as the system, light, dark. Hidden where scripts do not run.
const root = document.documentElement;

function show(buttons) {
  const current = root.dataset.theme ?? "system";
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === current));
}

function choose(choice) {
  if (choice === "system") delete root.dataset.theme;
  else root.dataset.theme = choice;
  try {
    if (choice === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", choice);
  } catch {
    // Storage is closed: the choice holds for this page only.
  }
}

export function startThemeSwitch() {
  const group = document.querySelector(".theme-switch");
  if (!group) return;
  const buttons = group.querySelectorAll("[data-theme-choice]");
  group.hidden = false;
  show(buttons);
  group.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    choose(button.dataset.themeChoice);
    show(buttons);
  });
}
