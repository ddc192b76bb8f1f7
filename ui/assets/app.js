// The application: the connection to the session, the page that is shown, and what a reload should bring back.
import { reproduceDialog, shareDialog } from "./dialogs.js";
import { fill, keepFocus } from "./dom.js";
import { address, ownCountry } from "./navigation.js";
import { addBlocks, showBlocks } from "./pages/blocks.js";
import { showCountry } from "./pages/country.js";
import { showExplore } from "./pages/explore.js";
import { showPrinted } from "./paper.js";
import { followFirst, presenting } from "./presenting.js";
import { when } from "./parts/sessions.js";
import { download, signedBy } from "./save.js";
import { remember, remembered, resume, sessions } from "./store.js";
import { leaveNews, showBusy, showEngine, showMessage, showProgress, showShell, showStatus } from "./shell.js";

const WAITING = "foresight.waiting";
const RETRY = 1500;

const app = {
  model: null,
  words: {},
  view: null, // the page that is shown: {frame?, controls?, destroy()}
  moved: null, // the stamp of the newest move
  future: null, // whose numbers are shown: {name, id, digest, made}
  send(message) {
    if (app.model && !retrying) app.model.send_msg(message);
    if (message.type === "go") leaveNews();
    if (message.type === "view" && message.name === "chart") app.present.turn(message.value);
    if (message.type === "move") showBusy(app, { busy: true });
    if (message.type === "move" || message.type === "change") keepWaiting([...waiting(), { ...message, final: true }]);
  },
  say(key, values = {}) {
    return fill(app.words[key] ?? key, values);
  },
};

// The connection -------------------------------------------------------------------------------------------------

/** Takes the session over, as soon as both it and the application are there. */
function connect(model) {
  app.model = model;
  model.on("msg:custom", (data) => receive(data));
  const { page, link } = address();
  // A link that was typed or followed counts; a reload of our own address brings the whole session back.
  const memory = remembered();
  const own = memory && (!link || memory.link === link);
  const place = { link: own ? "" : link, memory: own ? memory.memory : "", page: own || !link ? page : "" };
  app.send({ type: "open", ...place, language: own ? "" : wished(), country: ownCountry() });
  const missed = own ? waiting() : [];
  keepWaiting([]);
  missed.forEach((message) => app.send({ ...message, type: "change" })); // so that the levers show it too
  watch();
  fresh = !own && !link;
}

let fresh = false; // somebody has come who brings nothing along

/** Offers to go on with the last session of this machine, once, to somebody who brings nothing along. */
function offerLast() {
  const [last] = fresh ? sessions() : [];
  fresh = false;
  if (!last) return;
  const act = { label: app.say("f_continue"), run: () => resume(last) };
  showMessage(app, { tone: "note", text: app.say("f_back", { when: when(app, last.at) }), act });
}

/** Returns the moves that no answer has come for. */
function waiting() {
  try {
    return JSON.parse(sessionStorage.getItem(WAITING)) ?? [];
  } catch {
    return [];
  }
}

/** Keeps the moves that no answer has come for, those of each control as one. */
function keepWaiting(moves) {
  try {
    const each = new Map();
    for (const move of moves) each.set(move.what, { ...move, values: { ...each.get(move.what)?.values, ...move.values } });
    sessionStorage.setItem(WAITING, JSON.stringify([...each.values()]));
  } catch {
    // see remember
  }
}

/** Returns the language that was chosen last on this machine. */
function wished() {
  try {
    return localStorage.getItem("foresight.language") ?? "";
  } catch {
    return "";
  }
}

let retrying = false;

/** Watches the connection; once it is lost, tries until the server answers, and comes back with all that was open. */
function watch() {
  window.Bokeh.documents[0].on_event("connection_lost", lost);
}

async function lost() {
  if (retrying) return;
  retrying = true;
  showMessage(app, { tone: "warning", text: app.say("lost") });
  for (;;) {
    await new Promise((done) => setTimeout(done, RETRY));
    const answer = await fetch("assets/app.css", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) return location.reload();
  }
}

/** What takes each kind of message of the session. */
const TAKERS = {
  frame: receiveFrame,
  page: showPage,
  controls: showControls,
  settled,
  message: receiveMessage,
  busy: (data) => showBusy(app, data),
  progress: (data) => showProgress(app, data),
  engine: (data) => showEngine(app, data),
  file: saveFile,
  reproduce: (data) => reproduceDialog(app, data),
  share: (data) => shareDialog(app, data),
  closer: (data) => app.view?.closer?.(data),
  trial: (data) => app.view?.trial?.(data),
};

/** What is presented, here or in another window. */
const PRESENTED = ["page", "frame", "controls"];

/** Takes a message of the session, which is JSON in one piece. */
function receive({ type, content }) {
  const data = JSON.parse(content);
  TAKERS[type]?.(data);
  if (PRESENTED.includes(type)) app.present.take(type, data, content);
}

/** Takes a picture: numbers of the charts that are shown. */
function receiveFrame(data) {
  showBusy(app, { busy: false });
  showFuture(data.future);
  if ((data.kind ?? "explore") === app.view?.kind) app.view.frame(data); // not one of a page that has been left
}

/** Takes what is to be told; nothing more comes of what was refused. */
function receiveMessage(data) {
  if (data.tone === "error") showBusy(app, { busy: false });
  showMessage(app, data);
}

/** Takes whose numbers are shown: name, id, digest, and what made them. */
function showFuture(future) {
  app.future = future;
  signedBy(future);
}

// The page -------------------------------------------------------------------------------------------------------

/** Shows a page of the session. */
function showPage(data) {
  app.words = data.words;
  showFuture(data.future);
  const { main, moved } = showShell(app, data);
  const scroll = moved ? 0 : window.scrollY;
  const same = app.view?.kind === data.kind && app.view.language === data.language;
  if (same && app.view.renew && (app.view.fits?.(data) ?? true)) app.view.renew(data);
  else if (data.kind === "explore") replaceView(main, () => showExplore(app, main, data));
  else if (data.kind === "country") replaceView(main, () => showCountry(app, main, data, addBlocks));
  else keepFocus(main, () => replaceView(main, () => showBlocks(app, main, data)));
  window.scrollTo({ top: scroll, behavior: "instant" });
  if (moved) main.focus({ preventScroll: true });
  offerLast();
}

/** Puts a page in the place of another. */
function replaceView(main, make) {
  app.view?.destroy?.();
  main.replaceChildren();
  app.view = make();
}

/** Takes Back and Forward: the view changes, what has been moved stays. */
window.addEventListener("popstate", () => {
  const { page, link } = address();
  if ((page === "present") === Boolean(app.present)) location.reload(); // from a window that follows to one of its own, or back
  const memory = remembered();
  if (link && memory && memory.link !== link && !history.state?.own) location.reload();
  else app.send({ type: "go", page: page || "explore" });
});

function showControls(data) {
  showStatus(data);
  app.view?.controls?.(data.controls);
}

/** Takes the link and the memory of what is on the screen. */
function settled(data) {
  keepWaiting([]);
  showStatus(data);
  app.view?.scenario?.(data);
  showPrinted(data.print);
  const print = { ...data.print, pictured: data.page === "explore" };
  app.present.take("print", print, JSON.stringify(print));
  if (data.stamp === app.moved) app.view?.hold?.(data.values); // else a newer move is on its way
  const hash = `#${data.page}?${data.link}`;
  if (location.hash !== hash) history.replaceState({ page: data.page, own: true }, "", hash);
  remember(data.memory, data.link, { title: data.scenarios.title, log: data.log, kept: data.kept });
  document.documentElement.dataset.settled = String(Number(document.documentElement.dataset.settled ?? 0) + 1);
}

function saveFile(data) {
  const bytes = Uint8Array.from(atob(data.content), (sign) => sign.charCodeAt(0));
  download(data.name, new Blob([bytes], { type: data.kind }));
}

/** Undoes and redoes by keys. */
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches?.("input[type=text], input[type=number], textarea")) return;
  const key = event.key.toLowerCase();
  if (key === "z" || key === "y") {
    event.preventDefault();
    app.send({ type: key === "y" || event.shiftKey ? "redo" : "undo" });
  }
});

// Panel takes its modules through this; every browser that the application runs in can import them by itself.
window.importShim = (source) => import(source);
window.importShim.addImportMap = () => {};

// The session connects with the ticket of this page; a window that follows another one has none.
if (address().page === "present") followFirst();
else begin();

function begin() {
  app.present = presenting(app);
  app.present.resume();
  window.foresight = { connect };
  const { ticket } = document.getElementById("session").dataset;
  window.Bokeh.embed.embed_items({}, [{ token: ticket, elementid: "session", roots: {}, root_ids: [], use_for_title: false }]);
}
