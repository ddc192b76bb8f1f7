// Events: what happens in one year to the members it reaches.
import { h } from "../dom.js";
import { numberEntry } from "./entry.js";
import { formFrame, labelled, listControl, options, ownName } from "./lists.js";

const LONGEST = 60;
const POINTS = { low: -100, high: 100 }; // as results tell trust and capacity

/** A list of events. */
export function eventsControl(app, control, move) {
  const tell = (tables) => move("events", { events: tables }, true);
  return listControl(app, control, (means) => eventForm(app, control, means), tell);
}

function eventForm(app, control, { taken, leave, send }) {
  let entry = null; // the one that is being changed
  const name = h("input", { type: "text", maxlength: LONGEST });
  const scope = h("select");
  const [low, high] = control.years;
  const year = number(app, "year", { low, high, whole: true });
  const lost = number(app, "resources_lost", { low: 0, high: 99 });
  const trust = number(app, "trust_change", POINTS);
  const capacity = number(app, "capacity_change", POINTS);
  const add = () => send({
    ...entry?.table,
    name: ownName(name.value.trim() || `${app.say("year")} ${year.value()}`, taken()),
    year: year.value(),
    scope: JSON.parse(scope.value),
    resources_lost: asShare(lost.value()),
    trust: asShare(trust.value()),
    capacity: asShare(capacity.value()),
  });
  const numbers = h("div", { class: "numbers" }, year.node, lost.node, trust.node, capacity.node);
  const frame = formFrame(app, [labelled(app.say("name"), name), labelled(app.say("scope"), scope), numbers], { add, leave });
  return {
    node: frame.node,
    update() {},
    edit(one) {
      entry = one;
      const { table } = one ?? { table: { year: control.year } };
      name.value = table.name ?? "";
      chooseScope(table.scope ?? control.scopes[0].value, one);
      year.show(table.year);
      lost.show(asPercent(table.resources_lost));
      trust.show(asPercent(table.trust));
      capacity.show(asPercent(table.capacity));
      frame.show(one);
    },
  };

  /** Shows whom an event reaches, also where it is a list of members. */
  function chooseScope(value, one) {
    const known = control.scopes.map((each) => ({ value: JSON.stringify(each.value), label: each.label }));
    const listed = Array.isArray(value) ? [{ value: JSON.stringify(value), label: one.text }] : [];
    scope.replaceChildren(...options([...listed, ...known]));
    scope.value = JSON.stringify(value);
  }
}

/** Returns per cent as a share, as scenarios have it. */
function asShare(percent) {
  return Number((percent / 100).toFixed(6));
}

/** Returns a share that may be missing as per cent. */
function asPercent(share = 0) {
  return Number((100 * share).toFixed(4));
}

/** Makes a number under its name. */
function number(app, key, ends) {
  let now = 0;
  const label = app.say(key);
  const entry = numberEntry(app, { ...ends, label }, (value) => { now = value; });
  const show = (value) => { now = value; entry.show(value); };
  return { node: labelled(label, entry.input, entry.note), show, value: () => now };
}
