// The desk of a workshop: one screen, one question, and the next step always at hand.
import { fill, h, keepFocus } from "../dom.js";
import { agendaOf, tickOf } from "./desk-agenda.js";
import { lineOf } from "./desk-line.js";
import { isPlayed, moreOf } from "./desk-more.js";
import { nextOf, nextSlice } from "./desk-next.js";
import { pathsOf } from "./desk-paths.js";
import { peopleOf } from "./desk-people.js";
import { headOf, questionOf } from "./desk-question.js";

const texts = JSON.parse(document.getElementById("texts").textContent);

const withDigits = (digits) => ({ minimumFractionDigits: digits, maximumFractionDigits: digits });

const desk = {
  texts,
  names: null,
  view: null,
  shift: 0, // of the clock of the server against ours, in seconds
  own: {}, // what is open, chosen or half entered on this desk alone
  there: false,
  say: (key, values = {}) => fill(texts[key], values),
  number: (value, digits = 2) => value.toLocaleString(texts.locale, withDigits(digits)),
  signed: (value, digits = 2) => value.toLocaleString(texts.locale, { ...withDigits(digits), signDisplay: "exceptZero" }),
  /** Asks for something, and says so where it is refused; returns the answer. */
  async ask(message) {
    const answer = await desk.line.ask(message);
    tell(answer.refused ? answer.text : answer.lost ? desk.say("not_sent") : "");
    return answer;
  },
  /** Shows a part anew that hangs on what is open on this desk. */
  renew() {
    show(true);
  },
  tell,
};

/** Parts of the page: where, what they hang on, and what makes them. */
const PARTS = [
  ["head", (view) => [view.title, view.code, view.people], headOf],
  ["agenda", (view) => [view.stage, view.agenda, view.question, view.seen, view.branches, view.branch, view.until], agendaOf],
  ["next", nextSlice, nextOf],
  ["question", (view) => ({ ...view, n: 0, until: 0, keys: 0, people: 0, branches: 0 }), questionOf],
  ["paths", (view) => [view.branches, view.branch], pathsOf],
  ["people", (view) => [view.persons.map(({ entry, ...person }) => person)], peopleOf],
  ["more", (view) => [view.code, view.keys, isPlayed(view)], moreOf],
];

const shown = {};
let pressed = false; // whether a button or the blank is down: what it is on stays until it is up

function show(all = false) {
  const { view } = desk;
  if (!view || (pressed && !all)) return;
  for (const [id, slice, build] of PARTS) {
    const now = JSON.stringify(slice(view));
    const host = document.getElementById(id);
    const choosing = document.activeElement.tagName === "SELECT" && host.contains(document.activeElement);
    if (!all && (shown[id] === now || choosing)) continue;
    shown[id] = now;
    keepScroll(host, () => keepFocus(host, () => host.replaceChildren(...[build(desk)].flat(2).filter(Boolean))));
  }
  if (document.activeElement === document.body) document.querySelector("[data-focus=next]")?.focus({ preventScroll: true });
}

/** Leaves lists where they were scrolled to when a part is made anew. */
function keepScroll(host, renew) {
  const places = [...host.querySelectorAll("[data-scroll]")].map((one) => one.scrollTop);
  renew();
  host.querySelectorAll("[data-scroll]").forEach((one, at) => {
    one.scrollTop = places[at] ?? 0;
  });
}

/** Waits with what is new while something is pressed or chosen, so that no click goes to what has just been replaced. */
function watchPresses() {
  const later = () => setTimeout(show); // once what was pressed or chosen has been heard
  const on = (kinds, act) => kinds.forEach((kind) => document.addEventListener(kind, act, true));
  on(["pointerdown", "keydown"], ({ key = " " }) => {
    pressed ||= key === " ";
  });
  on(["pointerup", "pointercancel", "keyup"], () => {
    pressed = false;
    later();
  });
  on(["focusout"], later);
}

/** Says why something was refused; an empty text takes it away. */
function tell(text) {
  const close = h("button", { type: "button", class: "tool small", onclick: () => tell("") }, desk.say("close"));
  document.getElementById("message").replaceChildren(...(text ? [h("p", {}, text), close] : []));
}

function open(secret) {
  document.getElementById("question").replaceChildren(h("p", { class: "hint" }, desk.say("opening")));
  desk.secret = secret;
  desk.line = lineOf(secret, texts.language, {
    welcome({ names, now }) {
      desk.names = names;
      desk.shift = now - Date.now() / 1000;
      for (const id of Object.keys(shown)) delete shown[id];
    },
    view(view) {
      desk.view = view;
      document.title = `${desk.say("title")} · ${view.title}`;
      show();
      tickOf(desk);
    },
    there(there) {
      desk.there = there;
      document.body.classList.toggle("away", !there);
      if (!there && desk.view) tell(desk.say("away"));
      else tell("");
    },
    closed: (text) => askSecret(text),
  });
}

/** Asks for the secret where the address has none, or one that opens nothing. */
function askSecret(wrong) {
  const field = h("input", { id: "secret", type: "password", autocomplete: "off", required: true });
  const enter = (event) => {
    event.preventDefault();
    location.hash = field.value.trim();
    open(field.value.trim());
  };
  const form = h(
    "form",
    { class: "desk-secret", onsubmit: enter },
    h("h1", {}, desk.say("title")),
    h("label", { for: "secret" }, desk.say("secret")),
    field,
    h("button", { class: "tool strong" }, desk.say("enter")),
  );
  document.getElementById("question").replaceChildren(form);
  tell(wrong ?? "");
  field.focus();
}

document.title = desk.say("title");
watchPresses();
window.addEventListener("hashchange", () => location.reload());
setInterval(() => tickOf(desk), 250);
if (location.hash.length > 1) open(location.hash.slice(1));
else askSecret();
