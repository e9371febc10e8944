// The list of deals while htmx changes it. Without scripts the same form and links load whole pages.
import { startFinding } from "./facet-find.js";
import { startYears } from "./year-range.js";

const results = () => document.getElementById("results");

// -- What a reader unfolded stays unfolded, and the focus where it was. --
const open = new Map();
let lastFocus = "";

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "results") return;
  for (const details of document.querySelectorAll("#facets details[id]")) {
    open.set(details.id, details.open);
  }
  lastFocus = document.activeElement?.id || (document.activeElement?.closest("#selection-chips") ? "chips" : "");
});

document.addEventListener("htmx:afterSettle", () => {
  for (const [id, isOpen] of open) {
    const details = document.getElementById(id);
    if (details) details.open ||= isOpen;
    if (details && !isOpen && !details.querySelector(":checked")) details.open = false;
  }
  if (document.activeElement !== document.body || !lastFocus) return;
  const heir = document.getElementById(lastFocus) ?? document.getElementById(lastFocus.replace(/^not-/, ""));
  const next = heir ?? document.querySelector("#selection-chips a") ?? document.getElementById("selection-sentence");
  next?.focus({ preventScroll: true });
  lastFocus = "";
});

// -- A slow or broken network: the rows stay, and a reader is told. --
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target.id !== "results") return;
  document.getElementById("list-failed")?.remove();
  results()?.setAttribute("aria-busy", "true");
});

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    if (event.detail.target.id !== "results") return;
    results()?.removeAttribute("aria-busy");
    document.getElementById("list-failed")?.remove();
    const path = event.detail.pathInfo?.finalRequestPath ?? event.detail.pathInfo?.requestPath;
    const message = document.createElement("div");
    message.className = "message list-failed";
    message.id = "list-failed";
    message.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = "Lodebook did not answer. The deals below are those of the choice before. ";
    const again = document.createElement("button");
    again.type = "button";
    again.className = "button";
    again.textContent = "Try again";
    again.addEventListener("click", () => {
      window.htmx.ajax("GET", path, { target: "#results", swap: "outerHTML" });
    });
    words.append(again);
    message.append(words);
    results()?.prepend(message);
  });
}

// -- “Unknown” and a value of the same facet cannot both hold. --
document.addEventListener(
  "change",
  ({ target }) => {
    const options = target.closest?.(".facet");
    if (!options || target.type !== "checkbox" || !target.checked) return;
    const isUnknown = target.name.endsWith("__empty");
    for (const other of options.querySelectorAll(":checked")) {
      if (other.name.endsWith("__empty") !== isUnknown && !other.name.endsWith("__not")) other.checked = false;
    }
  },
  true,
);

// -- On a phone: the button under the choices leads to the deals, which are there already. --
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#show-deals")) return;
  const panel = document.querySelector(".rail-toggle[open]");
  if (!panel || getComputedStyle(panel).display === "none" || !window.htmx) return;
  event.preventDefault();
  panel.open = false;
  const heading = document.getElementById("selection-sentence");
  heading?.scrollIntoView({ block: "start" });
  heading?.focus({ preventScroll: true });
});

startFinding();
startYears();
