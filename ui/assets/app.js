// The application: the connection to the session, the shell around every page, and what a reload should bring back.
import { showBlocks } from "./blocks.js";
import { checkpointDialog, shareDialog, reproduceDialog } from "./dialogs.js";
import { fill, h, icon, keepFocus } from "./dom.js";
import { showExplore } from "./explore.js";
import { download } from "./save.js";

const MEMORY = "foresight";
const WAITING = "foresight.waiting";
const RETRY = 1500;
const CALM = 300; // only what takes longer than this shows that it is under way
const ICONS = {
  undo: "M3 7h7a3.5 3.5 0 0 1 0 7H6M3 7l3-3M3 7l3 3",
  redo: "M13 7H6a3.5 3.5 0 0 0 0 7h4M13 7l-3-3M13 7l-3 3",
  keep: "M4 2h8v12l-4-3.5L4 14z",
};

const app = {
  model: null,
  words: {},
  link: "",
  view: null, // the page that is shown: {frame?, controls?, destroy()}
  room: false,
  send(message) {
    if (message.type === "move") showBusy({ busy: true });
    if (message.type === "move" || message.type === "change") keepWaiting([...waiting(), { ...message, final: true }]);
    if (app.model && !retrying) app.model.send_msg(message);
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
  model.on("frame", () => receiveFrame(model.frame));
  const { page, link } = address();
  // A link that was typed or followed counts; a reload of our own address brings the whole session back.
  const memory = remembered();
  const own = memory && (!link || memory.link === link);
  app.send({ type: "open", link: own ? "" : link, memory: own ? memory.memory : "", page: own || !link ? page : "", language: own ? "" : wished() });
  const missed = own ? waiting() : [];
  keepWaiting([]);
  missed.forEach((message) => app.send({ ...message, type: "change" })); // so that the levers show it too
  watch();
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

/** Reads the address: the page before the question mark of the fragment, the link after it. */
function address() {
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

/** Returns the language that was chosen last on this machine. */
function wished() {
  try {
    return localStorage.getItem("foresight.language") ?? "";
  } catch {
    return "";
  }
}

/** Returns what this tab kept, or null. */
function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(MEMORY));
  } catch {
    return null;
  }
}

/** Keeps what a reload should bring back. */
function remember(memory, link) {
  try {
    sessionStorage.setItem(MEMORY, JSON.stringify({ memory, link }));
  } catch {
    // A browser that keeps nothing still works; only a reload starts from the link alone.
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
  notify("warning", app.say("lost"));
  for (;;) {
    await new Promise((done) => setTimeout(done, RETRY));
    const answer = await fetch("assets/app.css", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) return location.reload();
  }
}

/** Takes a message of the session. */
function receive(data) {
  const takers = { page: showPage, controls: showControls, settled, message: showMessage, busy: showBusy, progress: showProgress, file: saveFile, reproduce: showReproduction, trial: (one) => app.view?.trial?.(one) };
  takers[data.type]?.(data);
}

/** Takes a picture: numbers of the charts that are shown. */
function receiveFrame(content) {
  if (!content?.byteLength) return;
  showBusy({ busy: false });
  app.view?.frame?.(JSON.parse(new TextDecoder().decode(content)));
}

// The shell ------------------------------------------------------------------------------------------------------

const shell = {};

/** Builds what stands around every page, once for each language. */
function buildShell(data) {
  document.documentElement.lang = app.words.locale;
  shell.language = data.language;
  shell.menu = h("nav", { "aria-label": app.say("menu_label"), class: "menu" });
  shell.undo = tool("undo", "undo", ICONS.undo);
  shell.redo = tool("redo", "redo", ICONS.redo);
  shell.keep = h("button", { type: "button", class: "tool keep", title: app.say("checkpoint"), "aria-label": app.say("checkpoint"), onclick: () => checkpointDialog(app) }, icon(ICONS.keep), h("span", {}, app.say("checkpoint")));
  shell.room = h("button", { type: "button", class: "tool", "aria-pressed": String(app.room), title: app.say("room_hint"), onclick: toggleRoom }, app.say("room"));
  shell.busy = h("div", { class: "busy", role: "status", hidden: true });
  shell.messages = h("div", { class: "messages", "aria-live": "polite", role: "region", "aria-label": app.say("message_label") });
  shell.notices = h("div", { class: "notices" });
  shell.main = h("main", { id: "main", tabindex: "-1" });
  const header = h(
    "header",
    { class: "top" },
    h("a", { class: "skip", href: "#main", onclick: (event) => { event.preventDefault(); shell.main.focus(); } }, app.say("skip")),
    h("div", { class: "brand" }, h("strong", {}, app.say("title")), h("span", {}, app.say("subtitle"))),
    shell.menu,
    h("div", { class: "tools" }, shell.undo, shell.redo, shell.keep, shareMenu(), shell.room, languageChoice(data)),
  );
  document.getElementById("app").replaceChildren(header, shell.notices, shell.messages, shell.main, shell.busy);
}

/** Makes a button that sends a message without more. */
function tool(type, label, path) {
  return h("button", { type: "button", class: "tool round", "aria-label": app.say(label), title: app.say(label), onclick: () => app.send({ type }) }, icon(path));
}

/** Makes the menu of what is handed on: the link, the three ways to make it again, and files. */
function shareMenu() {
  const kinds = ["csv", "xlsx", "iamc", "toml"];
  const item = (label, act) => h("button", { type: "button", onclick: () => { details.open = false; details.firstElementChild.focus(); act(); } }, label);
  const items = [
    item(app.say("link_item"), () => shareDialog(app)),
    item(app.say("reproduce"), () => app.send({ type: "reproduce" })),
    ...kinds.map((kind) => item(app.say(`export_${kind}`), () => app.send({ type: "export", format: kind }))),
  ];
  const details = h("details", { class: "drop" }, h("summary", { class: "tool strong" }, app.say("share")), h("div", { class: "drop-list" }, items));
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { details.open = false; details.firstElementChild.focus(); }
  });
  details.addEventListener("focusout", (event) => { if (event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false; });
  return details;
}

/** Makes the choice of a language. */
function languageChoice(data) {
  const options = data.languages.map((one) => h("option", { value: one.value, selected: one.value === data.language, lang: one.value }, one.label));
  const select = h("select", { "aria-label": app.say("language"), onchange: () => {
    try { localStorage.setItem("foresight.language", select.value); } catch { /* not kept */ }
    app.send({ type: "language", language: select.value });
  } }, options);
  return select;
}

/** Shows a page of the session. */
function showPage(data) {
  app.words = data.words;
  if (shell.language !== data.language) buildShell(data);
  const moved = shell.path !== undefined && shell.path !== data.path;
  shell.path = data.path;
  shell.menu.replaceChildren(...data.menu.map((one) => menuLink(one, data.path)));
  showStatus(data);
  showNotices(data);
  document.title = `${data.title} · ${app.say("title")}`;
  if (early) showMessage(early);
  early = null;
  const scroll = moved ? 0 : window.scrollY;
  if (data.kind === "explore") {
    if (app.view?.kind === "explore" && app.view.language === data.language) app.view.renew(data);
    else replaceView(() => showExplore(app, shell.main, data));
  } else keepFocus(shell.main, () => replaceView(() => showBlocks(app, shell.main, data)));
  window.scrollTo({ top: scroll, behavior: "instant" });
  if (moved) shell.main.focus({ preventScroll: true });
  document.documentElement.classList.toggle("room", app.room);
}

/** Puts a page in the place of another. */
function replaceView(make) {
  app.view?.destroy?.();
  shell.main.replaceChildren();
  app.view = make();
}

/** Makes a link of the menu. */
function menuLink(one, path) {
  const here = path.split("/")[0] === one.page;
  return h("a", { href: `#${one.page}`, "aria-current": here ? "page" : null, onclick: (event) => follow(event, one.page) }, one.label);
}

/** Goes to a page without a reload. */
export function follow(event, page) {
  if (event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  history.pushState({ page }, "", `#${page}`);
  app.send({ type: "go", page });
}

/** Takes Back and Forward: the view changes, what has been moved stays. */
window.addEventListener("popstate", () => {
  const { page, link } = address();
  const memory = remembered();
  if (link && memory && memory.link !== link && !history.state?.own) location.reload();
  else app.send({ type: "go", page: page || "explore" });
});

function showStatus(data) {
  shell.undo.disabled = !data.undo;
  shell.redo.disabled = !data.redo;
}

function showControls(data) {
  showStatus(data);
  app.view?.controls?.(data.controls);
}

/** Takes the link and the memory of what is on the screen. */
function settled(data) {
  keepWaiting([]);
  showStatus(data);
  app.link = data.link;
  app.view?.scenario?.(data);
  const hash = `#${data.page}?${data.link}`;
  if (location.hash !== hash) history.replaceState({ page: data.page, own: true }, "", hash);
  remember(data.memory, data.link);
  document.documentElement.dataset.settled = String(Number(document.documentElement.dataset.settled ?? 0) + 1);
}

/** Shows what stands above every page. */
function showNotices(data) {
  const notes = data.notices.map((one) => h("section", { class: "notice" }, h("p", {}, one.text), h(
    "table",
    {},
    h("thead", {}, h("tr", {}, one.columns.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, one.rows.map((row) => h("tr", {}, row.map((cell, at) => h(at ? "td" : "th", at ? {} : { scope: "row" }, cell))))),
  )));
  if (data.draft) notes.push(h("p", { class: "draft" }, data.draft));
  shell.notices.replaceChildren(...notes);
}

// What is said ---------------------------------------------------------------------------------------------------

let early = null; // a message that came before the first page

function showMessage(data) {
  if (shell.messages) notify(data.tone, data.text, data.problems ?? []);
  else early = data;
}

/** Shows a message until it is dismissed, or for a while if it is good news. */
export function notify(tone, text, problems = []) {
  const close = h("button", { type: "button", class: "tool round", "aria-label": app.say("dismiss"), onclick: () => box.remove() }, "×");
  const box = h("div", { class: `message ${tone}`, role: tone === "error" ? "alert" : "status" }, h("div", {}, h("p", {}, text), problems.length ? h("ul", {}, problems.map((one) => h("li", {}, one))) : null), close);
  shell.messages?.replaceChildren(box);
  if (tone === "good") setTimeout(() => box.remove(), 6000);
}

let busyTimer = 0;

/** Shows calmly that something is under way, once it takes a moment. */
function showBusy(data) {
  clearTimeout(busyTimer);
  if (!shell.busy) return; // the first page is still to come, and says so
  if (!data.busy) {
    shell.busy.hidden = true;
    return;
  }
  busyTimer = setTimeout(() => {
    shell.busy.replaceChildren(h("span", {}, app.say("computing")));
    shell.busy.hidden = false;
  }, CALM);
}

function showProgress(data) {
  if (!shell.busy || shell.busy.hidden) return;
  shell.busy.replaceChildren(h("span", {}, app.say("computing")), h("progress", { max: data.total, value: data.done, "aria-label": app.say("computing") }));
}

function saveFile(data) {
  const bytes = Uint8Array.from(atob(data.content), (sign) => sign.charCodeAt(0));
  download(data.name, new Blob([bytes], { type: data.kind }));
}

function showReproduction(data) {
  reproduceDialog(app, data);
}

// Keys and the room ----------------------------------------------------------------------------------------------

/** Turns larger type and one chart at a time on or off. */
function toggleRoom() {
  app.room = !app.room;
  shell.room.setAttribute("aria-pressed", String(app.room));
  document.documentElement.classList.toggle("room", app.room);
  app.view?.room?.(app.room);
}

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches?.("input[type=text], input[type=number], textarea")) return;
  const key = event.key.toLowerCase();
  if (key === "z" || key === "y") {
    event.preventDefault();
    app.send({ type: key === "y" || event.shiftKey ? "redo" : "undo" });
  }
});

window.foresight.connect = connect;
if (window.foresight.model) connect(window.foresight.model);
