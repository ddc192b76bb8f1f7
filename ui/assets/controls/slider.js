// One slider with ticks, a typed entry and a way back to the default.
import { h } from "../dom.js";
import { numberEntry, written } from "./entry.js";

const STEP = 0.0625; // of a doubling, on the scale of efforts

/** A scale on which each doubling is as long as any other, and one on which each unit is. */
function scaleOf(control) {
  if (control.kind === "effort") {
    const low = Math.log2(control.low);
    const high = Math.log2(control.high);
    return {
      min: low, max: high, step: STEP,
      at: (value) => Math.log2(value),
      value: (at) => clamp(round(2 ** at, 2), control.low, control.high),
      middle: (values) => 2 ** (values.reduce((sum, value) => sum + Math.log2(value), 0) / values.length),
    };
  }
  const digits = Math.max(0, Math.ceil(-Math.log10(control.step)) + 1);
  return {
    min: control.low, max: control.high, step: control.step,
    at: (value) => value,
    value: (at) => round(at, digits),
    middle: (values) => values.reduce((sum, value) => sum + value) / values.length,
  };
}

const round = (value, digits) => Number(value.toFixed(digits));
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const places = (scale, value) => `${(100 * (scale.at(value) - scale.min)) / (scale.max - scale.min)}%`;

/**
 * Makes a slider; `tell(value, final)` is told what is set, and `reset()` that the default is to hold.
 *
 * It shows several values where they differ: the thumb stands in their middle, and no number stands for them all.
 */
export function slider(app, control, label, tell, reset) {
  const scale = scaleOf(control);
  const said = (value) => (control.kind === "effort" ? app.say("times", { value: written(app, value) }) : written(app, value));
  const key = `${control.id}:${label}`;
  const ends = { min: scale.min, max: scale.max, step: "any", "aria-label": label };
  const range = h("input", { type: "range", ...ends, "data-focus": key });
  const field = { low: control.low, high: control.high, label, className: "typed", focus: `${key}:typed` };
  const typed = numberEntry(app, field, (value) => set(value, true));
  const worded = h("span", { class: "worded", "aria-hidden": "true" }); // stands in the place of the number until it is typed
  const home = { value: control.default, label: app.say("reset", { value: said(control.default) }), own: true };
  const ticks = [home, ...(control.marks ?? []).filter((mark) => mark.value !== control.default)];
  const rail = h("div", { class: "ticks", "aria-hidden": "true" }, ticks.map(({ value, label: name, own }) => h("i", {
    class: own ? "default" : "mark",
    style: `inset-inline-start:${places(scale, value)}`,
    title: own ? name : `${said(value)} ${name}`,
  })));
  const levelled = h("output", { class: "put-right", hidden: true }, app.say("room_same"));
  let now = control.default; // where the thumb stands
  let mixed = false;

  /** Shows what holds without telling anybody. */
  function show(values) {
    mixed = values.some((value) => value !== values[0]);
    if (mixed) levelled.hidden = true;
    now = mixed ? scale.value(scale.at(scale.middle(values))) : values[0];
    const span = [Math.min(...values), Math.max(...values)];
    range.value = scale.at(now);
    range.setAttribute("aria-valuetext", mixed ? app.say("f_several_of", { low: said(span[0]), high: said(span[1]) }) : said(now));
    range.style.setProperty("--fill", places(scale, now));
    range.classList.toggle("moved", mixed || now !== control.default);
    range.classList.toggle("several", mixed);
    if (mixed) typed.show(null, app.say("f_several"));
    else typed.show(now);
    if (control.kind === "effort" && !mixed) worded.textContent = now === control.default ? app.say("first_as_before") : said(now);
    if (mixed) worded.textContent = "";
  }

  /** Sets a value: tells it, which is to wait for nothing, then shows it. */
  function set(value, final) {
    const kept = clamp(value, control.low, control.high);
    if (mixed) levelled.hidden = false;
    if (kept !== now || mixed || final) {
      tell(kept, final);
      show([kept]);
    }
  }

  let settling = 0;
  const settle = () => { clearTimeout(settling); settling = setTimeout(() => { if (!mixed) tell(now, true); }, 500); };
  range.addEventListener("input", () => set(snapped(scale.value(Number(range.value)), ticks, scale), false));
  range.addEventListener("change", () => { if (!mixed) { show([now]); settle(); } });
  range.addEventListener("keydown", (event) => {
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      clearTimeout(settling);
      reset();
      return;
    }
    const next = keyed(event.key, now, scale, control, ticks);
    if (next === null) return;
    event.preventDefault();
    set(next, false);
    settle();
  });
  range.addEventListener("dblclick", reset);
  range.addEventListener("blur", () => { levelled.hidden = true; });
  const entry = h("div", { class: "entry" }, typed.input, worded);
  const node = h("div", { class: "slider" }, h("div", { class: "rail" }, range, rail), entry, typed.note, levelled);
  return { node, show };
}

/** Returns the value that a key leads to, or null if the key means nothing here. */
function keyed(key, now, scale, control, ticks) {
  const at = scale.at(now);
  const step = (by) => scale.value(clamp(Math.round((at + by * scale.step) / scale.step) * scale.step, scale.min, scale.max));
  const values = ticks.map((tick) => tick.value).sort((a, b) => a - b);
  switch (key) {
    case "ArrowRight": case "ArrowUp": return step(1);
    case "ArrowLeft": case "ArrowDown": return step(-1);
    case "Home": return control.low;
    case "End": return control.high;
    case "PageUp": return values.length > 1 ? values.find((value) => value > now) ?? control.high : step(5);
    case "PageDown": return values.length > 1 ? values.findLast((value) => value < now) ?? control.low : step(-5);
    default: return null;
  }
}

/** Draws a pointer to a tick that is very near. */
function snapped(value, ticks, scale) {
  const near = (scale.max - scale.min) * 0.012;
  const tick = ticks.find((one) => Math.abs(scale.at(one.value) - scale.at(value)) < near);
  return tick ? tick.value : value;
}
