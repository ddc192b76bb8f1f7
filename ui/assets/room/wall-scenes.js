// Which scene shows a view: one thing at a time.
import { h } from "../dom.js";
import { adding } from "./wall-deeds.js";
import { guessing } from "./wall-guesses.js";
import { turnout } from "./wall-parts.js";
import { pace, reveal } from "./wall-reveal.js";
import { ranking } from "./wall-survey.js";
import { promising, spreading } from "./wall-table.js";
import { debrief } from "./wall-tree.js";

/** Says which scene a view is for, and what makes it; the same key means that the scene stays. */
export function sceneOf(view) {
  const { stage, question, result, branch } = view;
  if (stage === "welcome") return ["welcome", welcome];
  if (stage === "predict") return ["predict", guessing];
  if (stage === "survey" && view.spread?.groups) return [`ranks ${JSON.stringify([view.spread, view.priorities])}`, ranking];
  if (stage === "survey") return ["survey", asking];
  if (stage === "debrief" && view.look !== "paths") return lookedAt(view);
  if (stage === "debrief") return [`debrief ${JSON.stringify([branch, view.branches, view.outcome])}`, debrief];
  if (stage === "base") return result ? ["base", pace] : ["working", working];
  if (!question) return result ? [`reveal ${branch} ${result.last}`, reveal] : ["working", working];
  const at = `${branch} ${question.phase}`;
  if (question.locked && question.card) return [`card ${at}`, card];
  if (question.locked && view.promised) return [`promised ${at}`, promising];
  if (view.shown && view.spread) return [`spread ${at} ${JSON.stringify(view.spread)}`, spreading];
  return [`ask ${at}`, asking];
}

/** Says which scene shows what the room looks back on: a round, or who added what. */
function lookedAt({ look, branch, result, deeds }) {
  if (look === "deeds") return deeds ? [`deeds ${JSON.stringify(deeds)}`, adding] : ["working", working];
  return result ? [`reveal ${branch} ${result.last}`, reveal] : ["working", working];
}

/** Returns the letters of a code, however somebody typed it. */
export const lettersOf = (typed) => typed.replace(/[^A-Za-z]/g, "").toUpperCase();

/** Writes an address as people type it. */
export const plain = (address) => address.replace(/^https?:\/\//, "");

/** Makes the scene of welcome: where to go, the code, and who is here. */
function welcome(room, view) {
  const { address, picture } = room.names.join;
  const here = h("p", { class: "tally", role: "status" });
  const seats = view.seats.map(({ id }) => {
    const count = h("strong");
    return { count, node: h("li", {}, count, " ", room.names.short[id]) };
  });
  const node = h(
    "section",
    { class: "scene welcome" },
    h("h1", {}, view.title || room.say("title")),
    h(
      "div",
      { class: "invitation" },
      h(
        "div",
        {},
        h("p", { class: "unit" }, room.say("join")),
        h("p", { class: "address" }, plain(address)),
        h("p", { class: "code", "aria-label": `${room.say("code")}: ${view.code}` }, view.code),
      ),
      picture ? h("img", { class: "square", src: picture, alt: address }) : null,
    ),
    here,
    h("ul", { class: "present-seats" }, ...seats.map((seat) => seat.node)),
  );
  const update = (now) => {
    here.textContent = room.say("here", { n: now.people });
    now.seats.forEach(({ people }, i) => {
      seats[i].count.textContent = people;
      seats[i].node.classList.toggle("empty", !people);
    });
  };
  return { node, update, layout() {} };
}

/** Makes the scene of a question that people answer on their phones, with who has answered. */
function asking(room, view) {
  const survey = view.stage === "survey";
  const how = h("p", { class: "unit", role: "status" });
  const bars = turnout(room, view.seats);
  const title = room.say(survey ? "survey" : "decide");
  const update = (now) => {
    const state = now.asking ? (survey ? "survey_how" : "open") : now.asked ? "closed" : "soon";
    how.textContent = `${room.say(state)} · ${room.say("answered", { n: now.entries, all: now.people })}`;
    bars.update(now.seats);
  };
  return { node: h("section", { class: "scene asking" }, h("h1", {}, title), how, bars.node), update, layout() {} };
}

/** Makes the scene of a surprise card. */
function card(room, { question }) {
  const { name, year, scope } = question.card;
  const { title, text } = room.names.cards[name];
  const where = `${year} · ${room.names.scopes[scope] ?? scope}`;
  const sheet = h(
    "div",
    { class: "sheet" },
    h("p", { class: "unit" }, room.say("card")),
    h("h1", {}, title),
    h("p", { class: "happens" }, text),
    h("p", { class: "when" }, where),
  );
  return { node: h("section", { class: "scene card" }, sheet), update() {}, layout() {} };
}

/** Makes the scene of waiting for numbers. */
function working(room) {
  return said(room.say("working"));
}

/** Makes a scene of one sentence. */
export function said(text) {
  return { node: h("section", { class: "scene said" }, h("h1", { "aria-live": "polite" }, text)), update() {}, layout() {} };
}

/** Makes the scene that asks for the code of a room. */
export function entrance({ say }, refusal) {
  const code = h("input", {
    id: "code",
    name: "c",
    autocomplete: "off",
    autocapitalize: "characters",
    required: true,
  });
  const form = h(
    "form",
    { action: location.pathname },
    h("label", { for: "code" }, say("enter")),
    code,
    h("button", {}, say("go")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault(); // the page may send no forms
    const others = Object.fromEntries(new URLSearchParams(location.search));
    location.search = `?${new URLSearchParams({ ...others, c: lettersOf(code.value) })}`;
  });
  const node = h(
    "section",
    { class: "scene said" },
    h("h1", {}, say("title")),
    refusal ? h("p", { role: "alert" }, refusal) : null,
    form,
  );
  return { node, update() {}, layout() {} };
}
