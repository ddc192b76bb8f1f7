// The agenda: where the session stands, how long each part takes, and the timer.
import { h } from "../dom.js";
import { button } from "./desk-button.js";
import { phaseLeft } from "./desk-next.js";

const FIRST = 2; // phase of the first round

/** Makes the agenda and the timer. */
export function agendaOf(desk) {
  const { view } = desk;
  const here = placeOf(view);
  let minute = 0;
  const parts = partsOf(desk);
  const rows = parts.map((part) => {
    const row = rowOf(desk, part, minute, part.key === here);
    minute += part.minutes;
    return row;
  });
  return [
    h("h2", {}, desk.say("agenda")),
    h("ol", { class: "desk-agenda" }, ...rows),
    timerOf(
      desk,
      parts.find((part) => part.key === here),
    ),
  ];
}

/** Returns the parts of the session, rounds one after the other, each with its minutes. */
function partsOf({ view, texts }) {
  const partOf = (stage, minutes, phase) => ({ key: `${stage}${phase ?? ""}`, stage, phase, minutes });
  return Object.entries(texts.minutes[view.agenda]).flatMap(([stage, minutes]) =>
    minutes.map((own, at) => partOf(stage, own, stage === "round" ? at + FIRST : null)),
  );
}

function placeOf(view) {
  return view.stage === "round" ? `round${view.question?.phase ?? view.seen ?? phaseLeft(view) ?? 4}` : view.stage;
}

function rowOf(desk, { stage, phase, key }, minute, here) {
  const { view } = desk;
  const own = view.branches.find((one) => one.number === view.branch);
  const done = phase && view.stage !== "practice" && own?.revealed.includes(phase);
  const again = done && view.stage === "debrief"; // a round that is over is shown once more
  const reachable = !here && (!phase || phase === phaseLeft(view) || again);
  const name = phase ? desk.say("round", { n: phase - 1, years: desk.say(`years_${phase}`) }) : desk.say(`stage_${stage}`);
  const time = `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
  const go = button(
    name,
    `stage-${key}`,
    () => reachable && desk.ask(again ? { do: "look", at: phase } : { do: "stage", stage }),
    {
      class: null,
      disabled: !reachable && !here,
      "aria-current": here ? "step" : null,
    },
  );
  const tick = h("span", { class: "desk-tick", role: "img", "aria-label": desk.say("done") }, "✓");
  return h("li", { class: here ? "here" : "" }, h("span", {}, time), go, done ? tick : null);
}

function timerOf(desk, part) {
  const { view } = desk;
  const set = (seconds, more = false) => desk.ask({ do: "time", seconds, more });
  return h(
    "div",
    { class: "desk-timer" },
    h("output", { id: "clock", role: "timer", "aria-label": desk.say("timer") }, ""),
    h(
      "div",
      { class: "desk-row" },
      view.until
        ? button(desk.say("time_stop"), "time", () => set(0))
        : button(desk.say("time_start", { n: part.minutes }), "time", () => set(60 * part.minutes)),
      button(desk.say("time_more"), "time-more", () => set(60, true)),
    ),
  );
}

function left({ view, shift }) {
  return view.until ? Math.max(0, Math.round(view.until - Date.now() / 1000 - shift)) : 0;
}

/** Lets the timer go on. */
export function tickOf(desk) {
  const clock = document.getElementById("clock");
  if (!clock || !desk.view) return;
  const seconds = left(desk);
  const text = desk.view.until ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "–:––";
  if (clock.textContent !== text) clock.textContent = text;
  clock.classList.toggle("over", Boolean(desk.view.until) && seconds === 0);
}
