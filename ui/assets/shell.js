// The shell around every page: menu and tools, notices and messages, and a calm sign that something is under way.
import { checkpointDialog } from "./dialogs.js";
import { h, icon } from "./dom.js";
import { follow } from "./navigation.js";

const CALM = 300; // only what takes longer than this shows that it is under way
const GOOD = 6000; // how long good news stay
const PHONE = matchMedia("(max-width: 800px)");
const FILES = ["brief", "csv", "xlsx", "iamc", "toml"];
const ICONS = {
  undo: "M3 7h7a3.5 3.5 0 0 1 0 7H6M3 7l3-3M3 7l3 3",
  redo: "M13 7H6a3.5 3.5 0 0 0 0 7h4M13 7l-3-3M13 7l-3 3",
  keep: "M4 2h8v12l-4-3.5L4 14z",
  share: "M8 10V2M5 4.5L8 2l3 2.5M5 7H3.5v7h9V7H11",
};

const shell = {};
PHONE.addEventListener("change", () => shell.showMenu?.());

/** Shows what stands around a page; returns the part that the page is shown in, and whether another page was there before. */
export function showShell(app, data) {
  const same = shell.language === data.language && shell.path === data.path; // then an open list stays open
  if (shell.language !== data.language) build(app, data);
  const moved = shell.path !== undefined && shell.path !== data.path;
  shell.path = data.path;
  shell.showMenu = () => shell.menu.replaceChildren(...menuOf(app, data));
  if (!same) shell.showMenu();
  showStatus(data);
  showNotices(data);
  document.title = `${data.title} · ${app.say("title")}`;
  if (early) showMessage(app, early);
  early = null;
  return { main: shell.main, moved };
}

/** Builds the shell, once for each language. */
function build(app, data) {
  document.documentElement.lang = app.words.locale;
  shell.language = data.language;
  shell.menu = h("nav", { "aria-label": app.say("menu_label"), class: "menu" });
  shell.undo = tool(app, "undo", "undo", ICONS.undo);
  shell.redo = tool(app, "redo", "redo", ICONS.redo);
  shell.busy = h("div", { class: "busy", role: "status", hidden: true });
  shell.messages = h("div", { class: "messages", "aria-live": "polite", role: "region", "aria-label": app.say("message_label") });
  shell.notices = h("aside", { class: "notices", "aria-label": app.say("access_notices") });
  shell.main = h("main", { id: "main", tabindex: "-1" });
  const header = h(
    "header",
    { class: "top" },
    skipLink(app),
    h("div", { class: "brand" }, h("strong", {}, app.say("title")), h("span", {}, app.say("subtitle"))),
    shell.menu,
    h("div", { class: "tools" }, shell.undo, shell.redo, keepButton(app), presentMenu(app), shareMenu(app), languageChoice(app, data)),
  );
  document.getElementById("app").replaceChildren(header, shell.notices, shell.messages, shell.main, shell.busy);
}

// Tools ----------------------------------------------------------------------------------------------------------

/** Makes the link that leads a keyboard past the tools. */
function skipLink(app) {
  const skip = (event) => { event.preventDefault(); shell.main.focus(); };
  return h("a", { class: "skip", href: "#main", onclick: skip }, app.say("skip"));
}

/** Makes a button that sends a message without more. */
function tool(app, type, label, path) {
  const name = app.say(label);
  const send = () => app.send({ type });
  return h("button", { type: "button", class: "tool round", "aria-label": name, title: name, onclick: send }, icon(path));
}

/** Makes the button that keeps what is on the screen. */
function keepButton(app) {
  const name = app.say("checkpoint");
  const attributes = { type: "button", class: "tool keep", title: name, "aria-label": name, onclick: () => checkpointDialog(app) };
  return h("button", attributes, icon(ICONS.keep), h("span", {}, name));
}

/** Makes the menu of what is handed on: the link, the three ways to make it again, and files. */
function shareMenu(app) {
  return dropMenu([icon(ICONS.share), h("span", {}, app.say("share"))], "tool strong", [
    [app.say("link_item"), () => app.send({ type: "share", at: `${location.origin}${location.pathname}` })],
    [app.say("reproduce"), () => app.send({ type: "reproduce" })],
    ...FILES.map((kind) => [app.say(`export_${kind}`), () => app.send({ type: "export", format: kind })]),
  ]);
}

/** Makes the menu of what is presented: here, or in a window that follows. */
function presentMenu(app) {
  return dropMenu(app.say("present"), "tool present-menu", [
    [app.say("present_here"), () => app.present.here()],
    [app.say("present_beside"), () => app.present.beside()],
  ]);
}

/** Makes a menu that closes once something is chosen. */
function dropMenu(label, look, entries) {
  const close = () => { details.open = false; details.firstElementChild.focus(); };
  const items = entries.map(([name, act]) => h("button", { type: "button", onclick: () => { close(); act(); } }, name));
  const details = h("details", { class: "drop" }, h("summary", { class: look }, label), h("div", { class: "drop-list" }, items));
  closing(details);
  return details;
}

/** Makes the choice of a language; where there is little room the first letters stand for the one that is chosen. */
function languageChoice(app, data) {
  const option = ({ value, label }) => h("option", { value, selected: value === data.language, lang: value }, label);
  const select = h("select", { "aria-label": app.say("language"), onchange: () => {
    try { localStorage.setItem("foresight.language", select.value); } catch { /* not kept */ }
    app.send({ type: "language", language: select.value });
  } }, data.languages.map(option));
  const { label } = data.languages.find(({ value }) => value === data.language);
  return h("label", { class: "tongue" }, h("span", { "aria-hidden": "true" }, label.slice(0, 2)), select);
}

/** Makes the menu: the first pages and a list of the others, or all of them in a list where there is little room. */
function menuOf(app, { menu, path }) {
  const links = menu.map((one) => ({ one, node: menuLink(app, one, path) }));
  const first = PHONE.matches ? [] : links.filter(({ one }) => !one.more);
  const rest = links.filter((link) => !first.includes(link));
  const here = rest.find(({ one }) => path.split("/")[0] === one.page);
  const name = here?.one.label ?? app.say("first_more");
  const summary = h("summary", { class: here ? "here" : null }, name, h("span", { "aria-hidden": "true" }, "\u00a0▾"));
  const list = h("details", { class: "drop more" }, summary, h("div", { class: "drop-list" }, rest.map(({ node }) => node)));
  closing(list);
  return [...first.map(({ node }) => node), list];
}

/** Lets a list that drops down close by Escape, by a look elsewhere, and once something is chosen. */
function closing(details) {
  const close = () => { details.open = false; };
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    close();
    details.firstElementChild.focus();
  });
  details.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !details.contains(event.relatedTarget)) close();
  });
  details.addEventListener("click", (event) => { if (event.target.closest("a")) close(); });
}

/** Makes a link of the menu. */
function menuLink(app, { page, label }, path) {
  const here = path.split("/")[0] === page;
  return h("a", { href: `#${page}`, "aria-current": here ? "page" : null, onclick: (event) => follow(app, event, page) }, label);
}

/** Shows whether there is something to undo or redo. */
export function showStatus(data) {
  shell.undo.disabled = !data.undo;
  shell.redo.disabled = !data.redo;
}

// What is said ---------------------------------------------------------------------------------------------------

let early = null; // a message that came before the first page

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
  shell.notices.hidden = !notes.length;
}

/** Shows a message until it is dismissed, or for a while if it is good news. */
export function showMessage(app, data) {
  if (!shell.messages) {
    early = data;
    return;
  }
  const { tone, text, problems = [], act } = data;
  const dismiss = () => box.remove();
  const close = h("button", { type: "button", class: "tool round", "aria-label": app.say("dismiss"), onclick: dismiss }, "×");
  const list = problems.length ? h("ul", {}, problems.map((one) => problemLine(app, one))) : null;
  const button = act ? h("button", { type: "button", class: "tool small", onclick: act.run }, act.label) : null;
  const role = tone === "error" ? "alert" : "status";
  const box = h("div", { class: `message ${tone}`, role }, h("div", {}, h("p", {}, text), list, button), close);
  shell.messages.replaceChildren(box);
  if (tone === "good") setTimeout(dismiss, GOOD);
}

/** Takes good news away with the page that they came on. */
export function leaveNews() {
  shell.messages?.querySelector(".good")?.remove();
}

/** Makes the line of a problem; what may stand there instead waits behind a click where it is long. */
function problemLine(app, { text, allowed }) {
  const more = allowed ? h("details", {}, h("summary", {}, app.say("f_allowed")), h("p", {}, allowed)) : null;
  return h("li", {}, text, more);
}

let busyTimer = 0;

/** Shows calmly that something is under way, once it takes a moment. */
export function showBusy(app, { busy }) {
  clearTimeout(busyTimer);
  if (!shell.busy) return; // the first page is still to come, and says so
  if (!busy) {
    shell.busy.hidden = !engine;
    if (engine) showBar(engine.text, engine.share, 1);
    return;
  }
  busyTimer = setTimeout(() => {
    shell.busy.replaceChildren(h("span", {}, app.say("computing")));
    shell.busy.hidden = false;
  }, CALM);
}

/** Shows how far something is that is under way. */
export function showProgress(app, { done, total }) {
  if (!shell.busy || shell.busy.hidden) return;
  showBar(app.say("computing"), done, total);
}

let engine = null; // how far it is while it is being compiled: {text, share}

/** Shows how far the engine is until it is ready, whenever nothing else is under way. */
export function showEngine(app, { text, share }) {
  engine = share < 1 ? { text, share } : null;
  showBusy(app, { busy: false });
}

/** Draws a bar; one that is there already is moved, so that its text is not read out again. */
function showBar(label, done, total) {
  const bar = shell.busy.querySelector("progress");
  if (bar?.getAttribute("aria-label") === label) bar.value = done;
  else shell.busy.replaceChildren(h("span", {}, label), h("progress", { max: total, value: done, "aria-label": label }));
}
