// Explore: levers beside charts that follow them.
import { mountChart, setText } from "../charts/frame.js";
import { leverPanel } from "../controls/levers.js";
import { h } from "../dom.js";
import { go } from "../navigation.js";
import { uploader } from "../upload.js";

const PAUSE = 15; // milliseconds between two moves that are sent: faster would only queue
const REST = 100; // milliseconds after the newest picture when charts out of sight show it too

/** Shows the page. */
export function showExplore(app, host, data) {
  const view = { kind: "explore", language: data.language, ghosts: null, charts: new Map(), chosen: 0, picture: null, resting: 0 };
  view.sight = watchSight(view);
  const sentence = h("p", { class: "headline", "aria-live": "polite" });
  const glance = h("p", { class: "glance", "aria-hidden": "true" }); // a phone shows levers and charts one above the other
  const points = h("strong", { class: "points" });
  const runs = h("span", { class: "hint" });
  const effects = h("span", { class: "hint" });
  const bands = h("p", { class: "hint band-hint" });
  const scenario = h("div", { class: "scenario" });
  const panel = leverPanel(app, data.controls, mover(app));
  const wide = !matchMedia("(max-width: 800px)").matches;
  const drawer = h("details", { class: "drawer", open: wide }, h("summary", {}, app.say("levers")), panel.node);
  const charts = h("div", { class: "charts" });
  const map = mapChoice(app, data);
  const stage = stageTools(app, view);
  const spent = h("div", { class: "spent" }, points, runs, effects);
  const title = h("h1", { class: "visually-hidden" }, data.title);
  host.append(h(
    "div",
    { class: "explore" },
    h("aside", { class: "side", "aria-label": app.say("levers") }, scenario, spent, drawer),
    h("section", { class: "stage" }, title, sentence, bands, stage, charts),
    glance,
  ));
  mountCharts(app, view, charts, map, data);

  view.renew = (newer) => {
    showScenario(app, scenario, newer);
    panel.update(newer.controls);
    map.show(newer);
    newer.charts.forEach(({ spec }) => { view.charts.get(spec.id).note = spec.note ?? ""; });
    if (newer.charts.at(-1).spec.tiles.length !== view.tiles || newer.charts[0].spec.n !== view.n) {
      unmount(view);
      charts.replaceChildren();
      mountCharts(app, view, charts, map, newer);
    }
  };
  view.scenario = (newer) => showScenario(app, scenario, newer);
  view.controls = (controls) => panel.update(controls);
  view.frame = (frame) => showFrame(view, frame, { sentence, glance, points, runs, effects, bands });
  view.room = () => showStage(app, view);
  view.destroy = () => unmount(view);
  showScenario(app, scenario, data);
  showStage(app, view);
  return view;
}

/** Sends moves, the newest first, no faster than the pause. */
function mover(app) {
  let waiting = null;
  let timer = 0;
  let last = 0;
  const send = () => {
    clearTimeout(timer);
    timer = 0;
    last = performance.now();
    app.send(waiting);
    waiting = null;
  };
  return (what, values, final) => {
    if (waiting && waiting.what !== what) send(); // what another control did is not to be lost
    waiting = { type: "move", what, values: { ...(waiting?.values ?? {}), ...values }, final, stamp: performance.now() };
    const rest = final ? 0 : PAUSE - (performance.now() - last);
    if (rest <= 0) send();
    else timer ||= setTimeout(send, rest);
  };
}

function mountCharts(app, view, host, map, data) {
  view.n = data.charts[0].spec.n;
  for (const { spec } of data.charts) {
    const card = h("div", { class: "card", "data-chart": spec.id });
    host.append(card);
    if (spec.type === "tiles") card.append(map.node);
    const chart = mountChart(card, spec.type === "tiles" ? mapSpec(app, spec) : spec, app.words);
    if (spec.type === "tiles") {
      view.tiles = spec.tiles.length;
      chart.setYear(spec.year);
    }
    view.charts.set(spec.id, { chart, card, note: spec.note ?? "", inSight: true, due: false });
    view.sight.observe(card);
  }
}

/** Watches which charts are in sight; one that comes into sight shows the newest picture. */
function watchSight(view) {
  return new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) view.charts.get(target.dataset.chart).inSight = isIntersecting;
    showDue(view, (one) => one.inSight);
  });
}

/** Says what the map tells: the year that is chosen, and the member that is picked. */
function mapSpec(app, spec) {
  const onyear = (year) => app.send({ type: "view", name: "year", value: year, quiet: true });
  return { ...spec, title: app.say("map"), onyear, onpick: (id) => go(app, `members/${id}`) };
}

function unmount(view) {
  clearTimeout(view.resting);
  view.sight.disconnect();
  view.charts.forEach(({ chart }) => chart.destroy());
  view.charts.clear();
}

/** Shows a picture: first in words and in the charts that are in sight; the others follow once no newer one comes. */
function showFrame(view, frame, texts) {
  if (frame.ghosts) view.ghosts = frame.ghosts;
  view.picture = frame;
  view.charts.forEach((one) => { one.due = true; });
  showDue(view, (one) => one.inSight);
  for (const [name, node] of Object.entries(texts)) setText(node, frame[name]);
  document.documentElement.dataset.stamp = frame.stamp ?? "";
  clearTimeout(view.resting);
  view.resting = setTimeout(() => {
    showDue(view, () => true);
    document.documentElement.dataset.drawn = frame.stamp ?? ""; // all charts show the newest picture
  }, REST);
}

/** Shows the newest picture in those charts of a kind that do not show it yet. */
function showDue({ charts, picture, ghosts }, meant) {
  for (const [id, one] of charts) {
    if (!one.due || !meant(one)) continue;
    one.due = false;
    if (id === "map") one.chart.update({ note: one.note, ...picture.map }); // what the map shows decides on its note
    else one.chart.update({ ...picture.charts[id], ghost: picture.ghosted ? ghosts?.[id] ?? null : null, note: one.note });
  }
}

/** Shows which scenario is open, and lets another be opened. */
function showScenario(app, host, data) {
  const { options, value, title, storyline, origin } = data.scenarios;
  const changed = value === "current";
  const list = changed ? [{ value: "current", label: app.say("changed_scenario", { title }) }, ...options] : options;
  const choose = () => app.send({ type: "scenario", name: select.value });
  const names = list.map((one) => h("option", { value: one.value, selected: one.value === value }, one.label));
  const select = h("select", { "aria-label": app.say("scenario"), "data-focus": "scenario", onchange: choose }, names);
  const told = [h("p", {}, storyline), h("p", { class: "hint" }, origin)];
  const story = h("details", { class: "story" }, h("summary", {}, app.say("storyline")), told, uploader(app, app.say("upload")));
  const open = host.querySelector("details")?.open;
  const focused = host.contains(document.activeElement);
  story.open = Boolean(open);
  host.replaceChildren(h("label", { class: "choice" }, h("span", { class: "lever-name" }, app.say("scenario")), select), story);
  if (focused) select.focus();
}

/** Makes the choice of what the map shows. */
function mapChoice(app, data) {
  const select = h("select", { "data-focus": "map", onchange: () => app.send({ type: "view", name: "map", value: select.value }) });
  const show = (newer) => {
    select.replaceChildren(...newer.maps.map((one) => h("option", { value: one.value, selected: one.value === newer.map }, one.label)));
  };
  show(data);
  return { node: h("label", { class: "choice map-choice" }, h("span", {}, app.say("map_shows")), select), show };
}

/** Makes the buttons that lead from chart to chart in the room. */
function stageTools(app, view) {
  const go = (by) => () => {
    view.chosen = (view.chosen + by + view.charts.size) % view.charts.size;
    showStage(app, view);
  };
  const back = h("button", { type: "button", class: "tool", onclick: go(-1) }, app.say("previous"));
  const on = h("button", { type: "button", class: "tool", onclick: go(1) }, app.say("next"));
  const tools = h("div", { class: "stage-tools", role: "group", "aria-label": app.say("room") }, back, on);
  tools.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") { go(1)(); on.focus(); }
    if (event.key === "ArrowLeft") { go(-1)(); back.focus(); }
  });
  return tools;
}

/** Shows one chart in the room, all of them elsewhere. */
function showStage(app, view) {
  [...view.charts.values()].forEach(({ card, chart }, at) => {
    card.hidden = app.room && at !== view.chosen;
    chart.resize();
  });
}
