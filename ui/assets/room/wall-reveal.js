// What a run brings: that at historical pace beside the guess of the room, and that of a round with who kept their word.
import { h } from "../dom.js";
import { ENDS, PHASES } from "./wall-parts.js";
import { makeRun } from "./wall-run.js";

const SMALL = 0.005; // steps: what is written as nothing

/** Returns the last year before the phase that ends in a year. */
const before = (last) => ENDS[PHASES.find((phase) => ENDS[phase] === last) - 1];
/** Returns the steps that a delegation has delivered beyond historical pace. */
const gained = (one) => one.delivered - one.delivered_base;

/** Makes the scene of the run that the room sets out from. */
export function pace(room, view) {
  const { guess, own } = view.result;
  const values = { value: room.number(own.median.at(-1), 2), guess: guess.median === null ? "" : room.number(guess.median, 2) };
  const sentence = room.say(guess.median === null ? "base" : "base_guess", values);
  const guessed = guess.median === null ? [] : ["guess room", "wedge guesses"];
  const keys = ["own historical", "band runs", ...guessed];
  return scene(room, view, { className: "pace-scene", sentence, from: view.result.acts - 1, guess: true, keys });
}

/** Makes the scene of what a round brought. */
export function reveal(room, view) {
  const { result } = view;
  const key = result.card ? "gain_card" : "gain";
  const sentence = room.say(key, { value: room.signed(result.gain, 2), year: result.last });
  const begins = before(result.last) + 1;
  const beside = [kept(room, view), h("p", { class: "plain" }, told(room, view))];
  return scene(room, view, {
    className: "reveal",
    sentence,
    from: Math.max(begins, result.acts) - 1,
    guess: false,
    keys: ["own now", "band runs", "pace historical"],
    note: begins < result.acts ? room.say("acts", { year: result.acts }) : "",
    beside,
  });
}

/** Makes a scene with a run that draws itself; what it comes to is said once it is there. */
function scene(room, view, { className, sentence, from, guess, keys, note = "", beside = [] }) {
  const title = h("h1", { class: "told", "aria-live": "polite" }, sentence); // it has its place from the beginning
  const year = h("p", { class: "passing", "aria-hidden": "true" });
  const node = h("section", { class: `scene ${className}` }, title, year);
  const passing = (now) => {
    year.textContent = now;
  };
  const ended = () => {
    title.textContent = sentence;
    node.classList.add("ended");
  };
  const run = makeRun(room, view.result, { from, guess, label: sentence, passing, ended });
  const legend = keys
    .map((key) => key.split(" "))
    .map(([kind, text]) => h("span", { class: `key ${kind}` }, room.say(`key_${text}`)));
  const chart = h("div", { class: "chart-side" }, run.node, h("p", { class: "legend" }, ...legend, note));
  node.append(h("div", { class: "sides" }, chart, beside[0] ?? null), ...beside.slice(1));
  return { node, update() {}, layout: run.layout, start: run.start };
}

/** Makes two bars for each delegation, what it has promised and delivered, and by how much that is more than at historical pace. */
function kept(room, { result }) {
  const rows = Object.entries(result.delegations);
  const most = Math.max(...rows.flatMap(([, one]) => [one.promised, one.delivered, one.promised_base]));
  const bar = (kind, value, base) => {
    const filled = h("span", { class: `filled ${kind}` });
    const mark = h("span", { class: "was" });
    filled.style.inlineSize = `${(100 * value) / most}%`;
    mark.style.insetInlineStart = `${(100 * base) / most}%`;
    return h("span", { class: "bar" }, filled, mark);
  };
  const row = ([id, one]) =>
    h(
      "li",
      {},
      h("span", { class: "who" }, room.names.short[id], " ", h("span", { class: "spent" }, `${one.spent}/${one.budget}`)),
      h(
        "span",
        { class: "bars" },
        bar("promised", one.promised, one.promised_base),
        bar("delivered", one.delivered, one.delivered_base),
      ),
      h("strong", {}, room.signed(gained(one), 2)),
    );
  const keys = ["promised", "delivered", "gained"].map((kind) => h("span", { class: `key ${kind}` }, room.say(`key_${kind}`)));
  const head = h("p", { class: "legend" }, room.say("so_far", { year: result.last, most: room.number(most, 2) }));
  return h("div", { class: "kept" }, head, h("ul", {}, ...rows.map(row)), h("p", { class: "legend" }, ...keys));
}

/** Says in a sentence who rode free, if anybody did: few points and a gain all the same. */
function told(room, { result, seats }) {
  const there = new Set(seats.filter(({ people }) => people).map(({ id }) => id));
  const all = Object.entries(result.delegations);
  const named = there.size ? all.filter(([id]) => there.has(id)) : all; // without phones all are there
  const rows = named.map(([id, one]) => ({
    id,
    spent: one.spent,
    all: one.budget,
    gain: gained(one),
  }));
  if (!rows.length) return "";
  const least = rows.toSorted((a, b) => a.spent - b.spent || b.gain - a.gain)[0];
  const paid = rows.reduce((sum, { spent }) => sum + spent, 0) / rows.length;
  if (!paid) return "";
  const value = room.number(Math.abs(least.gain), 2);
  const cards = result.cards ? room.say("cards_included") : "";
  const values = { name: room.names.short[least.id], points: least.spent, all: least.all, value, cards };
  if (least.spent > paid / 2) return room.say("all_paid", values);
  const key = least.gain >= SMALL ? "rider" : least.gain <= -SMALL ? "rider_lost" : "rider_nothing";
  return room.say(key, values);
}
