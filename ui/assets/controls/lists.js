// Coalitions and events: lists whose entries can be added and removed.
import { h } from "../dom.js";

/** Makes the list of what there is, each with a button that removes it. */
function entries(app, control, keep) {
  return h("ul", { class: "entries" }, control.entries.map((entry, at) => {
    const others = () => control.entries.filter((_, k) => k !== at).map((one) => one.table);
    const name = `${app.say("remove")}: ${entry.label}`;
    const remove = { type: "button", class: "tool small", "aria-label": name, onclick: () => keep(others()) };
    return h(
      "li",
      {},
      h("strong", {}, entry.label),
      h("span", { title: entry.text }, entry.text),
      h("button", remove, app.say("remove")),
    );
  }));
}

/** Makes a control of a list that shows itself anew on every update. */
function listControl(app, control, form, send) {
  const node = h("div", { class: "lever" });
  function update(newer) {
    node.replaceChildren(h("p", { class: "hint" }, newer.meaning), entries(app, newer, send), form(newer));
  }
  update(control);
  return { node, update };
}

/** Makes the options of a choice. */
const options = (list) => list.map((one) => h("option", { value: one.value }, one.label));

/** Makes a label with a field. */
const labelled = (text, field) => h("label", { class: "choice" }, h("span", {}, text), field);

/** Coalitions: a body, a subregion or a list of members, with one effort on all actions. */
export function coalitionControl(app, control, move) {
  const send = (tables) => move("coalition", { coalitions: tables }, true);
  return listControl(app, control, (newer) => coalitionForm(app, newer, send), send);
}

function coalitionForm(app, control, send) {
  const kinds = [["body", "of_body"], ["group", "of_group"], ["list", "of_list"]];
  const kind = h("select", {}, kinds.map(([value, key]) => h("option", { value }, app.say(key))));
  const body = h("select", {}, options(control.bodies));
  const group = h("select", {}, options(control.groups));
  const list = h("select", { multiple: true, size: 6 }, options(control.members));
  const effort = h("input", { type: "number", min: control.low, max: control.high, step: 0.1, value: control.effort });
  const membersOf = (field) => labelled(app.say("members_of"), field);
  const fields = { body: membersOf(body), group: membersOf(group), list: membersOf(list) };
  const show = () => Object.entries(fields).forEach(([name, field]) => { field.hidden = name !== kind.value; });
  kind.addEventListener("change", show);
  show();
  const members = () => {
    if (kind.value === "body") return { bodies: [body.value] };
    if (kind.value === "group") return { members: control.groups.find((one) => one.value === group.value).members };
    return { members: [...list.selectedOptions].map((one) => one.value) };
  };
  const add = () => {
    const efforts = Object.fromEntries(control.actions.map((action) => [action, Array(3).fill(Number(effort.value))]));
    const taken = new Set(control.entries.map((entry) => entry.table.name));
    let name = control.own;
    for (let k = 2; taken.has(name); k += 1) name = `${control.own} ${k}`;
    send([...control.entries.map((entry) => entry.table), { name, ...members(), pledge_effort: efforts, delivery_effort: efforts }]);
  };
  return h(
    "fieldset",
    { class: "adder" },
    h("legend", {}, app.say("add")),
    labelled(app.say("scope"), kind),
    Object.values(fields),
    labelled(app.say("effort"), effort),
    h("button", { type: "button", class: "tool", onclick: add }, app.say("add")),
  );
}

/** Events: what happens in one year to the members it reaches. */
export function eventsControl(app, control, move) {
  const send = (tables) => move("events", { events: tables }, true);
  return listControl(app, control, (newer) => eventForm(app, newer, send), send);
}

function eventForm(app, control, send) {
  const name = h("input", { type: "text", maxlength: 60 });
  const year = h("input", { type: "number", min: 2017, max: 2039, value: 2030 });
  const scope = h("select", {}, options(control.scopes));
  const lost = h("input", { type: "number", min: 0, max: 99, step: 1, value: 20 });
  const trust = h("input", { type: "number", min: -1, max: 1, step: 0.01, value: 0 });
  const capacity = h("input", { type: "number", min: -1, max: 1, step: 0.01, value: 0 });
  const add = () => send([
    ...control.entries.map((entry) => entry.table),
    {
      name: name.value.trim() || `${app.say("year")} ${year.value}`,
      year: Number(year.value),
      scope: scope.value,
      resources_lost: Number(lost.value) / 100,
      trust: Number(trust.value),
      capacity: Number(capacity.value),
    },
  ]);
  return h(
    "fieldset",
    { class: "adder" },
    h("legend", {}, app.say("add")),
    labelled(app.say("name"), name),
    labelled(app.say("year"), year),
    labelled(app.say("scope"), scope),
    labelled(app.say("resources_lost"), lost),
    labelled(app.say("trust_change"), trust),
    labelled(app.say("capacity_change"), capacity),
    h("button", { type: "button", class: "tool", onclick: add }, app.say("add")),
  );
}
