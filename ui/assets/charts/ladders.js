// Ladders: the steps of each action, one above the other, each filled by the chance that it is delivered. Thin marks show the
// chance in other futures. A table of the same numbers, out of sight, is for those who listen.
import { h } from "../dom.js";
import { setText } from "./frame.js";

const LEAST = 0.01; // a smaller difference cannot be seen

/** Builds the ladders inside host; `names` are {title, action, base, before, note}. Returns what feeds them. */
export function mountLadders(host, ladders, names) {
  const made = ladders.map(ladder);
  const table = tableOf(ladders, names);
  const key = keyOf(names);
  const grid = h("div", { class: "own-ladders", "aria-hidden": "true" }, made.map((one) => one.node));
  host.append(h("h2", { class: "ladders-title" }, names.title), grid, key.node, table.node);
  return (newer) => {
    newer.forEach((one, at) => { show(made[at], one); });
    key.base.hidden = newer.every((one) => !one.base);
    key.before.hidden = newer.every((one) => !one.before);
    newer.forEach((one, at) => one.written.forEach((text, k) => setText(table.cells[at][k], text)));
  };
}

/** Makes one ladder, its first step at the foot. */
function ladder({ id, label, steps }) {
  const rungs = steps.map(([name, sentence]) => {
    const [fill, base, before] = ["fill", "mark base", "mark before"].map((kind) => h("i", { class: kind }));
    const share = h("b", { class: "share" });
    const node = h("div", { class: "rung", title: sentence }, fill, base, before, h("span", { class: "name" }, name), share);
    return { fill, base, before, share, node };
  });
  const told = h("p", { class: "told" });
  const head = h("p", { class: "own-ladder-name" }, h("i", { class: `swatch ${id}` }), label);
  const node = h("div", { class: "own-ladder" }, head, h("div", { class: "rungs" }, rungs.toReversed().map((rung) => rung.node)), told);
  return { node, rungs, told };
}

/** Shows the chances of one ladder. */
function show({ rungs, told }, { chances, base, before, written, next, told: text }) {
  rungs.forEach((rung, k) => {
    rung.fill.style.inlineSize = percent(chances[k]);
    place(rung.base, base?.[k], chances[k]);
    place(rung.before, before?.[k], chances[k]);
    setText(rung.share, written[k]);
    rung.node.classList.toggle("next", k === next);
    rung.node.classList.toggle("full", chances[k] > 0.5);
  });
  setText(told, text);
}

/** Puts a mark where the chance was in another future, if that can be seen. */
function place(mark, chance, now) {
  mark.hidden = chance == null || Math.abs(chance - now) < LEAST;
  if (chance != null) mark.style.insetInlineStart = percent(chance);
}

const percent = (share) => `${(100 * share).toFixed(1)}%`;

/** Makes the key of the marks. */
function keyOf(names) {
  const base = h("span", { hidden: true }, h("i", { class: "mark base" }), names.base);
  const before = h("span", { hidden: true }, h("i", { class: "mark before" }), names.before);
  return { node: h("p", { class: "own-ladders-key hint", "aria-hidden": "true" }, h("span", {}, names.note), base, before), base, before };
}

/** Makes the table. */
function tableOf(ladders, names) {
  const cells = ladders.map(({ steps }) => steps.map(() => h("span")));
  const head = h("tr", {}, h("th", { scope: "col" }, names.action), [1, 2, 3, 4].map((k) => h("th", { scope: "col" }, String(k))));
  const rows = ladders.map(({ label, steps }, at) => h(
    "tr",
    {},
    h("th", { scope: "row" }, label),
    steps.map(([name], k) => h("td", {}, `${name}: `, cells[at][k])),
  ));
  const table = h("table", {}, h("caption", {}, names.title), h("thead", {}, head), h("tbody", {}, rows));
  return { node: h("div", { class: "visually-hidden" }, table), cells };
}
