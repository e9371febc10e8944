// Suggestions under a search field: a combobox after the ARIA Authoring Practices (list, no completion).
//
//   <input type="search" name="q" data-suggest>                 a chosen suggestion opens its page
//   <input … data-suggest="narrow">                             it becomes a filter of the list shown
//   <input … data-suggest="pick" data-suggest-kind="deal">      it is put into the field, and the form sent
//
// Without scripts the field is an ordinary one, and its form is sent to the list.
const DEBOUNCE_MS = 120;
const boxes = new WeakMap();
let made = 0;

class Suggestions {
  constructor(input) {
    made += 1;
    this.input = input;
    this.id = `suggest-${made}`;
    this.active = -1;
    this.asked = "";
    this.list = document.createElement("div");
    this.list.id = this.id;
    this.list.className = "suggest";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.status = document.createElement("span");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    input.after(this.list, this.status);
    input.autocomplete = "off";
    const states = {
      role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": this.id,
    };
    for (const [name, value] of Object.entries(states)) input.setAttribute(name, value);
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
    // The field keeps the focus while the pointer is at work in the list.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option && !event.ctrlKey && !event.metaKey && !event.shiftKey) this.choose(option, event);
    });
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  later() {
    clearTimeout(this.timer);
    this.request?.abort();
    if (!this.input.value.trim()) {
      this.close();
      return;
    }
    this.timer = setTimeout(() => this.ask(), DEBOUNCE_MS);
  }

  async ask() {
    const text = this.input.value.trim();
    if (!text) return;
    const query = new URLSearchParams({ q: text });
    for (const kind of (this.input.dataset.suggestKind ?? "").split(" ").filter(Boolean)) query.append("kind", kind);
    this.request = new AbortController();
    try {
      const answer = await fetch(`/suggest/?${query}`, { signal: this.request.signal });
      if (!answer.ok) {
        this.close();
        return;
      }
      const markup = await answer.text();
      if (document.activeElement === this.input) this.show(text, markup);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(text, markup) {
    this.asked = text;
    this.list.innerHTML = markup;
    this.options.forEach((option, place) => {
      option.id = `${this.id}-${place}`;
    });
    this.setActive(-1);
    this.list.hidden = false;
    this.list.scrollTop = 0;
    this.input.setAttribute("aria-expanded", "true");
    const count = this.options.length;
    this.status.textContent = count === 1 ? "1 suggestion" : `${count || "No"} suggestions`;
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.setActive(-1);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.status.textContent = "";
  }

  setActive(place) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = place;
    const option = this.options[place];
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const isOpen = !this.list.hidden;
    const count = this.options.length;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        event.preventDefault();
        if (event.altKey && event.key === "ArrowUp") {
          this.close();
        } else if (!isOpen) {
          this.ask();
        } else if (count && !event.altKey) {
          // One step beyond either end the field itself is the place, as typed.
          const step = event.key === "ArrowDown" ? 1 : -1;
          this.setActive(((this.active + 1 + step + count + 1) % (count + 1)) - 1);
        }
        break;
      }
      case "Home":
      case "End":
        // Back to the field; the caret then moves as in any field.
        if (isOpen) this.setActive(-1);
        break;
      case "Enter":
        if (isOpen && this.active >= 0) this.choose(this.options[this.active], event);
        else this.close();
        break;
      case "Escape":
        if (isOpen) {
          event.preventDefault();
          this.close();
        } else if (this.input.value) {
          event.preventDefault();
          this.input.value = "";
        }
        break;
      case "Tab":
        this.close();
        break;
      default:
        if (isOpen && event.key.length === 1) this.setActive(-1);
    }
  }

  choose(option, event) {
    event.preventDefault();
    const { kind, parameter, key } = option.dataset;
    const mode = this.input.dataset.suggest;
    this.close();
    if (mode === "pick") {
      this.input.value = key;
      this.input.form.requestSubmit();
    } else if (mode === "narrow" && parameter) {
      location.assign(narrowed(parameter, key));
    } else if (kind) {
      location.assign(option.href);
    }
  }
}

/** The page's own address with one more filter, and without the letters that led to it. */
function narrowed(parameter, key) {
  const address = new URL(location.href);
  for (const name of ["q", "page", "ordering"]) {
    if (name !== "ordering" || address.searchParams.get(name) === "relevance") address.searchParams.delete(name);
  }
  address.searchParams.append(parameter, key);
  return address;
}

/** Fields get their list with the first focus, so those that come later are served too. */
export function startSuggestions() {
  document.addEventListener("focusin", (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && "suggest" in input.dataset && !boxes.has(input)) {
      boxes.set(input, new Suggestions(input));
    }
  });
}
