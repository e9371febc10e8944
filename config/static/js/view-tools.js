// Panels over a list: left by Escape or a click outside.
document.addEventListener("click", (event) => {
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
