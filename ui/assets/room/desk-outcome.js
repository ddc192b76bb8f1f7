// What a phase brought: the region in one sentence, and each delegation by what it promised and delivered.
import { h } from "../dom.js";
import { titleOf } from "./desk-paths.js";

/** Tells whether what is shown is that of one round. */
const ofRound = ({ stage, look }) => stage !== "base" && (stage !== "debrief" || look !== "paths");

/** Makes what the run came to so far. */
export function outcomeOf(desk) {
  const { view, number } = desk;
  const { result } = view;
  const promised = Object.values(result.delegations).flatMap((one) => [one.promised, one.promised_base]);
  const most = Math.ceil(2 * Math.max(...promised)) / 2; // half steps
  const [own, base] = [result.own, result.base].map((band) => band.median.at(-1));
  const lead =
    view.stage === "base"
      ? desk.say("came_base", {
          year: result.last,
          base: number(base),
          guess: result.guess.median === null ? "–" : number(result.guess.median, 2),
        })
      : desk.say("came", { year: result.last, own: number(own), base: number(base) });
  return [
    titleOf(desk, desk.say("outcome", { year: result.last })),
    h("p", { class: "desk-lead" }, lead),
    ofRound(view) ? h("p", { class: "desk-gain" }, gainOf(desk)) : null,
    view.stage === "debrief" ? h("p", { class: "hint" }, desk.say("lead_debrief")) : null,
    h(
      "div",
      { class: "desk-outcome" },
      ...Object.entries(result.delegations).map(([id, numbers]) => rowOf(desk, id, numbers, most)),
    ),
    h("p", { class: "hint" }, desk.say("outcome_hint")),
  ];
}

/** Says what a round brought, in the words of the wall. */
function gainOf({ view: { result }, say, signed }) {
  return say(result.card ? "gain_card" : "gain", { value: signed(result.gain), year: result.last });
}

function rowOf(desk, id, numbers, most) {
  const bars = ["promised", "delivered"].map((kind) => bar(desk, kind, numbers, most));
  return h("section", {}, h("h2", {}, desk.names.delegations[id]), ...bars);
}

/** Draws steps as a bar, with a mark where they would be at historical pace. */
function bar(desk, kind, { [kind]: value, [`${kind}_base`]: base }, most) {
  const fill = h("i", { class: kind });
  fill.style.width = `${(100 * value) / most}%`;
  const mark = h("b", {});
  mark.style.left = `${(100 * base) / most}%`;
  return h(
    "div",
    { class: "desk-bar" },
    h("span", {}, desk.say(kind)),
    h("div", { "aria-hidden": "true" }, fill, mark),
    h("strong", {}, desk.number(value)),
    h("span", {}, desk.signed(value - base)),
  );
}
