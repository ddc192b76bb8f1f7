// Levers as controls: native sliders and fields, so that keyboards and screen readers work as everywhere.
import { fill, h, icon } from "../dom.js";
import { coalitionControl, eventsControl } from "./lists.js";

const BACK = "M3 8a5 5 0 1 0 2-4M5 1v3h3";
const STEP = 0.0625; // of a doubling, on the scale of efforts
const PHASES = [2, 3, 4];

/** Makes the panel of all levers; `move(what, values, final)` tells what was set. */
export function leverPanel(app, groups, move) {
  const controls = new Map();
  const parts = groups.map((group) => {
    const made = group.controls.map((control) => {
      const one = MAKERS[control.kind](app, control, move);
      controls.set(control.id, one);
      return one.node;
    });
    const fine = made.length ? group.controls.map(({ id }) => controls.get(id).fine).filter(Boolean) : [];
    const phases = fine.length ? h("details", { class: "parts" }, h("summary", {}, app.say("by_phase")), h("p", { class: "hint" }, app.say("open_parts")), fine) : null;
    return h("details", { class: "lever-group", open: Boolean(group.open), "data-group": group.id }, h("summary", {}, group.label), made, phases);
  });
  return {
    node: h("div", { class: "levers" }, parts),
    update(newer) {
      for (const group of newer) for (const control of group.controls) controls.get(control.id)?.update(control);
    },
  };
}

const MAKERS = {
  effort: effortControl,
  slider: sliderControl,
  select: selectControl,
  number: numberControl,
  coalition: coalitionControl,
  events: eventsControl,
};

// Scales ---------------------------------------------------------------------------------------------------------

/** A scale on which each doubling is as long as any other, and one on which each unit is. */
function scaleOf(control) {
  if (control.kind === "effort") {
    const low = Math.log2(control.low);
    const high = Math.log2(control.high);
    return {
      min: low, max: high, step: STEP,
      at: (value) => Math.log2(value),
      value: (at) => clamp(round(2 ** at, 2), control.low, control.high),
    };
  }
  const digits = Math.max(0, Math.ceil(-Math.log10(control.step)) + 1);
  return { min: control.low, max: control.high, step: control.step, at: (value) => value, value: (at) => round(at, digits) };
}

const round = (value, digits) => Number(value.toFixed(digits));
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const places = (scale, value) => `${(100 * (scale.at(value) - scale.min)) / (scale.max - scale.min)}%`;

// One slider -----------------------------------------------------------------------------------------------------

/** Makes a slider with ticks, a typed entry and a way back to the default. */
function slider(app, control, label, tell) {
  const scale = scaleOf(control);
  const write = new Intl.NumberFormat(app.words.locale, { maximumFractionDigits: 3, useGrouping: false });
  const said = (value) => (control.kind === "effort" ? app.say("times", { value: write.format(value) }) : write.format(value));
  const marks = control.marks ?? [];
  const ends = { min: scale.min, max: scale.max, step: "any", "aria-label": label };
  const range = h("input", { type: "range", ...ends, "data-focus": `${control.id}:${label}` });
  const typing = { class: "typed", inputmode: "decimal", "aria-label": label };
  const typed = h("input", { type: "number", min: control.low, max: control.high, step: "any", ...typing });
  const worded = h("span", { class: "worded", "aria-hidden": "true" }); // stands in the place of the number until it is typed
  const home = { value: control.default, label: app.say("reset", { value: said(control.default) }), own: true };
  const ticks = [home, ...marks.filter((mark) => mark.value !== control.default)];
  const rail = h("div", { class: "ticks", "aria-hidden": "true" }, ticks.map(({ value, label: name, own }) => h("i", {
    class: own ? "default" : "mark",
    style: `inset-inline-start:${places(scale, value)}`,
    title: own ? name : `${said(value)} ${name}`,
  })));
  let now = control.default;

  /** Shows a value without telling anybody. */
  function show(value, mixed = "") {
    now = value;
    range.value = scale.at(value);
    range.setAttribute("aria-valuetext", mixed || said(value));
    if (control.kind === "effort") worded.textContent = mixed || (value === control.default ? app.say("first_as_before") : said(value));
    if (document.activeElement !== typed) typed.value = round(value, 3);
    range.style.setProperty("--fill", places(scale, value));
    range.classList.toggle("moved", value !== control.default || Boolean(mixed));
  }

  /** Sets a value: tells it, which is to wait for nothing, then shows it. */
  function set(value, final) {
    const kept = clamp(value, control.low, control.high);
    if (kept !== now || final) {
      now = kept;
      tell(kept, final);
      show(kept);
    }
  }

  let settling = 0;
  const settle = () => { clearTimeout(settling); settling = setTimeout(() => tell(now, true), 500); };
  range.addEventListener("input", () => set(snapped(scale.value(Number(range.value)), ticks, scale), false));
  range.addEventListener("change", () => { show(now); settle(); });
  range.addEventListener("keydown", (event) => {
    const next = keyed(event.key, now, scale, control, ticks);
    if (next === null) return;
    event.preventDefault();
    set(next, false);
    settle();
  });
  range.addEventListener("dblclick", () => set(control.default, true));
  typed.addEventListener("change", () => set(typed.value === "" ? control.default : Number(typed.value), true));
  typed.addEventListener("focus", () => typed.select());
  return { node: h("div", { class: "slider" }, h("div", { class: "rail" }, range, rail), h("div", { class: "entry" }, typed, worded)), show };
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
    case "Delete": case "Backspace": return control.default;
    default: return null;
  }
}

/** Draws a pointer to a tick that is very near. */
function snapped(value, ticks, scale) {
  const near = (scale.max - scale.min) * 0.012;
  const tick = ticks.find((one) => Math.abs(scale.at(one.value) - scale.at(value)) < near);
  return tick ? tick.value : value;
}

/** Makes what stands above a slider: its name, how it is known, and more about it. */
function caption(app, control) {
  const id = `about-${control.id}`;
  const marks = (control.marks ?? []).map((mark) => {
    const sign = h("span", { class: "tag" }, mark.tag);
    return h("li", {}, `${app.say("times", { value: mark.value })} ${mark.label} `, sign);
  });
  const source = control.source ? `${[control.unit, control.tagged].filter(Boolean).join(" · ")} · ${app.say("source")}: ${control.source}` : "";
  const more = h(
    "div",
    { class: "about", id, hidden: true },
    h("p", {}, control.meaning),
    marks.length ? h("ul", {}, marks) : null,
    source ? h("p", { class: "hint" }, source) : null,
  );
  const name = `${app.say("about_lever")}: ${control.label}`;
  const opening = { "aria-expanded": "false", "aria-controls": id, "aria-label": name };
  const opener = h("button", { type: "button", class: "what", ...opening, onclick: () => {
    more.hidden = !more.hidden;
    opener.setAttribute("aria-expanded", String(!more.hidden));
  } }, "?");
  const tag = control.tagged ? h("span", { class: `tag ${control.tag}`, title: control.source }, control.tagged) : null;
  const title = h("span", { class: "lever-name", title: control.meaning }, control.label);
  return { head: h("div", { class: "lever-head" }, title, tag, opener), more };
}

/** Makes the sliders of the phases, each under its name and years. */
function phaseRows(app, sliders) {
  return PHASES.map((phase, k) => {
    const years = h("small", {}, app.say(`phase_years_${phase}`));
    return h("div", { class: "phase" }, h("span", {}, phaseName(app, phase), years), sliders[k].node);
  });
}

const phaseName = (app, phase) => fill(app.say("phase"), { n: phase });

// Kinds of control -----------------------------------------------------------------------------------------------

/** An effort: one slider for all, that opens into pledging and delivering, by phase. */
function effortControl(app, control, move) {
  let parts = control.parts.map((part) => [...part.values]);
  const paths = control.parts.map((part) => part.path);
  const all = () => parts.flat();
  const valuesAt = (path) => [path, [...parts[paths.indexOf(path)]]];
  const tell = (final, only = paths) => move(control.id, Object.fromEntries(only.map(valuesAt)), final);
  const whole = slider(app, control, control.label, (value, final) => {
    parts = parts.map((values) => values.map(() => value));
    tell(final);
    showParts();
    showWhole();
  });
  const fine = control.parts.map((part, p) => PHASES.map((phase, k) => {
    const label = `${control.label}: ${part.label}, ${phaseName(app, phase)}`;
    return slider(app, control, label, (value, final) => {
      parts[p][k] = value;
      tell(final, [paths[p]]);
      showWhole();
    });
  }));
  const rows = control.parts.map((part, p) => {
    const title = h("h3", { title: part.meaning }, part.label);
    return h("div", { class: "part" }, title, phaseRows(app, fine[p]));
  });
  const swatch = () => h("i", { class: `swatch ${control.action}`, "aria-hidden": "true" });
  const fineOf = h("details", { class: "parts action" }, h("summary", {}, swatch(), ` ${control.label}`), rows);
  const { head, more } = caption(app, control);
  head.prepend(swatch());

  function showParts() {
    parts.forEach((values, p) => values.forEach((value, k) => fine[p][k].show(value)));
  }
  function showWhole() {
    const values = all();
    const mean = 2 ** (values.reduce((sum, value) => sum + Math.log2(value), 0) / values.length);
    const same = values.every((value) => value === values[0]);
    whole.show(same ? values[0] : round(mean, 2), same ? "" : app.say("mixed"));
  }
  function update(newer) {
    parts = newer.parts.map((part) => [...part.values]);
    showParts();
    showWhole();
  }
  update(control);
  return { node: h("div", { class: "lever effort" }, head, more, whole.node), fine: fineOf, update };
}

/** Another lever: one slider, or one for each phase. */
function sliderControl(app, control, move) {
  let values = [...control.values];
  const several = values.length > 1;
  const tell = (final) => move(control.id, { [control.path]: several ? [...values] : values[0] }, final);
  const whole = slider(app, control, control.label, (value, final) => {
    values = values.map(() => value);
    tell(final);
    showAll();
  });
  const fine = several ? PHASES.map((phase, k) => slider(app, control, `${control.label}, ${phaseName(app, phase)}`, (value, final) => {
    values[k] = value;
    tell(final);
    showAll();
  })) : [];
  const unset = h("p", { class: "hint" });
  const mixed = h("strong");
  const opener = h("summary", {}, app.say("by_phase"), mixed);
  const details = several ? h("details", { class: "parts" }, opener, phaseRows(app, fine)) : null;
  const { head, more } = caption(app, control);

  function showAll() {
    const same = values.every((value) => value === values[0]);
    whole.show(same ? values[0] : round(values.reduce((a, b) => a + b) / values.length, 3), same ? "" : app.say("mixed"));
    fine.forEach((one, k) => one.show(values[k]));
    mixed.textContent = same ? "" : ` · ${app.say("mixed")}`;
  }
  function update(newer) {
    values = [...newer.values];
    unset.textContent = newer.unset;
    showAll();
  }
  update(control);
  return { node: h("div", { class: "lever" }, head, more, whole.node, unset, details), update };
}

/** A choice of one of a few. */
function selectControl(app, control, move) {
  const options = control.options.map((one) => h("option", { value: one.value }, one.label));
  const value = () => (control.whole ? Number(select.value) : select.value);
  const choose = () => move(control.id, { [control.path]: value() }, true);
  const select = h("select", { "aria-label": control.label, "data-focus": control.id, onchange: choose }, options);
  const update = (newer) => { select.value = newer.value; };
  update(control);
  return { node: labelled(control, select), update };
}

/** A whole number. */
function numberControl(app, control, move) {
  const set = () => move(control.id, { [control.path]: Math.trunc(Number(field.value)) }, true);
  const field = h("input", { type: "number", min: 0, step: 1, "aria-label": control.label, onchange: set });
  const back = app.say("reset", { value: 1 });
  const reset = () => { field.value = 1; field.dispatchEvent(new Event("change")); };
  const again = h("button", { type: "button", class: "what", "aria-label": back, title: back, onclick: reset }, icon(BACK));
  const update = (newer) => { field.value = newer.value; };
  update(control);
  return { node: labelled(control, h("span", { class: "field" }, field, again)), update };
}

/** Puts the name of a control beside its field. */
function labelled(control, field) {
  return h("label", { class: "lever choice", title: control.meaning }, h("span", { class: "lever-name" }, control.label), field);
}
