// Levers as controls: native sliders and fields, so that keyboards and screen readers work as everywhere.
import { fill, h, icon } from "../dom.js";
import { keepFold } from "../folds.js";
import { coalitionControl } from "./coalition.js";
import { numberEntry } from "./entry.js";
import { eventsControl } from "./events.js";
import { slider } from "./slider.js";

const BACK = "M3 8a5 5 0 1 0 2-4M5 1v3h3";
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
    const fine = group.controls.map(({ id }) => controls.get(id).fine).filter(Boolean);
    const hint = h("p", { class: "hint" }, app.say("open_parts"));
    const phases = fine.length ? fold(`phases.${group.id}`, "parts", [app.say("by_phase")], [hint, ...fine]) : null;
    const part = h("details", { class: "lever-group", "data-group": group.id }, h("summary", {}, group.label), made, phases);
    return keepFold(part, `levers.${group.id}`, Boolean(group.open));
  });
  return {
    node: h("div", { class: "levers" }, parts),
    update(newer) {
      for (const group of newer) for (const control of group.controls) controls.get(control.id)?.update(control);
    },
    /** Shows what the model has, by dotted path. */
    hold(values) {
      for (const control of controls.values()) control.hold?.(values);
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

/** Makes a part that opens, and stays as it was left. */
function fold(key, look, head, body) {
  return keepFold(h("details", { class: look }, h("summary", {}, head), body), key);
}

/** Makes what stands above a slider: its name, how it is known, and more about it. */
function caption(app, control) {
  const id = `about-${control.id}`;
  const marks = (control.marks ?? []).map((mark) => {
    const sign = h("span", { class: "tag" }, mark.tag);
    return h("li", {}, `${app.say("times", { value: mark.value })} ${mark.label} `, sign);
  });
  const known = [control.unit, control.tagged].filter(Boolean).join(" · ");
  const source = control.source ? `${known} · ${app.say("source")}: ${control.source}` : "";
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

/** Makes the part that opens into the phases; its head says where their values differ. */
function phasesPart(app, control, rows) {
  const mixed = h("strong");
  const part = fold(`phases.${control.id}`, "parts", [app.say("by_phase"), mixed], rows);
  const show = (values) => {
    const same = values.every((value) => value === values[0]);
    mixed.textContent = same ? "" : ` · ${app.say("mixed")}`;
  };
  return { part, show };
}

/** An effort: one slider for all, that opens into pledging and delivering, by phase. */
function effortControl(app, control, move) {
  let parts = control.parts.map((part) => [...part.values]);
  const paths = control.parts.map((part) => part.path);
  const valuesAt = (path) => [path, [...parts[paths.indexOf(path)]]];
  const tell = (final, only = paths) => move(control.id, Object.fromEntries(only.map(valuesAt)), final);
  const setAll = (value, final) => {
    parts = parts.map((values) => values.map(() => value));
    tell(final);
    show();
  };
  const setOne = (p, k) => (value, final) => {
    parts[p][k] = value;
    tell(final, [paths[p]]);
    show();
  };
  const whole = slider(app, control, control.label, setAll, () => setAll(control.default, true));
  const fine = control.parts.map((part, p) => PHASES.map((phase, k) => {
    const label = `${control.label}: ${part.label}, ${phaseName(app, phase)}`;
    return slider(app, control, label, setOne(p, k), () => setOne(p, k)(control.default, true));
  }));
  const rows = control.parts.map((part, p) => {
    const title = h("p", { class: "part-name", title: part.meaning }, part.label);
    return h("div", { class: "part" }, title, phaseRows(app, fine[p]));
  });
  const swatch = () => h("i", { class: `swatch ${control.action}`, "aria-hidden": "true" });
  const { head, more } = caption(app, control);
  head.prepend(swatch());

  function show() {
    parts.forEach((values, p) => values.forEach((value, k) => fine[p][k].show([value])));
    whole.show(parts.flat());
  }
  const take = (newer) => { parts = newer.map((values) => [...values]); show(); };
  show();
  return {
    node: h("div", { class: "lever effort" }, head, more, whole.node),
    fine: fold(`phases.${control.id}`, "parts action", [swatch(), ` ${control.label}`], rows),
    update: (newer) => take(newer.parts.map((part) => part.values)),
    hold: (values) => take(paths.map((path) => values[path])),
  };
}

/** Another lever: one slider, or one for each phase; one that is not set has the uncertain value. */
function sliderControl(app, control, move) {
  let values;
  let unset = false;
  const several = control.values.length > 1;
  const tell = (final) => move(control.id, { [control.path]: several ? [...values] : values[0] }, final);
  const set = (newer, final) => {
    [values, unset] = [newer, false];
    tell(final);
    show();
  };
  const back = () => {
    if (control.resets !== null) return set(values.map(() => control.default), true);
    move(control.id, { [control.path]: null }, true);
    take(null);
  };
  const setOne = (k) => (value, final) => set(values.map((one, at) => (at === k ? value : one)), final);
  const whole = slider(app, control, control.label, (value, final) => set(values.map(() => value), final), back);
  const fine = several ? PHASES.map((phase, k) => {
    const label = `${control.label}, ${phaseName(app, phase)}`;
    return slider(app, control, label, setOne(k), () => setOne(k)(control.default, true));
  }) : [];
  const hint = h("p", { class: "hint" }, control.unset_text);
  const phases = several ? phasesPart(app, control, phaseRows(app, fine)) : null;
  const { head, more } = caption(app, control);

  function show() {
    whole.show(values);
    fine.forEach((one, k) => one.show([values[k]]));
    phases?.show(values);
    hint.hidden = !unset;
  }
  /** Takes what the model has: a value for each phase, one for all, or none. */
  function take(newer) {
    unset = newer === null;
    values = unset ? control.values.map(() => control.default) : [newer].flat();
    show();
  }
  const update = (newer) => { control.default = newer.default; take(newer.unset ? null : newer.values); };
  update(control);
  const node = h("div", { class: "lever" }, head, more, whole.node, hint, phases?.part);
  return { node, update, hold: (held) => take(held[control.path]) };
}

/** A choice of one of a few. */
function selectControl(app, control, move) {
  const options = control.options.map((one) => h("option", { value: one.value }, one.label));
  const value = () => (control.whole ? Number(select.value) : select.value);
  const choose = () => move(control.id, { [control.path]: value() }, true);
  const select = h("select", { "aria-label": control.label, "data-focus": control.id, onchange: choose }, options);
  const update = (newer) => { select.value = newer.value; };
  update(control);
  return { node: labelled(control, select), update, hold: (values) => { select.value = values[control.path]; } };
}

/** A whole number that may be longer than the numbers of browsers: it is told in digits. */
function numberControl(app, control, move) {
  const ends = { low: 0n, high: BigInt(control.most), whole: true, label: control.label, focus: control.id };
  const set = (value) => move(control.id, { [control.path]: String(value) }, true);
  const field = numberEntry(app, ends, set, digits);
  field.input.setAttribute("role", "spinbutton");
  const show = (value) => { field.show(BigInt(value)); field.input.setAttribute("aria-valuetext", value); };
  const back = app.say("reset", { value: 1 });
  const again = { type: "button", class: "what", "aria-label": back, title: back, onclick: () => { set(1n); show("1"); } };
  const node = labelled(control, h("span", { class: "field" }, field.input, h("button", again, icon(BACK)), field.note));
  show(control.value);
  return { node, update: (newer) => show(newer.value), hold: (values) => show(values[control.path]) };
}

/** Reads a whole number of any length; one with decimals as what it is, to be refused as no whole number. */
function digits(text) {
  if (/^[+-]?\d+$/.test(text.trim())) return BigInt(text.trim());
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Puts the name of a control beside its field. */
function labelled(control, field) {
  return h("label", { class: "lever choice", title: control.meaning }, h("span", { class: "lever-name" }, control.label), field);
}
