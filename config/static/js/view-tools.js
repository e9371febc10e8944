// Panels of the view tools: a way to copy what is quoted, and to leave by Escape or a click outside.
const copied = (element) => element.querySelector("code, span");

const addButtons = () => {
  for (const element of document.querySelectorAll(".copied:not(:has(.copy))")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    element.append(" ", button);
  }
};

const copy = async (button) => {
  const source = copied(button.closest(".copied"));
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
  } catch {
    // Without leave, or on an address without TLS: mark it, so that the keyboard copies it.
    getSelection().selectAllChildren(source);
    button.textContent = "Marked";
  }
};

document.addEventListener("click", (event) => {
  const button = event.target.closest(".copy");
  if (button) copy(button);
  for (const tool of document.querySelectorAll(".tool[open]")) {
    if (!tool.contains(event.target)) tool.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const tool = event.key === "Escape" && document.querySelector(".tool[open]");
  if (!tool) return;
  tool.open = false;
  tool.querySelector("summary").focus();
});

document.addEventListener("htmx:afterSettle", addButtons);
addButtons();
