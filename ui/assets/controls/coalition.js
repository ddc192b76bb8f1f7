// Coalitions: a name, members, and efforts of their own by action and phase.
import { h } from "../dom.js";
import { keepFold } from "../folds.js";
import { effortTable } from "./efforts.js";
import { formFrame, labelled, listControl, options, ownName } from "./lists.js";

const LONGEST = 60;

/** A list of coalitions. */
export function coalitionControl(app, control, move) {
  const tell = (tables) => move("coalition", { coalitions: tables }, true);
  return listControl(app, control, (means) => coalitionForm(app, control, means), tell);
}

function coalitionForm(app, control, { taken, leave, send }) {
  let shown = control;
  let entry = null; // the one that is being changed
  const name = h("input", { type: "text", maxlength: LONGEST });
  const who = membersChoice(app);
  const efforts = effortTable(app, control);
  const fold = keepFold(h("details", { class: "parts" }, h("summary", {}, app.say("f_by_action")), efforts.node), "coalition.efforts");
  const add = () => send({
    ...who.table(entry?.table),
    name: ownName(name.value.trim() || who.label() || shown.own, taken()),
    ...efforts.table(),
  });
  const frame = formFrame(app, [labelled(app.say("name"), name), who.node, efforts.whole, fold], { add, leave });
  return {
    node: frame.node,
    update(newer) {
      shown = newer;
      who.update(newer);
    },
    edit(one) {
      entry = one;
      name.value = one?.table.name ?? "";
      who.edit(one);
      efforts.show(one?.table);
      frame.show(one);
    },
  };
}

/** Makes the choice of members: a body, a subregion, a list, or those that a coalition has. */
function membersChoice(app) {
  const kinds = [["body", app.say("of_body")], ["group", app.say("of_group")], ["list", app.say("of_list")]];
  const kind = h("select");
  const body = h("select");
  const group = h("select");
  const list = h("div", { class: "member-boxes", role: "group", "aria-label": app.say("members_of"), tabindex: "0" });
  const parts = { body: labelled(app.say("members_of"), body), group: labelled(app.say("members_of"), group), list };
  let groups = [];
  const show = () => Object.entries(parts).forEach(([name, part]) => { part.hidden = name !== kind.value; });
  kind.addEventListener("change", show);
  const boxes = () => [...list.querySelectorAll("input")];
  const ticked = () => boxes().filter((one) => one.checked).map((one) => one.value);
  const tick = (codes) => boxes().forEach((one) => { one.checked = codes.includes(one.value); });

  /** Keeps what is chosen while the options become others. */
  function renew(select, newer) {
    const chosen = select.value;
    select.replaceChildren(...options(newer));
    if (newer.some((one) => one.value === chosen)) select.value = chosen;
  }
  return {
    node: h("div", { class: "members-choice" }, labelled(app.say("scope"), kind), Object.values(parts)),
    update(newer) {
      groups = newer.groups;
      renew(body, newer.bodies);
      renew(group, newer.groups);
      const chosen = ticked();
      const box = ({ value, label }) => h("label", { class: "check" }, h("input", { type: "checkbox", value }), label);
      list.replaceChildren(...newer.members.map(box));
      tick(chosen);
    },
    edit(entry) {
      const same = entry ? [{ value: "same", label: entry.text }] : [];
      kind.replaceChildren(...options([...same, ...kinds.map(([value, label]) => ({ value, label }))]));
      tick(entry?.table.members ?? []);
      show();
    },
    /** Returns who takes part, as a scenario says it. */
    table(before) {
      switch (kind.value) {
        case "same": return { members: before.members ?? [], bodies: before.bodies ?? [] };
        case "body": return { bodies: [body.value] };
        case "group": return { members: groups.find((one) => one.value === group.value).members };
        default: return { members: ticked() };
      }
    },
    /** Returns what the members have in common, or nothing. */
    label: () => ({ body: body.value, group: group.selectedOptions[0]?.label }[kind.value] ?? ""),
  };
}
