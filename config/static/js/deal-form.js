// The deal page: a new row takes the focus, shows the ref it will get, and can be named by others at once.
const LETTERS = {
  parties: "p", financing_lines: "f", milestones: "m", sources: "s", citations: "c", disputes: "d",
};
const LISTS = {
  "source-refs": ["sources"],
  "line-refs": ["financing_lines"],
  "item-refs": ["parties", "financing_lines", "milestones", "disputes"],
};

function rows(prefix) {
  const group = document.getElementById(`${prefix}-group`);
  return group ? [...group.querySelectorAll(".own-ref")].filter((input) => !input.name.includes("__prefix__")) : [];
}

/** A row that someone began to fill in: any of its fields but the ref says something. */
function isFilled(input) {
  const row = input.closest("tr, .inline-related");
  return [...row.querySelectorAll("input, select, textarea")].some(
    (field) => field !== input && field.type !== "hidden" && field.type !== "checkbox" && field.value && field.value !== field.dataset.initial,
  );
}

/** Shows in each empty ref what the server will give it, in the order in which it will. */
function showRefs() {
  for (const [prefix, letter] of Object.entries(LETTERS)) {
    const inputs = rows(prefix);
    const taken = inputs.map((input) => new RegExp(`^${letter}([0-9]+)$`).exec(input.value)).filter(Boolean);
    let number = Math.max(0, ...taken.map((match) => Number(match[1])));
    for (const input of inputs) {
      if (input.value) continue;
      number += 1;
      input.placeholder = `${letter}${number}`;
    }
  }
  for (const [id, prefixes] of Object.entries(LISTS)) {
    const list = document.getElementById(id);
    if (!list) continue;
    const known = new Set([...list.options].filter((option) => !option.dataset.draft).map((option) => option.value));
    for (const option of [...list.options]) if (option.dataset.draft) option.remove();
    for (const input of prefixes.flatMap(rows)) {
      const ref = input.value || (isFilled(input) ? input.placeholder : "");
      if (!ref || known.has(ref)) continue;
      const option = new Option("new", ref);
      option.dataset.draft = "1";
      list.append(option);
    }
  }
}

function firstField(row) {
  return [...row.querySelectorAll("input, select, textarea")].find(
    (field) => field.type !== "hidden" && !field.disabled && !field.classList.contains("own-ref"),
  );
}

for (const field of document.querySelectorAll(".inline-group select")) field.dataset.initial = field.value;
document.addEventListener("formset:added", (event) => {
  for (const field of event.target.querySelectorAll("select")) field.dataset.initial = field.value;
  showRefs();
  firstField(event.target)?.focus();
});
document.addEventListener("formset:removed", showRefs);
document.addEventListener("change", showRefs);
showRefs();
