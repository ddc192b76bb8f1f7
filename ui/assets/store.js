// Sessions that this browser keeps across tabs until they are forgotten: each tab has one of its own.
import { address } from "./navigation.js";

const PREFIX = "foresight.session.";
const TAB = "foresight.tab";
const MEMORY = "foresight";
const MOST = 8;

const me = crypto.getRandomValues(new Uint32Array(2)).join("-");
const others = new BroadcastChannel("foresight.sessions");
let own = read(sessionStorage, TAB) ?? me;
write(sessionStorage, TAB, own);

// A tab that was made as a copy of another one has a session of its own from then on.
others.addEventListener("message", ({ data }) => {
  if (data.ask === own && data.from !== me) others.postMessage({ taken: own, to: data.from });
  if (data.taken === own && data.to === me) write(sessionStorage, TAB, own = me);
});
others.postMessage({ ask: own, from: me });

/** Returns what this tab kept for a reload, {memory, link}, or null. */
export const remembered = () => read(sessionStorage, MEMORY);

/** Keeps what a reload should bring back, and, once something was done, what another tab can go on with. */
export function remember(memory, link, about) {
  write(sessionStorage, MEMORY, { memory, link });
  if (about.log > 1 || about.kept) keep({ memory, link, at: Date.now(), ...about });
}

/** Returns the sessions that are kept but for that of this tab, the newest first: {id, at, title, log, kept}. */
export function sessions() {
  return stored().filter((one) => one.id !== own).reverse();
}

/** Goes on with a session that is kept, in the place of the one of this tab, which stays kept. */
export function resume({ id, memory, link }) {
  write(sessionStorage, TAB, id);
  write(sessionStorage, MEMORY, { memory, link });
  history.replaceState(null, "", `#${address().page}?${link}`);
  location.reload();
}

/** Forgets a session, or all. */
export function forget(id) {
  const gone = id === undefined ? stored().map((one) => one.id) : [id];
  gone.forEach((one) => localStorage.removeItem(PREFIX + one));
}

/** Keeps a session; where there are too many, or there is no place, the oldest gives way. */
function keep(session) {
  const older = stored().filter((one) => one.id !== own);
  older.slice(0, Math.max(0, older.length + 1 - MOST)).forEach((one) => forget(one.id));
  for (const one of [null, ...older]) {
    if (one) forget(one.id);
    if (write(localStorage, PREFIX + own, session) !== null) return;
  }
}

/** Returns all sessions that are kept, the oldest first. */
function stored() {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
    const found = names.map((name) => ({ ...read(localStorage, name), id: name.slice(PREFIX.length) }));
    return found.filter((one) => one.memory).sort((a, b) => a.at - b.at);
  } catch {
    return [];
  }
}

/** Reads what is kept under a name, or null. */
function read(store, name) {
  try {
    return JSON.parse(store.getItem(name));
  } catch {
    return null;
  }
}

/** Keeps something under a name, and returns it; null where there is no place: the page still works. */
function write(store, name, value) {
  try {
    store.setItem(name, JSON.stringify(value));
    return value;
  } catch {
    return null;
  }
}
