// One's own country: where it stands, its steps and what would help it, beside the levers that move them.
import { mountChart, setText } from "../charts/frame.js";
import { mountLadders } from "../charts/ladders.js";
import { leverDrawer } from "../controls/drawer.js";
import { finder } from "../controls/finder.js";
import { leverPanel } from "../controls/levers.js";
import { mover } from "../controls/mover.js";
import { fill, h } from "../dom.js";
import { keepFold } from "../folds.js";
import { chooseCountry, follow, ownCountry } from "../navigation.js";

const TEXTS = ["future", "number", "of", "range", "base", "before", "place", "circle"];

/** Shows the page; `addBlocks` adds what any page may be made of. */
export function showCountry(app, host, data, addBlocks) {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, h("span", { class: `own-${name}` })]));
  const waits = h("p", { class: "hint", role: "status", hidden: !data.waits }, data.waits);
  const future = h("p", { class: "future-name" });
  const panel = leverPanel(app, data.controls, mover(app));
  const order = h("ol", { class: "own-order" });
  const steps = h("section", { class: "card own-steps" });
  const help = h("div", { class: "own-help" });
  const more = h("div", { class: "own-more" });
  const paths = h("div", { class: "own-paths" });
  const page = h("div", { class: "explore country awaiting" });
  const path = () => paths.firstElementChild;
  const drawer = leverDrawer(app, page, path, panel.node, (under) => path().classList.toggle("filled", under));
  const rest = h("div", { class: "own-rest" });
  const stage = h(
    "section",
    { class: "stage own" },
    headOf(app, data),
    future,
    h("div", { class: "own-top" }, standing(app, texts, waits, ordered(data.order, order)), helpCard(app, help)),
    steps,
    more,
    h("h2", {}, app.say("country_paths")),
    paths,
    rest,
  );
  const side = h("aside", { class: "side", "aria-label": app.say("levers") }, h("p", { class: "own-open" }, texts.future), drawer);
  page.append(side, stage);
  host.append(page);
  const showLadders = mountLadders(steps, data.ladders, {
    title: app.say("country_ladders"), action: app.say("country_action"), note: app.say("country_fill"),
    base: fill(app.say("country_in"), { name: data.base }), before: app.say("country_before"),
  });
  const charts = new Map(data.charts.map(({ spec }) => [spec.id, chartIn(app, paths, spec)]));
  let closer = [];
  addBlocks(app, rest, data.blocks);
  return {
    kind: "country",
    language: data.language,
    fits: (newer) => outlineOf(newer) === outlineOf(data),
    renew: (newer) => panel.update(newer.controls),
    controls: (controls) => panel.update(controls),
    frame(frame) {
      if (frame.code !== data.code) return; // of a member that was left
      TEXTS.forEach((name) => setText(texts[name], frame[name]));
      waits.hidden = true;
      page.classList.remove("awaiting");
      setText(future, frame.future);
      showLadders(frame.ladders);
      showOrder(app, order, frame);
      charts.forEach((chart, id) => chart.update(frame.charts[id]));
      [help, more].forEach((node) => node.classList.add("stale"));
      document.documentElement.dataset.stamp = frame.stamp ?? "";
      document.documentElement.dataset.drawn = frame.stamp ?? "";
    },
    closer(told) {
      if (told.code !== data.code) return;
      closer.forEach((chart) => chart.destroy());
      more.style.minBlockSize = `${more.offsetHeight}px`; // what is below stays where it is while charts are made anew
      help.replaceChildren();
      addBlocks(app, help, told.gains);
      help.append(...told.help.map((line) => h("p", {}, line)));
      more.replaceChildren();
      closer = [...addBlocks(app, help, told.bars), ...addBlocks(app, more, told.blocks)];
      [help, more].forEach((node) => node.classList.remove("stale"));
      requestAnimationFrame(() => { more.style.minBlockSize = ""; });
    },
    destroy() {
      [...charts.values(), ...closer].forEach((chart) => chart.destroy());
    },
  };
}

/** Says what of a page no picture changes: whose it is, what it is compared with, and how many runs it shows. */
function outlineOf({ code, base, charts }) {
  return [code, base, charts[0].spec.n].join("\n");
}

/** Makes the head: the way back, the name, what it is, and the field that finds another. */
function headOf(app, data) {
  const { page, label } = data.up;
  const up = h("a", { href: `#${page}`, onclick: (event) => follow(app, event, page) }, `${app.say("up")} ${label}`);
  const name = h("div", {}, h("h1", {}, data.title), h("p", { class: "hint" }, `${data.who} · `, up));
  return h("div", { class: "own-head" }, name, ownButton(app, data), finder(app, { ...data.finder, mine: "" }));
}

/** Makes the button that makes the member one's own, or no longer. */
function ownButton(app, data) {
  const button = h("button", { type: "button", class: "tool", "data-focus": "own", onclick: () => {
    chooseCountry(app, ownCountry() === data.code ? "" : data.code);
    show();
  } });
  function show() {
    const own = ownCountry() === data.code;
    button.setAttribute("aria-pressed", String(own));
    button.textContent = `${own ? "★" : "☆"} ${app.say("country_mine")}`;
  }
  show();
  return button;
}

/** Makes the block that says where the member stands. */
function standing(app, texts, waits, order) {
  const steps = h("a", { href: "#ladder", onclick: (event) => follow(app, event, "ladder") }, app.say("country_what"));
  return h(
    "section",
    { class: "card own-standing" },
    waits,
    h("p", { class: "own-lead", "aria-live": "polite" }, texts.number, " ", texts.of, " ", texts.range),
    h("p", { class: "own-line" }, texts.base, texts.before),
    h("p", { class: "own-line" }, texts.place, texts.circle, steps),
    order,
  );
}

/** Makes the part that opens into all members of the subregion. */
function ordered(label, order) {
  return keepFold(h("details", { class: "fold" }, h("summary", {}, label), order), "page.own-order");
}

/** Lists the members of the subregion in the order of their numbers; a list that stays the same is let be. */
function showOrder(app, list, { code, order }) {
  const told = JSON.stringify(order);
  if (list.dataset.told === told) return;
  list.dataset.told = told;
  list.replaceChildren(...order.map((one) => {
    const page = `members/${one.code}`;
    const link = h("a", { href: `#${page}`, onclick: (event) => follow(app, event, page) }, one.name);
    return h("li", { "aria-current": one.code === code ? "true" : null }, one.code === code ? one.name : link, " ", h("b", {}, one.number));
  }));
}

/** Makes the card of what would help most. */
function helpCard(app, help) {
  return h("section", { class: "card own-helping" }, h("h2", {}, app.say("country_help")), help);
}

function chartIn(app, host, spec) {
  const card = h("div", { class: "card" });
  host.append(card);
  return mountChart(card, spec, app.words);
}
