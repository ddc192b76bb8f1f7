// The next step, which is always one button, and the other things that can be done now.
import { fill, h } from "../dom.js";
import { button } from "./desk-button.js";
import { confirmed } from "./desk-confirm.js";
import { save } from "./desk-more.js";

const AFTER = { welcome: "predict", predict: "base", base: "practice", practice: "round", survey: "debrief" };
const PHASES = [2, 3, 4];

const go = (stage) => [stage, { do: "stage", stage }];
const OPEN = ["open", { do: "ask", open: true }];
const CLOSE = ["close", { do: "ask", open: false }];
const SHOW = ["show", { do: "show", shown: true }];
const LOCK = ["lock", { do: "lock", locked: true }];
const REVEAL = ["reveal", { do: "reveal" }];

/** Returns all of a view that the buttons hang on. */
export function nextSlice(view) {
  const { stage, question, asking, asked, shown, entries, seen, branches, branch, working, look, surveyed } = view;
  const told = [entries > 0, isDecided(view), canBeShown(view)];
  return [stage, question, asking, asked, shown, ...told, seen, branches, branch, working, look, surveyed];
}

/** Returns the next step of a view: its key, and what is asked for; nothing where it is a file. */
function nextStep(view) {
  const { stage, question, asking, asked, shown } = view;
  if (stage === "debrief") return ["save", null];
  if (!question && stage === "round" && !phaseLeft(view))
    return view.surveyed ? ["paths", { do: "stage", stage: "debrief" }] : go("survey");
  if (!question) return go(stage === "round" ? "round" : AFTER[stage]);
  if (question.locked) return REVEAL;
  if (asking) return CLOSE;
  if (!asked && !isDecided(view)) return OPEN; // once it was open, nobody need have answered
  if (!shown && canBeShown(view)) return SHOW;
  return question.kind === "proposals" ? LOCK : go(AFTER[stage]);
}

function isDecided({ decided }) {
  return Object.keys(decided ?? {}).length > 0;
}

/** Tells whether there is something to show; of few people that would show what each of them said. */
function canBeShown({ question, entries, spread }) {
  return question?.kind === "survey" ? Boolean(spread?.groups) : entries > 0;
}

/** Returns the phase that the branch decides next, if one is left. */
export function phaseLeft(view) {
  const own = view.branches.find((one) => one.number === view.branch);
  return PHASES.find((phase) => !own?.revealed.includes(phase));
}

/** Makes the button of the next step, and beside it the others. */
export function nextOf(desk) {
  const { view } = desk;
  const step = nextStep(view);
  const rest = others(desk).filter(([key]) => key !== step[0]);
  const buttons = rest.map(([key, what, asks]) => small(desk, key, what, asks));
  return [
    view.working ? h("p", { class: "desk-next hint", role: "status" }, desk.say("working")) : main(desk, step),
    h("div", { class: "desk-others", role: "group", "aria-label": desk.say("others") }, ...buttons, cardOf(desk)),
  ];
}

function main(desk, [key, what]) {
  if (!what && desk.own.making) return h("p", { class: "desk-next hint", role: "status" }, desk.say("making"));
  let asked = false; // until the view changes, so that pressing twice does no second step
  const press = async (event) => {
    if (asked || event.detail > 1) return;
    asked = true;
    const answer = await (what ? desk.ask(what) : save(desk, "session.html"));
    asked = Boolean(answer?.done);
  };
  const text = fill(desk.texts.press[key], { years: yearsOf(desk) });
  const once = (event) => {
    if (event.repeat) event.preventDefault();
  };
  const node = button(text, "next", press, { class: "desk-next", onkeydown: once });
  node.prepend(h("span", {}, desk.say("next")));
  return node;
}

function yearsOf(desk) {
  const phase = desk.view.question?.phase || phaseLeft(desk.view);
  return phase ? desk.say(`years_${phase}`) : "";
}

/** Returns what else can be done now: key, what is asked for, and whether to ask first. */
function others({ view }) {
  const { question, asking, shown, stage, entries, look } = view;
  if (stage === "debrief") return ["paths", "deeds"].filter((at) => at !== look).map((at) => [at, { do: "look", at }, false]);
  if (!question) return stage === "practice" ? [["again", { do: "clear" }, false]] : [];
  const list = [];
  if (!question.locked) list.push(asking ? CLOSE : OPEN, shown ? ["hide", { do: "show", shown: false }] : SHOW);
  if (question.kind === "proposals") list.push(...(question.locked ? [["unlock", { do: "lock", locked: false }]] : [LOCK]));
  if (entries && !question.locked) list.push(["reset", { do: "clear" }, true]);
  return list;
}

function small(desk, key, what, asks) {
  const press = async () => {
    if (!asks || (await confirmed(desk, desk.say(`sure_${key}`)))) desk.ask(what);
  };
  return button(desk.say(`do_${key}`), `do-${key}`, press);
}

/** Makes what draws a surprise card, once decisions are fixed. */
function cardOf(desk) {
  const { question } = desk.view;
  if (!question?.locked || question.card) return null;
  const cards = Object.entries(desk.names.cards).map(([key, { title }]) => h("option", { value: key }, title));
  const any = h("option", { value: "" }, desk.say("card_any"));
  const list = h("select", { "aria-label": desk.say("card"), "data-focus": "card" }, any, ...cards);
  const deal = async () => {
    const card = list.value;
    if (await confirmed(desk, desk.say("sure_deal"))) desk.ask({ do: "deal", card });
  };
  const draw = button(desk.say("card_draw"), "deal", deal);
  return h("span", { class: "desk-card" }, list, draw);
}
