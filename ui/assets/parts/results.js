// What Explore says before any chart: a sentence, its range, four results with their change, and how they came about.
import { dialog } from "../dialogs.js";
import { h } from "../dom.js";
import { setText } from "../charts/frame.js";
import { follow } from "../navigation.js";

/** Makes the results: `node` for the page, `points` for the side panel, and what shows a picture. */
export function results(app, data) {
  const tagline = h("p", { class: "tagline" }, app.say("subtitle"));
  const claim = h("p", { class: "claim" });
  const name = h("p", { class: "future-name" });
  const range = h("span", { class: "range" });
  const whole = h("p", { class: "headline visually-hidden" });
  const points = h("p", { class: "points" });
  const tiles = data.tiles.map((tile) => resultTile(app, tile));
  let frame = null;
  const what = h("button", { type: "button", class: "asking", onclick: () => frame && method(app, frame) }, app.say("first_what"));
  const step = h("a", { class: "asking", href: "#ladder", onclick: (event) => follow(app, event, "ladder") }, app.say("first_step"));
  const node = h(
    "div",
    { class: "results" },
    tagline,
    h("div", { "aria-live": "polite" }, claim, name, h("p", { class: "ranges" }, range)),
    h("p", { class: "askings" }, " ", what, " ", step),
    whole,
    h("ul", { class: "result-tiles" }, tiles.map((tile) => tile.node)),
  );
  return {
    node,
    points,
    show(newer) {
      frame = newer;
      setMarked(claim, newer.claim);
      setText(name, newer.future.name);
      setMarked(points, newer.points);
      setText(range, newer.range);
      setText(whole, newer.sentence);
      newer.tiles.forEach((one, at) => tiles[at].show(one));
    },
  };
}

/** Makes the tile of one result. */
function resultTile(app, tile) {
  const { id, label, unit } = tile;
  const value = h("strong");
  const change = h("span", { class: "result-change" });
  const numbers = h("span", { class: "result-numbers" }, value, unit ? h("small", {}, unit) : null, change);
  const open = h("button", { type: "button", class: "result-open", "aria-label": label, onclick: () => about(app, tile) });
  return {
    node: h("li", { class: "result", "data-result": id }, h("span", { class: "result-label" }, label), numbers, open),
    show(newer) {
      setText(value, newer.value);
      setText(change, newer.change);
      change.dataset.tone = newer.tone;
    },
  };
}

/** Says what a result is and what it rests on, and leads there. */
function about(app, { label, meaning, rests }) {
  const leave = (event) => { box.close(); follow(app, event, "assumptions"); };
  const link = h("a", { href: "#assumptions", onclick: leave }, app.say("tile_assumptions"));
  const box = dialog(app, label, h("p", {}, meaning), h("p", {}, rests), h("p", {}, link));
}

/** Writes a text in which what stands between asterisks counts most. */
function setMarked(node, text) {
  if (node.dataset.text === text) return;
  node.dataset.text = text;
  node.replaceChildren(...text.split("*").map((part, at) => (at % 2 ? h("b", {}, part) : part)));
}

/** Says how the numbers came about. */
function method(app, frame) {
  const lines = [frame.bands, frame.runs, frame.effects, app.say("first_pairs"), app.say("first_trust")];
  dialog(app, app.say("first_what"), h("p", {}, frame.sentence), h("ul", { class: "sentences" }, lines.map((line) => h("li", {}, line))));
}
