// Numbers that are typed: a field always shows what holds, and says in a few words what it put right.
import { h } from "../dom.js";

const notes = new Map(); // what was put right last, by the key of the focus: a page that is made anew still says it
let made = 0;

/**
 * Makes a field for a number between two others.
 *
 * `reads` takes a text and gives the number, or null; `tell` is told a number that has become another. What is empty, no
 * number, or no whole number where that is asked for is put back; what is beyond an end becomes that end.
 */
export function numberEntry(app, { low, high, whole = false, label, focus, className = "" }, tell, reads = read) {
  const id = `note-${made += 1}`;
  const note = h("output", { class: "put-right", id, hidden: true });
  const ends = { min: low, max: high, step: whole ? 1 : "any", inputmode: whole ? "numeric" : "decimal" };
  const names = { "aria-label": label, "aria-describedby": id, "data-focus": focus };
  const input = h("input", { type: reads === read ? "number" : "text", class: className, ...ends, ...names });
  let now = null; // what holds; null where several do
  let typing = false;

  const write = () => { input.value = now ?? ""; };

  function say(text) {
    note.textContent = text;
    note.hidden = !text;
    if (focus) notes.set(focus, { text, value: now });
  }

  /** Shows what holds, or a word where it is not one number. */
  function show(value, word = "") {
    if (value !== now && !note.hidden) say("");
    now = value;
    input.placeholder = word;
    if (!typing) write();
  }

  /** Takes what was typed. */
  function take() {
    if (!typing) return;
    typing = false;
    const given = input.value.trim() === "" ? null : reads(input.value);
    const empty = given === null && !input.validity.badInput && input.value.trim() === "";
    const [kept, word] = empty ? [now, ""] : settled(app, given, { low, high, whole });
    const value = kept ?? now;
    const other = value !== now;
    now = value;
    write();
    say(word);
    if (other) tell(value);
  }

  input.addEventListener("input", () => { typing = true; say(""); });
  input.addEventListener("change", take);
  input.addEventListener("blur", take);
  input.addEventListener("focus", () => input.select());
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") take();
    if (event.key === "Escape") { typing = false; write(); }
  });

  /** Says again what was put right before the page was made anew. */
  function recall() {
    const last = notes.get(focus);
    if (last?.text && last.value === now) say(last.text);
  }
  return { input, note, show, recall };
}

/** Reads a number as browsers write it. */
function read(text) {
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Returns what is to hold instead of a number, null for what held, and what is said of it. */
function settled(app, given, { low, high, whole }) {
  if (given === null) return [null, app.say("f_no_number")];
  if (whole && typeof given === "number" && !Number.isInteger(given)) return [null, app.say("f_whole")];
  if (given > high) return [high, app.say("f_most", { value: written(app, high) })];
  if (given < low) return [low, app.say("f_least", { value: written(app, low) })];
  return [given, ""];
}

/** Writes a number as it is typed, with the marks of the language. */
export function written(app, value) {
  return new Intl.NumberFormat(app.words.locale, { maximumFractionDigits: 6, useGrouping: false }).format(value);
}
