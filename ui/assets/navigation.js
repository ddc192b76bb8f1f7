// Where the browser is: the page and the link in its address, and which country is one's own.
const COUNTRY = "foresight.country";

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

/** Returns the member that was chosen on this machine, or nothing. */
export function ownCountry() {
  try {
    return localStorage.getItem(COUNTRY) ?? "";
  } catch {
    return "";
  }
}

/** Keeps the member that was chosen, and tells the session; nothing takes the choice back. */
export function chooseCountry(app, code) {
  try {
    if (code) localStorage.setItem(COUNTRY, code);
    else localStorage.removeItem(COUNTRY);
  } catch {
    // see remember
  }
  app.send({ type: "view", name: "country", value: code, quiet: true });
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
