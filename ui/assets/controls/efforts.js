// Efforts of a group as a table: a row for each action, a column for each phase.
import { fill, h } from "../dom.js";
import { numberEntry } from "./entry.js";

const PHASES = [2, 3, 4];

/**
 * Makes a table of efforts, and one number that stands for them all.
 *
 * `show(table)` shows what a coalition has, or what a new one has at first; `table()` returns it as a scenario says it.
 */
export function effortTable(app, control) {
  const parts = control.parts.map((part) => part.value);
  const first = () => Object.fromEntries(control.actions.map(({ value }) => [value, PHASES.map(() => control.effort)]));
  let efforts = {}; // by part and action: a value for each phase, or null where the common effort holds
  const whole = numberEntry(app, { ...ends(control), label: app.say("f_effort_all") }, setAll);
  const apart = h("input", { type: "checkbox", onchange: part });
  const grids = parts.map((name, p) => grid(app, control, name, p, { get: () => efforts[name], set }));

  function setAll(value) {
    for (const name of parts) efforts[name] = Object.fromEntries(control.actions.map((one) => [one.value, PHASES.map(() => value)]));
    showAll();
  }
  /** Sets a row; where pledging and delivering go together, of both. */
  function set(name, action, values) {
    for (const one of apart.checked ? [name] : parts) efforts[one][action] = values && [...values];
    showAll();
  }
  function part() {
    if (!apart.checked) efforts[parts[1]] = structuredClone(efforts[parts[0]]);
    showAll();
  }
  function showAll() {
    const values = Object.values(efforts).flatMap((one) => Object.values(one)).flatMap((one) => one ?? [null]);
    const same = values.every((value) => value === values[0]);
    whole.show(same ? values[0] : null, same ? "" : app.say("f_several"));
    grids.forEach((one) => one.show(apart.checked));
  }
  return {
    whole: h("label", { class: "choice" }, h("span", {}, app.say("f_effort_all")), whole.input, whole.note),
    node: h("div", { class: "efforts" }, h("label", { class: "check" }, apart, app.say("f_apart")), grids.map((one) => one.node)),
    show(table) {
      const known = (name) => Object.fromEntries(control.actions.map(({ value }) => [value, table[name]?.[value] ?? null]));
      efforts = Object.fromEntries(parts.map((name) => [name, table ? known(name) : first()]));
      apart.checked = JSON.stringify(efforts[parts[0]]) !== JSON.stringify(efforts[parts[1]]);
      showAll();
    },
    table: () => Object.fromEntries(parts.map((name) => [
      name,
      Object.fromEntries(Object.entries(efforts[name]).filter(([, values]) => values !== null)),
    ])),
  };
}

const ends = ({ low, high }) => ({ low, high });

/** Makes the table of pledging or of delivering; the second is shown only where the two are apart. */
function grid(app, control, name, place, { get, set }) {
  const title = h("p", { class: "part-name" });
  const phases = PHASES.map((phase) => h("span", {}, fill(app.say("phase"), { n: phase })));
  const head = h("div", { class: "efforts-row efforts-head", "aria-hidden": "true" }, h("span"), phases);
  const rows = control.actions.map((action) => row(app, control, action, {
    get: () => get()[action.value],
    set: (values) => set(name, action.value, values),
  }));
  const node = h("div", { class: "part" }, title, head, rows.map((one) => one.node));
  return {
    node,
    show(apart) {
      node.hidden = place > 0 && !apart;
      title.textContent = apart ? control.parts[place].label : "";
      title.hidden = !apart;
      rows.forEach((one) => one.show(apart ? control.parts[place].label : app.say("f_both")));
    },
  };
}

/** Makes the row of an action: whether it has efforts of its own, and a number for each phase. */
function row(app, control, action, { get, set }) {
  let before = PHASES.map(() => control.effort); // what comes back once a row is ticked again
  const named = { type: "checkbox", "aria-label": app.say("f_has_own", { action: action.label }) };
  const own = h("input", { ...named, onchange: () => set(own.checked ? before : null) });
  const cells = PHASES.map((_, k) => numberEntry(app, ends(control), (value) => set(get().map((one, at) => (at === k ? value : one)))));
  const name = h("label", { class: "check" }, own, h("i", { class: `swatch ${action.value}`, "aria-hidden": "true" }), action.label);
  return {
    node: h("div", { class: "efforts-row" }, name, cells.map((one) => one.input), cells.map((one) => one.note)),
    show(part) {
      const values = get();
      own.checked = values !== null;
      if (values) before = values;
      cells.forEach((one, k) => {
        one.input.disabled = values === null;
        one.input.setAttribute("aria-label", app.say("f_cell", { action: action.label, part, n: PHASES[k] }));
        one.show(values?.[k] ?? null);
      });
    },
  };
}
