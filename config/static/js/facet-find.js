// Search inside a long facet: in the values listed and, where there are more, in those that the
// server knows. A field here narrows the rail and never the deals.
const DEBOUNCE_MS = 200;
let timer = 0;

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export function startFinding() {
  // Before htmx hears of it: the field is no filter.
  document.addEventListener("change", (event) => isField(event) && event.stopPropagation(), true);
  document.addEventListener("search", (event) => isField(event) && event.stopPropagation(), true);
  document.addEventListener("keydown", (event) => {
    if (isField(event) && event.key === "Enter") event.preventDefault();
  });
  document.addEventListener("input", (event) => {
    if (!isField(event)) return;
    const field = event.target;
    clearTimeout(timer);
    if (field.dataset.href) timer = setTimeout(() => fetchInto(field), DEBOUNCE_MS);
    else narrow(field);
  });
}

function isField(event) {
  return event.target instanceof HTMLElement && event.target.dataset.find !== undefined;
}

function narrow(field) {
  const wanted = fold(field.value.trim());
  const facet = field.closest(".facet");
  const rest = facet.querySelector(":scope > .facet-rest");
  if (rest) rest.open = Boolean(wanted) || rest.open;
  for (const item of facet.querySelectorAll(".options li")) {
    item.hidden = Boolean(wanted) && !fold(item.textContent).includes(wanted);
  }
  for (const branch of facet.querySelectorAll(".branch")) {
    if (wanted && branch.querySelector("li:not([hidden])")) branch.open = true;
  }
}

async function fetchInto(field) {
  const facet = field.closest(".facet");
  const wanted = field.value.trim();
  let found = facet.querySelector(".facet-found");
  if (!found) {
    found = document.createElement("div");
    found.className = "facet-found";
    found.setAttribute("aria-live", "polite");
    field.after(found);
  }
  facet.classList.toggle("is-finding", Boolean(wanted));
  if (!wanted) {
    found.replaceChildren();
    return;
  }
  const address = new URL(field.dataset.href, location.href);
  address.searchParams.set("find", wanted);
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const text = await answer.text();
    if (field.value.trim() !== wanted) return;
    const parsed = new DOMParser().parseFromString(text, "text/html");
    found.replaceChildren(...parsed.body.childNodes);
    window.htmx?.process(found);
  } catch {
    found.textContent = "Lodebook did not answer: type again to retry.";
  }
}
