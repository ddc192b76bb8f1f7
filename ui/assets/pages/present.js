// Present: one chart and its result in type that a whole room can read; over the page, or in a second window that follows.
import { mountChart } from "../charts/frame.js";
import { showResult } from "../charts/result.js";
import { upTo } from "../charts/reveal.js";
import { leverPanel } from "../controls/levers.js";
import { mover } from "../controls/mover.js";
import { fill, h, icon } from "../dom.js";

const KEPT = "foresight.present";
const YEAR = 500; // milliseconds that a year is shown while years are played
const AWAKE = 3000; // milliseconds that the buttons stay after the pointer has moved
const ICONS = { previous: "M10 3 5 8l5 5", next: "M6 3l5 5-5 5", play: "M4 2.5v11l9-5.5z", leave: "M4 4l8 8M12 4l-8 8" };

/**
 * Makes the stage: `page` and `frame` feed it. What `act` has: send(message) where there is a session, which gives it levers,
 * and leave().
 */
export function makeStage(act) {
  const { chart = "", on = false } = recall();
  const stage = { act, id: chart, on, page: null, data: null, chart: null, year: null, playing: 0, waking: 0, levers: null };
  stage.nodes = buildNodes(stage);
  const { result, numbers, place, chart: plot, drawer, name, told, hint, tools } = stage.nodes;
  stage.node = h(
    "section",
    { class: "present", role: "region", tabindex: "-1", onkeydown: (event) => press(stage, event) },
    h("header", { class: "present-head" }, result, numbers),
    h("div", { class: "present-body" }, h("div", { class: "present-chart" }, plot), drawer),
    h("footer", { class: "present-foot" }, place, name, told, hint, tools),
  );
  stage.node.addEventListener("pointermove", () => wake(stage));
  return {
    node: stage.node,
    wasOn: on,
    page: (page) => takePage(stage, page),
    frame: (data) => takeFrame(stage, data),
    controls: (controls) => stage.levers?.update(prefixed(controls)),
    press: (event) => press(stage, event),
    tell: (text) => { stage.nodes.told.textContent = text; },
    print: (told) => takePrint(stage, told),
    turn: (id) => { if (stage.page?.charts.some(({ spec }) => spec.id === id)) showChart(stage, id); },
    keep: (shown) => { stage.on = shown; keep(stage); },
    stop: () => { halt(stage); stage.chart?.destroy(); stage.chart = null; },
  };
}

function buildNodes(stage) {
  const nodes = {
    result: h("h1", { class: "present-result", "aria-live": "polite" }),
    numbers: h("p", { class: "present-numbers" }),
    place: h("span", { class: "present-place" }),
    chart: h("div", { class: "present-plot" }),
    drawer: h("aside", { class: "present-levers", hidden: true }),
    name: h("span", { class: "present-name" }),
    told: h("strong", { role: "status" }),
    hint: h("span", { class: "present-hint" }),
    tools: h("span", { class: "present-tools" }),
  };
  const button = (name) => h("button", { type: "button", onclick: () => DOES[name](stage) }, icon(ICONS[name]));
  nodes.buttons = Object.fromEntries(Object.keys(ICONS).map((name) => [name, button(name)]));
  nodes.tools.append(...Object.values(nodes.buttons));
  return nodes;
}

// What it is fed -------------------------------------------------------------------------------------------------

/** Takes the newest page: which charts there are, in which words, and the levers. */
function takePage(stage, page) {
  const { nodes } = stage;
  stage.page = page;
  stage.say = (key, values = {}) => fill(page.words[key] ?? key, values);
  document.documentElement.lang = page.words.locale;
  stage.node.setAttribute("aria-label", stage.say("present"));
  nodes.drawer.setAttribute("aria-label", stage.say("levers"));
  const { previous, next, play: plays, leave } = nodes.buttons;
  nameButton(previous, stage.say("present_previous"));
  nameButton(next, stage.say("present_next"));
  nameButton(plays, stage.say("play"));
  nameButton(leave, stage.say("present_leave"));
  showHint(stage);
  stage.years = page.charts.find(({ spec }) => spec.type === "fan").spec.years;
  showLevers(stage);
  showChart(stage, stage.id || page.chart);
}

/** Says which keys do what: those of the levers while these are open. */
function showHint({ act, nodes, say }) {
  const own = act.send ? [say("room_keys_scenario"), say("present_keys_levers")] : [];
  nodes.hint.textContent = nodes.drawer.hidden ? [...own, say("present_keys")].join(" · ") : say("room_keys_levers");
}

function nameButton(button, name) {
  button.setAttribute("aria-label", name);
  button.title = name;
}

/** Takes the newest picture. What was before, and what is unchanged, stay until others are sent. */
function takeFrame(stage, data) {
  const { ghosts = null, base = null } = stage.data ?? {};
  stage.data = { ghosts, base, ...data };
  show(stage);
}

/** Takes what a change is called, once it has been made: scales may get smaller again. On another page no picture comes with it. */
function takePrint(stage, { name, digest, pictured }) {
  if (pictured) stage.digest = digest;
  else if (stage.digest !== digest) return stage.page && stage.nodes.told.replaceChildren(stage.say("present_elsewhere"));
  stage.nodes.told.textContent = "";
  stage.nodes.name.textContent = name;
  if (stage.year === null) stage.chart?.settle();
  return undefined;
}

// What it shows --------------------------------------------------------------------------------------------------

/** Shows a chart, the first one if there is none of that name. */
function showChart(stage, id) {
  const { charts, words } = stage.page;
  const at = Math.max(0, charts.findIndex(({ spec }) => spec.id === id));
  const { spec } = charts[at];
  stage.id = spec.id;
  stage.spec = spec;
  stage.chart?.destroy();
  // No other chart of the page has its name; where steps are due, all of them are in sight.
  const own = { id: `present-${spec.id}`, note: "", fit: spec.due ? 0 : spec.fit };
  stage.chart = mountChart(stage.nodes.chart, { title: "", ...spec, ...own }, words);
  stage.chart.resize();
  if (stage.data) stage.chart.update(drawn(stage)); // all years, so that the scale holds them while they are played
  stage.nodes.place.textContent = `${at + 1} / ${charts.length}`;
  keep(stage);
  show(stage);
}

/** Shows the newest picture, up to a year while years are played. */
function show(stage) {
  const { data, spec, year, chart } = stage;
  if (!data || !chart) return;
  chart.update(upTo(spec, drawn(stage), year));
  if (spec.type === "tiles") chart.setYear(year ?? stage.years.at(-1));
  showResult(stage);
  document.documentElement.dataset.stamp = data.stamp ?? "";
}

/** Returns what a chart shows of the newest picture. */
function drawn({ data, spec, page }) {
  if (spec.type === "tiles") return { ...data.map, own: page.country, note: "" };
  const of = (lines) => lines?.[spec.id] ?? null;
  const [ghost, base] = [data.ghosted ? of(data.ghosts) : null, data.based ? of(data.base?.charts) : null];
  return { ...data.charts[spec.id], ghost, base, note: "" };
}

// What keys do ---------------------------------------------------------------------------------------------------

const DOES = {
  next: (stage) => turn(stage, 1),
  previous: (stage) => turn(stage, -1),
  play: (stage) => (stage.playing ? halt(stage) : play(stage)),
  black: (stage) => stage.node.classList.toggle("black"),
  drawer: (stage) => toggleDrawer(stage),
  scenario: (stage) => openNext(stage),
  full: () => fullScreen(),
  leave: (stage) => (stage.nodes.drawer.hidden ? stage.act.leave() : toggleDrawer(stage)),
};

/** Keys by where they are, so that they are the same in every script; a remote control turns pages. */
const KEYS = {
  ArrowRight: "next", PageDown: "next", ArrowLeft: "previous", PageUp: "previous",
  KeyP: "play", KeyB: "black", Period: "black", KeyL: "drawer", KeyS: "scenario", KeyF: "full", Escape: "leave",
};

function press(stage, event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !stage.page) return;
  if (event.target.matches?.("input, select, textarea") && event.code !== "Escape" && event.code !== "KeyL") return;
  const number = Number(/^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1]);
  const { charts } = stage.page;
  if (number <= charts.length) showChart(stage, charts[number - 1].spec.id);
  else if (event.code in KEYS) DOES[KEYS[event.code]](stage);
  else return;
  event.preventDefault();
  stage.node.classList.add("learnt");
}

/** Opens the next scenario, where there is a session: a story is told one future after the other. */
function openNext({ page: { scenarios: { options, value } }, act }) {
  const at = options.findIndex((one) => one.value === value);
  act.send?.({ type: "scenario", name: options[(at + 1) % options.length].value });
}

function turn(stage, by) {
  const { charts } = stage.page;
  const at = charts.findIndex(({ spec }) => spec.id === stage.id);
  showChart(stage, charts[(at + by + charts.length) % charts.length].spec.id);
}

/** Plays the years from the first one, and then shows all. */
function play(stage) {
  stage.node.classList.add("playing");
  const step = () => {
    if (stage.year === stage.years.at(-1)) return halt(stage);
    stage.year = stage.year === null ? stage.years[0] : stage.year + 1;
    return show(stage);
  };
  stage.playing = setInterval(step, YEAR);
  step();
}

/** Ends the play of the years. */
function halt(stage) {
  clearInterval(stage.playing);
  stage.node.classList.remove("playing");
  Object.assign(stage, { playing: 0, year: null });
  show(stage);
}

/** Fills the screen, where the browser lets a page do so. */
export function fullScreen() {
  return document.documentElement.requestFullscreen?.().catch(() => null);
}

/** Shows the buttons for a while. */
function wake(stage) {
  clearTimeout(stage.waking);
  stage.node.classList.add("awake");
  stage.waking = setTimeout(() => stage.node.classList.remove("awake"), AWAKE);
}

// Levers ---------------------------------------------------------------------------------------------------------

/** Makes the levers of efforts, where there is a session that they move. */
function showLevers(stage) {
  const { page, act, nodes } = stage;
  if (!act.send) return;
  if (stage.levers) return stage.levers.update(prefixed(page.controls));
  const move = mover({ send: act.send });
  const tell = (what, values, final) => move(what.replace(/^present-/, ""), values, final);
  stage.levers = leverPanel({ say: stage.say, words: page.words, send: act.send }, prefixed(page.controls), tell);
  nodes.drawer.append(stage.levers.node);
}

/** Returns the efforts under names that no control of the page has. */
function prefixed(groups) {
  const own = ({ id, ...rest }) => ({ ...rest, id: `present-${id}` });
  return groups.filter((group) => group.open).map((group) => ({ ...group, controls: group.controls.map(own) }));
}

function toggleDrawer(stage) {
  const { act, nodes, node } = stage;
  if (!act.send) return;
  nodes.drawer.hidden = !nodes.drawer.hidden;
  showHint(stage);
  if (nodes.drawer.hidden) node.focus();
  else nodes.drawer.querySelector("input")?.focus();
}

// A reload -------------------------------------------------------------------------------------------------------

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keep({ id, on }) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ chart: id, on }));
  } catch {
    // Without a store it begins anew after a reload.
  }
}
