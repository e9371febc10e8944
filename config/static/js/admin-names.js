// Names for what Select2 draws over a select: it leaves its own parts without one.
function nameOf(select) {
  return select.getAttribute("aria-label") || select.labels?.[0]?.textContent.trim().replace(/:$/, "") || "";
}

function nameSelects(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const drawn = select.nextElementSibling;
    const name = nameOf(select);
    if (!name || !drawn?.classList.contains("select2")) continue;
    const box = drawn.querySelector(".select2-selection");
    const chosen = box.querySelector(".select2-selection__rendered");
    box.setAttribute("aria-label", name);
    if (chosen?.getAttribute("role") === "textbox") chosen.setAttribute("aria-label", name);
    if (chosen?.id) box.setAttribute("aria-describedby", chosen.id);
    box.removeAttribute("aria-labelledby");
    drawn.querySelector(".select2-search__field")?.setAttribute("aria-label", name);
  }
}

// Select2 draws when jQuery says that the page is ready, and when a row was added: come after it.
window.addEventListener("load", () => window.django?.jQuery(() => nameSelects(document)));
document.addEventListener("formset:added", (event) => setTimeout(() => nameSelects(event.target)));
