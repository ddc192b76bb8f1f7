// Where the browser is: the page and the link in its address, and what this tab keeps for a reload.
const MEMORY = "foresight";

/** Reads the address: the page before the question mark of the fragment, the link after it. */
export function address() {
  const [page, ...link] = plain(location.hash.slice(1)).split("?");
  return { page, link: link.join("?") };
}

/** Returns a part of an address without its escapes; what no browser would have written stays as it is, and is refused. */
function plain(part) {
  try {
    return decodeURI(part);
  } catch {
    return part;
  }
}

/** Goes to the page of a link that was clicked, without a reload. */
export function follow(app, event, page) {
  if (event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  go(app, page);
}

/** Goes to a page without a reload. */
export function go(app, page) {
  history.pushState({ page }, "", `#${page}`);
  app.send({ type: "go", page });
}

/** Returns what this tab kept, or null. */
export function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(MEMORY));
  } catch {
    return null;
  }
}

/** Keeps what a reload should bring back. */
export function remember(memory, link) {
  try {
    sessionStorage.setItem(MEMORY, JSON.stringify({ memory, link }));
  } catch {
    // A browser that keeps nothing still works; only a reload starts from the link alone.
  }
}
