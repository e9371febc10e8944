// A network of deals: what is pointed at stands out with its neighbours, and nodes can be dragged.
// Listens on the document, so that pictures which htmx brings later are served too.
const STARTS_AT = 4; // pixels a pointer moves before a click becomes a drag
let dragged = null;

const nodeOf = (target) => (target instanceof Element ? target.closest(".network .node") : null);
const tiesOf = (picture) => [...picture.querySelectorAll(".tie")];
const endsOf = (tie) => tie.dataset.ends.split(" ");

function point(node) {
  const picture = node.closest(".network");
  release(picture);
  const near = new Set([node.dataset.node]);
  for (const tie of tiesOf(picture)) {
    const ends = endsOf(tie);
    if (!ends.includes(node.dataset.node)) continue;
    tie.classList.add("is-near");
    ends.forEach((end) => near.add(end));
  }
  for (const other of picture.querySelectorAll(".node")) {
    other.classList.toggle("is-near", near.has(other.dataset.node));
  }
  picture.classList.add("is-pointed");
}

function release(picture) {
  if (!picture) return;
  picture.classList.remove("is-pointed");
  for (const near of picture.querySelectorAll(".is-near")) near.classList.remove("is-near");
}

// The place of a pointer in the drawing's own units.
function inDrawing(picture, event) {
  const at = new DOMPoint(event.clientX, event.clientY);
  return at.matrixTransform(picture.getScreenCTM().inverse());
}

function move(node, x, y) {
  const picture = node.closest(".network");
  const { width, height } = picture.viewBox.baseVal;
  const radius = Number(node.querySelector(".node-mark").getAttribute("r"));
  const within = (value, most) => Math.min(Math.max(value, radius), most - radius);
  const [to_x, to_y] = [within(x, width), within(y, height)];
  node.setAttribute("transform", `translate(${to_x.toFixed(1)} ${to_y.toFixed(1)})`);
  for (const tie of tiesOf(picture)) {
    const end = endsOf(tie).indexOf(node.dataset.node);
    if (end < 0) continue;
    tie.setAttribute(`x${end + 1}`, to_x.toFixed(1));
    tie.setAttribute(`y${end + 1}`, to_y.toFixed(1));
  }
}

document.addEventListener("pointerover", (event) => {
  const node = nodeOf(event.target);
  if (node && !dragged) point(node);
});
document.addEventListener("pointerout", (event) => {
  const node = nodeOf(event.target);
  if (node && !dragged && !node.contains(event.relatedTarget)) release(node.closest(".network"));
});
document.addEventListener("focusin", (event) => {
  const node = nodeOf(event.target);
  if (node) point(node);
});
document.addEventListener("focusout", (event) => {
  const node = nodeOf(event.target);
  if (node) release(node.closest(".network"));
});
document.addEventListener("keydown", (event) => {
  const node = nodeOf(event.target);
  if (node && event.key === "Escape") release(node.closest(".network"));
});

// A finger scrolls the page; only a mouse or a pen drags.
document.addEventListener("pointerdown", (event) => {
  const node = nodeOf(event.target);
  if (!node || event.button !== 0 || event.pointerType === "touch") return;
  const picture = node.closest(".network");
  const { e: x, f: y } = node.transform.baseVal.consolidate().matrix;
  const start = inDrawing(picture, event);
  dragged = { node, picture, off_x: x - start.x, off_y: y - start.y, from: event, moved: false };
});
document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  const { node, picture, off_x, off_y, from } = dragged;
  const far = Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY);
  if (!dragged.moved && far < STARTS_AT) return;
  dragged.moved = true;
  picture.classList.add("is-dragged");
  const at = inDrawing(picture, event);
  move(node, at.x + off_x, at.y + off_y);
});
function drop() {
  if (!dragged) return;
  const { picture, moved } = dragged;
  picture.classList.remove("is-dragged");
  dragged = null;
  // The click that ends a drag follows no link.
  if (moved) {
    const swallow = (event) => event.preventDefault();
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }));
  }
}
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", drop);
document.addEventListener("dragstart", (event) => {
  if (nodeOf(event.target)) event.preventDefault();
});
