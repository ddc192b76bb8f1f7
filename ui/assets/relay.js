// Between two windows of one browser: the first, which has the session, tells what it shows; a second one shows it too.
const CHANNEL = "foresight.present";
const WINDOW = "foresight.window"; // what a window is called; one that is opened by it begins with the same
const PATIENCE = 1000; // milliseconds until a window that does not answer is not there
const RELOAD = 5000; // milliseconds in which a window that has gone may come back

/** Tells other windows of this browser the newest page and picture, once one asks; returns what takes each message. */
export function leadWindows() {
  const channel = new BroadcastChannel(CHANNEL);
  const from = ownName();
  const newest = { page: null, print: null, frame: null };
  let followed = false;
  const post = (kind, content = null) => channel.postMessage({ from, kind, content });
  channel.onmessage = ({ data }) => {
    if (data.kind !== "ask" || (data.of && data.of !== from)) return;
    followed = true;
    for (const [kind, data] of Object.entries(newest)) if (data || kind === "page") post(kind, JSON.stringify(data));
  };
  window.addEventListener("pagehide", () => post("gone"));
  window.addEventListener("pageshow", () => post("here"));
  return {
    newest,
    /** Takes what is shown from now on. */
    take(kind, data, content) {
      const { ghosts, base } = newest[kind] ?? {}; // which a picture leaves out while they stay the same
      newest[kind] = kind === "frame" ? { ghosts, base, ...data } : data;
      this.pass(kind, content);
    },
    /** Passes on what is of this moment alone. */
    pass(kind, content) {
      if (followed) post(kind, content);
    },
  };
}

/** Takes what the first window shows, by the name of each part, or that there is no such window. */
export function followWindow({ alone, ...shown }) {
  const channel = new BroadcastChannel(CHANNEL);
  let leader = read();
  let waiting = 0;
  const ask = () => channel.postMessage({ kind: "ask", of: leader });
  const wait = (time) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { alone(); leader = null; ask(); }, time);
  };
  const takers = {
    here: ask,
    gone: () => wait(RELOAD),
  };
  channel.onmessage = ({ data: { from, kind, content } }) => {
    if (kind === "ask" || (leader && from !== leader)) return;
    if (kind !== "gone") clearTimeout(waiting);
    if (kind === "page") leader = from;
    if (kind in shown) shown[kind](JSON.parse(content));
    else takers[kind]();
  };
  ask();
  wait(PATIENCE);
}

/** Returns the name of this window, the same after a reload. */
function ownName() {
  const name = read() ?? Math.random().toString(36).slice(2);
  try {
    sessionStorage.setItem(WINDOW, name);
  } catch {
    // Without a store the name lasts until a reload.
  }
  return name;
}

function read() {
  try {
    return sessionStorage.getItem(WINDOW);
  } catch {
    return null;
  }
}
