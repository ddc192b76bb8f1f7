// What is asked now, and what has come in; above it what the session is called.
import { h } from "../dom.js";
import { deedsOf } from "./desk-deeds.js";
import { outcomeOf } from "./desk-outcome.js";
import { votesOf } from "./desk-votes.js";

const STEPS = 4; // of each action
const BINS = 40; // over all steps

/** Makes the head of the page: the session, its code, who is here, and the way to the wall. */
export function headOf(desk) {
  const { view, names, texts } = desk;
  return [
    h("strong", {}, view.title),
    h("span", { class: "desk-code" }, view.code),
    h("span", {}, desk.say("here", { n: view.people })),
    h(
      "a",
      { href: `/wall?c=${view.code}&l=${texts.language}`, target: "_blank", rel: "noopener", "data-focus": "wall" },
      desk.say("wall"),
    ),
    h("a", { href: names.join.url, target: "_blank", rel: "noopener", "data-focus": "join" }, desk.say("phone")),
    languageOf(desk),
  ];
}

/** Lets somebody choose the language of the desk, and of the wall and the files that are opened from it. */
function languageOf({ texts, say }) {
  const choose = ({ target }) => {
    location.search = `?l=${target.value}`;
  };
  const options = Object.entries(texts.languages).map(([key, name]) =>
    h("option", { value: key, lang: key, selected: key === texts.language }, name),
  );
  return h("select", { "aria-label": say("languages_label"), "data-focus": "language", onchange: choose }, ...options);
}

/** Makes the question of the moment with all that belongs to it. */
export function questionOf(desk) {
  const { view } = desk;
  const { question } = view;
  if (question?.kind === "proposals") return [title(desk, askedOf(desk)), cardOf(desk), ...votesOf(desk)];
  if (question)
    return [
      title(desk, desk.say(question.kind === "predict" ? "question" : "ask_survey")),
      answered(desk),
      question.kind === "predict" ? guesses(desk) : ranks(desk),
    ];
  if (view.look === "deeds") return deedsOf(desk);
  if (view.result) return outcomeOf(desk);
  return [
    h("h1", {}, desk.say(`stage_${view.stage}`)),
    h("p", { class: "desk-lead" }, desk.say(`lead_${view.stage}`)),
    seats(desk),
  ];
}

function askedOf({ view, say }) {
  const { phase } = view.question;
  return say(view.stage === "practice" ? "ask_practice" : "ask_round", { n: phase - 1, years: say(`years_${phase}`) });
}

function title(desk, text) {
  const { view } = desk;
  const state = view.question.locked ? "locked" : view.asking ? "open" : "closed";
  const told = h("span", { class: `desk-state ${state}`, role: "status" }, desk.say(`state_${state}`));
  const shown = view.shown ? h("span", { class: "desk-state" }, desk.say("on_wall")) : null;
  return h("div", { class: "desk-title" }, h("h1", {}, text), told, shown);
}

function answered(desk) {
  const { view } = desk;
  return [
    h("p", { class: "desk-count" }, h("strong", {}, String(view.entries)), " ", desk.say("answered_of", { n: view.people })),
    seats(desk),
  ];
}

/** Makes a row for each delegation: who is there, and who of them has answered. */
function seats(desk) {
  const { view } = desk;
  const most = Math.max(1, ...view.seats.map((one) => one.people));
  return h(
    "ul",
    { class: "desk-seats" },
    ...view.seats.map((one) => {
      const here = h("i", {});
      here.style.width = `${(100 * one.people) / most}%`;
      const done = h("b", {});
      done.style.width = `${(100 * one.answered) / most}%`;
      const count = view.question ? `${one.answered}/${one.people}` : String(one.people);
      return h(
        "li",
        {},
        h("span", {}, desk.names.delegations[one.id]),
        h("div", { "aria-hidden": "true" }, here, done),
        h("span", {}, count),
      );
    }),
  );
}

/** Draws guesses as columns over the steps. */
function guesses(desk) {
  const { values, low, median, high } = desk.view.spread.steps;
  if (!values.length) return null;
  const counts = new Array(BINS + 1).fill(0);
  for (const value of values) counts[Math.round((value / STEPS) * BINS)] += 1;
  const most = Math.max(...counts);
  const bars = counts.map((count) => {
    const bar = h("i", {});
    bar.style.height = `${(100 * count) / most}%`;
    return bar;
  });
  const { number } = desk;
  return h(
    "figure",
    { class: "desk-guesses" },
    h("figcaption", {}, desk.say("guesses", { median: number(median, 2), low: number(low, 2), high: number(high, 2) })),
    h("div", { "aria-hidden": "true" }, ...bars),
    h("p", { "aria-hidden": "true" }, ...[0, 1, 2, 3, 4].map((step) => h("span", {}, String(step)))),
  );
}

/** Makes how everybody ranks the actions, the most important first; nothing while people answer, or of few people. */
function ranks(desk) {
  const everybody = desk.view.spread.groups?.[0];
  if (!everybody) return null;
  const inOrder = Object.entries(everybody.mean).sort(([, one], [, other]) => one - other);
  const rows = inOrder.map(([action, mean]) => h("li", {}, desk.names.levers[action], h("strong", {}, desk.number(mean, 1))));
  return h("section", { class: "desk-ranks" }, h("h2", {}, desk.say("ranks", { n: everybody.people })), h("ol", {}, ...rows));
}

function cardOf(desk) {
  const { card } = desk.view.question;
  if (!card) return null;
  const { title: name, text } = desk.names.cards[card.name];
  return h(
    "section",
    { class: "desk-drawn" },
    h("strong", {}, `${name}, ${card.year}`),
    ` · ${desk.names.scopes[card.scope] ?? ""} · `,
    text,
  );
}
