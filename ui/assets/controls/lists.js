// Lists of coalitions and events, whose entries can be added, changed and removed.
import { h } from "../dom.js";

/**
 * Makes a control of a list: what there is, and a form for one more or for another shape of one.
 *
 * `makeForm(send)` makes the form: {node, update(control), edit(entry)}; a draft stays as it is until it is taken.
 */
export function listControl(app, control, makeForm, tell) {
  const meaning = h("p", { class: "hint" });
  const list = h("ul", { class: `entries ${control.kind}` });
  let shown = control;
  let edited = null; // the place of the entry that is being changed
  let sent = null; // the entries when a draft was sent, until the session answers
  const tables = () => shown.entries.map((entry) => entry.table);
  const begin = (at) => {
    edited = at;
    form.edit(at === null ? null : shown.entries[at]);
  };
  const form = makeForm({
    taken: () => tables().filter((_, at) => at !== edited).map((one) => one.name),
    leave: () => begin(null),
    send: (table) => {
      sent = JSON.stringify(tables());
      tell(edited === null ? [...tables(), table] : tables().with(edited, table));
    },
  });
  const remove = (at) => {
    if (edited !== null) begin(null);
    tell(tables().filter((_, k) => k !== at));
  };

  function update(newer) {
    shown = newer;
    meaning.textContent = newer.meaning;
    list.replaceChildren(...newer.entries.map((entry, at) => line(app, entry, at, begin, remove)));
    form.update(newer);
    if (sent !== null && JSON.stringify(tables()) !== sent) begin(null);
    else if (edited !== null && edited >= newer.entries.length) begin(null);
    sent = null;
  }
  update(control);
  begin(null);
  return { node: h("div", { class: "lever" }, meaning, list, form.node), update };
}

/** Makes the line of an entry. */
function line(app, entry, at, change, remove) {
  const button = (key, act) => {
    const label = app.say(key);
    return h("button", { type: "button", class: "tool small", "aria-label": `${label}: ${entry.label}`, onclick: () => act(at) }, label);
  };
  return h(
    "li",
    {},
    h("i", { class: "badge", "aria-hidden": "true" }, at + 1),
    h("strong", {}, entry.label),
    h("span", { class: "entry-text", title: entry.text }, entry.text),
    entry.more ? h("span", { class: "entry-text" }, entry.more) : null,
    h("div", { class: "entry-tools" }, button("f_change", change), button("remove", remove)),
  );
}

/** Makes the frame of a form, which says whether it adds or changes. */
export function formFrame(app, fields, { add, leave }) {
  const legend = h("legend");
  const go = h("button", { type: "button", class: "tool strong", onclick: add });
  const back = h("button", { type: "button", class: "tool", onclick: leave }, app.say("f_leave"));
  const node = h("fieldset", { class: "adder" }, legend, fields, h("div", { class: "row" }, go, back));
  const show = (entry) => {
    legend.textContent = entry ? `${app.say("f_change")}: ${entry.label}` : app.say("add");
    go.textContent = entry ? app.say("f_keep") : app.say("add");
    back.hidden = !entry;
  };
  return { node, show };
}

/** Makes the options of a choice. */
export const options = (list) => list.map((one) => h("option", { value: one.value }, one.label));

/** Makes a label with a field, and what is said beside it. */
export const labelled = (text, field, ...more) => h("label", { class: "choice" }, h("span", {}, text), field, ...more);

/** Returns a name that is not taken. */
export function ownName(name, taken) {
  if (!taken.includes(name)) return name;
  for (let k = 2; ; k += 1) if (!taken.includes(`${name} ${k}`)) return `${name} ${k}`;
}
