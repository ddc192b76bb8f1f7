// The charts of Explore: one at a time, with a tab and a key for each, or all of them at once.
import { mountChart } from "../charts/frame.js";
import { h, icon } from "../dom.js";
import { go } from "../navigation.js";
import { whoGains } from "./who.js";

const REST = 100; // milliseconds after the newest picture when charts out of sight show it too
const ALL = "all";
const MANY = "M2.5 2.5h4.5v4.5h-4.5zM9 2.5h4.5v4.5h-4.5zM2.5 9h4.5v4.5h-4.5zM9 9h4.5v4.5h-4.5z";
const ONE = "M2.5 2.5h11v11h-11z";
const TYPED = "input:not([type=range]), select, textarea, [contenteditable]";

/** Makes the charts; `show` takes a picture, `renew` a page, `settle` what comes once a hand rests. */
export function stage(app, data) {
  const view = { app, charts: new Map(), chosen: data.chart, picture: null, ghosts: null, base: null, resting: 0 };
  view.sight = watchSight(view);
  view.who = whoGains(app, data, () => showMap(view));
  view.list = h("div", { class: "charts" });
  view.whoCard = h("div", { class: "card who", "data-chart": "map" });
  view.maps = mapChoice(app, data);
  view.tabs = tabList(view, data);
  view.node = h("div", { class: "viewer" }, h("div", { class: "chart-pages" }, view.tabs.node, view.list), view.whoCard);
  mount(view, data);
  const press = (event) => pressed(view, event);
  document.addEventListener("keydown", press);
  return {
    node: view.node,
    head: view.tabs.node,
    show: (frame) => showFrame(view, frame),
    renew: (newer) => renew(view, newer),
    settle() {
      view.who.settle();
      if (view.picture) showMap(view);
      view.charts.forEach(({ chart }) => chart.settle());
    },
    resize: () => view.charts.forEach(({ chart }) => chart.resize()),
    destroy() {
      document.removeEventListener("keydown", press);
      unmount(view);
      view.sight.disconnect();
    },
  };
}

// Tabs -----------------------------------------------------------------------------------------------------------

/** Makes a tab for each chart, and the button for all of them. */
function tabList(view, data) {
  const { app } = view;
  const choose = (id) => {
    app.send({ type: "view", name: "chart", value: id, quiet: true });
    turn(view, id);
  };
  const tabs = data.charts.slice(0, -1).map(({ spec }, at) => h("button", {
    type: "button", role: "tab", id: `tab-${spec.id}`, "aria-controls": `panel-${spec.id}`, "aria-keyshortcuts": String(at + 1),
    title: `${spec.title} (${at + 1})`, "data-tab": spec.id, onclick: () => choose(spec.id),
  }, spec.tab));
  const list = h("div", { role: "tablist", class: "tabs", "aria-label": app.say("first_tabs") }, tabs);
  list.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = tabs.indexOf(document.activeElement);
    if (!by || at < 0) return;
    const next = tabs[(at + by + tabs.length) % tabs.length];
    choose(next.dataset.tab);
    next.focus();
  });
  const other = () => (view.chosen === ALL ? tabs[0].dataset.tab : ALL);
  const all = h("button", { type: "button", class: "tool round all", onclick: () => choose(other()) });
  const show = () => {
    tabs.forEach((tab) => {
      const here = tab.dataset.tab === view.chosen;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here || (view.chosen === ALL && tab === tabs[0]) ? 0 : -1;
    });
    const name = view.chosen === ALL ? app.say("first_one") : app.say("first_all");
    all.replaceChildren(icon(view.chosen === ALL ? ONE : MANY));
    all.title = name;
    all.setAttribute("aria-label", name);
  };
  return { node: h("div", { class: "tab-row" }, list, all), tabs, choose, show };
}

/** Chooses a chart by its number, wherever no number is typed. */
function pressed(view, event) {
  const tab = view.tabs.tabs[Number(event.key) - 1];
  if (!tab || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(`${TYPED}, dialog`)) return;
  event.preventDefault();
  view.tabs.choose(tab.dataset.tab);
}

/** Turns to another chart, or to all. */
function turn(view, id) {
  const remount = (view.chosen === ALL) !== (id === ALL);
  view.chosen = id;
  if (remount) {
    unmount(view);
    mount(view, view.data);
    if (view.picture) showRest(view);
  } else showChosen(view);
}

/** Shows the chart that is chosen, or all. */
function showChosen(view) {
  const all = view.chosen === ALL;
  view.node.classList.toggle("wall", all);
  view.node.classList.toggle("filled", !all);
  view.tabs.show();
  for (const [id, { card, chart }] of view.charts) {
    if (id === "map") continue;
    const hidden = !all && id !== view.chosen;
    if (card.hidden === hidden) continue;
    card.hidden = hidden;
    if (!hidden) chart.resize();
  }
}

// Charts ---------------------------------------------------------------------------------------------------------

/** Makes the charts of a page. */
function mount(view, data) {
  const { app } = view;
  view.data = data;
  view.key = keyOf(data);
  view.node.classList.toggle("wall", view.chosen === ALL);
  view.node.classList.toggle("filled", view.chosen !== ALL);
  for (const { spec } of data.charts) {
    const map = spec.type === "tiles";
    const panel = { role: "tabpanel", id: `panel-${spec.id}`, "aria-labelledby": `tab-${spec.id}` };
    const card = map ? view.whoCard : h("div", { class: "card", "data-chart": spec.id, ...panel });
    if (map) card.append(view.who.head, view.maps.node);
    else view.list.append(card);
    const chart = mountChart(card, map ? mapSpec(view, spec) : spec, app.words);
    if (map) {
      card.append(view.who.foot);
      chart.setYear(view.chosen === ALL ? spec.year : spec.years.at(-1));
    }
    view.charts.set(spec.id, { chart, card, note: spec.note ?? "", inSight: true, due: Boolean(view.picture) });
    view.sight.observe(card);
  }
  showChosen(view);
}

/** Says what a page needs its charts for. */
const keyOf = ({ charts }) => JSON.stringify(charts.map(({ spec: { note, year, ...rest } }) => rest));

function unmount(view) {
  clearTimeout(view.resting);
  view.charts.forEach(({ chart, card }) => { chart.destroy(); view.sight.unobserve(card); });
  view.charts.clear();
  view.list.replaceChildren();
  view.whoCard.replaceChildren();
}

/** Takes a newer page. */
function renew(view, newer) {
  view.who.renew(newer);
  view.maps.show(newer);
  const same = keyOf(newer) === view.key;
  view.data = newer;
  if (!same) {
    unmount(view);
    mount(view, newer);
  }
  newer.charts.forEach(({ spec }) => { view.charts.get(spec.id).note = spec.note ?? ""; });
}

/** Says what the map tells: the year that is chosen, and the member that is picked. */
function mapSpec({ app, chosen }, spec) {
  const onyear = (year) => app.send({ type: "view", name: "year", value: year, quiet: true });
  return { ...spec, compact: chosen !== ALL, title: app.say("map"), onyear, onpick: (id) => go(app, `members/${id}`) };
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

// Pictures -------------------------------------------------------------------------------------------------------

/** Watches which charts are in sight; one that comes into sight shows the newest picture. */
function watchSight(view) {
  return new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const one = view.charts.get(target.dataset.chart);
      if (one) one.inSight = isIntersecting;
    }
    showDue(view, (one) => one.inSight);
  });
}

/** Shows a picture: first in the charts that are in sight; the others follow once no newer one comes. */
function showFrame(view, frame) {
  if (frame.ghosts) view.ghosts = frame.ghosts;
  if (frame.base) view.base = frame.base;
  view.picture = frame;
  view.charts.forEach((one) => { one.due = true; });
  showDue(view, (one) => one.inSight && !one.card.hidden);
  clearTimeout(view.resting);
  view.resting = setTimeout(() => showRest(view), REST);
}

/** Shows the newest picture in all charts. */
function showRest(view) {
  showDue(view, () => true);
  document.documentElement.dataset.drawn = view.picture.stamp ?? "";
}

/** Shows the newest picture in those charts of a kind that do not show it yet. */
function showDue(view, meant) {
  const { charts, picture, ghosts, base } = view;
  for (const [id, one] of charts) {
    if (!one.due || !meant(one)) continue;
    one.due = false;
    if (id === "map") {
      showMap(view);
      continue;
    }
    const ghost = picture.ghosted ? ghosts?.[id] ?? null : null;
    one.chart.update({ ...picture.charts[id], ghost, base: picture.based ? base?.charts[id] ?? null : null, note: one.note });
  }
}

/** Shows the map, which decides itself on its note. */
function showMap(view) {
  const one = view.charts.get("map");
  if (view.picture && one) one.chart.update({ note: one.note, ...view.who.shown(view.picture, view.base?.map) });
}
