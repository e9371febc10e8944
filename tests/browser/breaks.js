// What breaks a page at the present width, a line each: what makes it scroll sideways, text that
// is cut off without an ellipsis, and words that lie on other words.
() => {
  const SLACK = 2;
  const problems = [];
  const root = document.documentElement;
  const named = (node) => {
    const classes = typeof node.className === "string" ? node.className : node.getAttribute("class");
    const words = (node.textContent || "").trim().replace(/\s+/g, " ").slice(0, 50);
    return `<${node.localName} class="${classes || ""}"> ${words}`;
  };

  // Regions that scroll may be wider inside, if the keyboard can reach them.
  const scrolls = (node) => /auto|scroll/.test(getComputedStyle(node).overflowX);
  const inRegion = (node) => {
    for (let up = node; up && up !== root; up = up.parentElement) {
      if (scrolls(up) && up !== document.body) return up;
    }
    return null;
  };
  const clipped = (node) => {
    for (let up = node.parentElement; up && up !== root; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (/hidden|clip/.test(style.overflowX) || style.clipPath !== "none") return true;
    }
    return false;
  };

  const width = root.clientWidth;
  if (root.scrollWidth > width) {
    problems.push(`the page is ${root.scrollWidth - width} pixels too wide`);
    for (const node of document.body.querySelectorAll("*")) {
      const box = node.getBoundingClientRect();
      if (box.width && box.right > width + 1 && !inRegion(node) && !clipped(node)) {
        problems.push(`too wide: ${named(node)}`);
        if (problems.length > 6) break;
      }
    }
  }
  for (const node of document.body.querySelectorAll("*")) {
    if (scrolls(node) && node.scrollWidth > node.clientWidth + 1 && node.localName !== "textarea") {
      const reachable = node.tabIndex >= 0 || node.querySelector("a[href], button, input");
      if (!reachable) problems.push(`cannot be scrolled with the keyboard: ${named(node)}`);
    }
  }

  // Lines of text: those that are seen, each with the element that they stand in.
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const parent = text.parentElement;
    if (!text.data.trim() || !parent.checkVisibility({ visibilityProperty: true })) continue;
    // In pictures labels have halos and tests of their own; what is clipped lies on nothing.
    if (parent.closest("svg, textarea, select, .visually-hidden") || clipped(text)) continue;
    if (inRegion(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) {
      if (box.width > 1 && box.height > 1) lines.push({ box, parent });
    }
  }
  lines.sort((one, other) => one.box.top - other.box.top);
  for (let first = 0; first < lines.length && problems.length < 12; first += 1) {
    const one = lines[first];
    for (let second = first + 1; second < lines.length; second += 1) {
      const other = lines[second];
      const down = Math.min(one.box.bottom, other.box.bottom) - other.box.top;
      if (other.box.top >= one.box.bottom) break;
      const across =
        Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      // Boxes of lines are taller than their letters.
      const tall = Math.min(one.box.height, other.box.height);
      if (across > SLACK && down > tall * 0.45) {
        problems.push(`${named(one.parent)} lies on ${named(other.parent)}`);
        if (problems.length > 12) break;
      }
    }
  }
  return problems;
}
