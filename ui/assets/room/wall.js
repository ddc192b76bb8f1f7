// The wall: what all in a room look at. It shows one scene at a time, large, and never scrolls.
import { fill, h } from "../dom.js";
import { listen } from "./wall-line.js";
import { entrance, lettersOf, plain, said, sceneOf } from "./wall-scenes.js";
import { ENDS, PHASES } from "./wall-parts.js";
import { corner } from "./wall-tree.js";

const KEPT = "foresight.wall.size";
const [LEAST, MOST] = [0.6, 1.6]; // times the usual size of letters

const texts = JSON.parse(document.getElementById("texts").textContent);
const say = (key, values = {}) => fill(texts[key], values);
const written = (digits, options) =>
  new Intl.NumberFormat(texts.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, ...options });
const room = {
  say,
  names: null,
  number: (value, digits) => written(digits).format(value),
  signed: (value, digits) => written(digits, { signDisplay: "exceptZero" }).format(value),
};

const kicker = h("p", { class: "kicker" });
const timer = h("p", { class: "timer", role: "timer" });
const stage = h("main", {});
const join = h("span", {});
const people = h("span", {});
const tree = h("span", {});
const lost = h("span", { class: "lost", role: "alert", hidden: true }, say("lost"));
const foot = h("footer", { hidden: true }, join, tree, people);
const black = h("div", { class: "black", hidden: true, role: "img", "aria-label": say("black") });
const keys = h("p", { class: "keys" }, say("keys"));
document.getElementById("wall").append(h("header", {}, kicker, timer), stage, foot, keys, lost, black);

let scene = said(say("waiting"));
let shown = "";
let view = null;
let ahead = 0; // seconds that the clock of the server is ahead
let size = Number(remembered()) || 1;

stage.append(scene.node);
begin();

function begin() {
  const code = new URLSearchParams(location.search).get("c");
  addEventListener("resize", fit);
  addEventListener("keydown", press);
  addEventListener("pointermove", awake);
  document.fonts.ready.then(fit);
  if (!code) return put("entrance", entrance(room, ""));
  fit();
  setInterval(tick, 250);
  navigator.wakeLock?.request("screen").catch(() => {}); // where it may; only then does the screen stay on by itself
  return listen({ face: "wall", code: lettersOf(code), language: texts.language }, hear, () => (lost.hidden = false));
}

/** Takes a message of the server. */
function hear(message) {
  lost.hidden = true;
  if (message.refused) return put("entrance", entrance(room, message.text));
  if (message.welcome) {
    room.names = message.welcome.names;
    ahead = message.welcome.now - Date.now() / 1000;
  }
  if (message.view) show(message.view);
  return undefined;
}

/** Shows a view: what is the same stays, so that nothing begins anew. */
function show(next) {
  view = next;
  const [key, make] = sceneOf(view);
  frame();
  if (key !== shown) put(key, make(room, view));
  scene.update(view);
  fit();
}

/** Puts a scene on the wall. */
function put(key, next) {
  shown = key;
  scene = next;
  stage.replaceChildren(scene.node);
  fit();
  scene.start?.();
}

/** Brings up to date what stands around the scene. */
function frame() {
  kicker.textContent = playing(view).join(" · ");
  foot.hidden = view.stage === "welcome";
  join.textContent = `${plain(room.names.join.address)} · ${view.code}`;
  people.textContent = say("here", { n: view.people });
  tree.replaceChildren(...[view.stage === "debrief" && view.look === "paths" ? null : corner(room, view)].filter(Boolean));
  tick();
}

/** Says which round is played, or was shown last, and which years it decides. */
function playing({ stage, look, question, result }) {
  if (stage !== "practice" && stage !== "round" && !(stage === "debrief" && look > 1)) return [];
  const phase = question?.phase ?? PHASES.find((one) => ENDS[one] === result?.last);
  if (!phase) return [];
  const round = stage === "practice" ? say("practice") : say("round", { n: phase - 1 });
  return [round, say("years", { first: ENDS[phase - 1] + 1, last: ENDS[phase] })];
}

/** Writes how much time is left. */
function tick() {
  const left = view?.until ? Math.max(0, Math.ceil(view.until - ahead - Date.now() / 1000)) : null;
  timer.hidden = left === null || (left === 0 && !view.asking);
  if (timer.hidden) return;
  timer.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  timer.classList.toggle("over", left === 0);
}

/** Takes letters smaller until the scene fits, and then draws its pictures. */
function fit() {
  for (let now = size; now >= LEAST; now -= 0.04) {
    document.documentElement.style.setProperty("--size", now);
    if (!overflows()) break;
  }
  scene.layout();
}

function overflows() {
  return [stage, scene.node, ...scene.node.querySelectorAll(".sides, .sides > *")].some(
    (node) => node.scrollHeight > node.clientHeight + 1 || node.scrollWidth > node.clientWidth + 1,
  );
}

/** Answers the keys of whoever stands at the wall. */
function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return;
  const key = event.key.toLowerCase();
  if (key === "b") black.hidden = !black.hidden;
  else if (key === "f")
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen().catch(() => {});
  else if (["+", "="].includes(key)) resize(0.1);
  else if (["-", "−"].includes(key)) resize(-0.1);
  else return;
  event.preventDefault();
}

function resize(by) {
  size = Math.min(MOST, Math.max(LEAST, size + by));
  try {
    localStorage.setItem(KEPT, size);
  } catch {
    // a browser that keeps nothing shows the usual size next time
  }
  fit();
}

function remembered() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/** Shows which keys there are for as long as somebody moves the pointer. */
function awake() {
  keys.classList.add("awake");
  clearTimeout(awake.timer);
  awake.timer = setTimeout(() => keys.classList.remove("awake"), 3000);
}
