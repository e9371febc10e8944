// How far a renaming is, without loading the page anew: what is typed beside it stays.
const PAUSE_MS = 3000;

async function look() {
  const shown = document.querySelector("[data-renaming]");
  if (!shown) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(".standing");
    if (fresh) shown.replaceWith(document.adoptNode(fresh));
  }
  setTimeout(look, PAUSE_MS);
}

setTimeout(look, PAUSE_MS);
