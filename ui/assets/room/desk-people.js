// Who is here: where they sit, whether they have answered; each can be moved or sent away.
import { h } from "../dom.js";
import { button } from "./desk-button.js";
import { confirmed } from "./desk-confirm.js";

/** Makes the list of people, closed until somebody opens it. */
export function peopleOf(desk) {
  const { persons } = desk.view;
  const list = desk.own.people
    ? h("ul", { class: "desk-people", "data-scroll": "" }, ...persons.map((one) => personOf(desk, one)))
    : null;
  const toggle = (event) => {
    if (event.target.open === Boolean(desk.own.people)) return;
    desk.own.people = event.target.open;
    desk.renew();
  };
  const summary = h("summary", { "data-focus": "people" }, h("h2", {}, desk.say("people", { n: persons.length })));
  const nobody = persons.length ? null : h("p", { class: "hint" }, desk.say("nobody"));
  return h("details", { class: "desk-part", open: Boolean(desk.own.people), ontoggle: toggle }, summary, list, nobody);
}

/** Names a person: as they did, or by their number. */
export function personName(desk, { name, person }) {
  return name || desk.say("person", { n: person });
}

function personOf(desk, one) {
  const name = personName(desk, one);
  const seat = () => desk.ask({ do: "seat", person: one.person, delegation: places.value });
  const watches = one.delegation ? [] : [["", desk.say("watches")]];
  const options = [...watches, ...Object.entries(desk.names.delegations)];
  const places = h(
    "select",
    { "aria-label": desk.say("seat_of", { name }), "data-focus": `seat-${one.person}`, onchange: seat },
    ...options.map(([key, title]) => h("option", { value: key, selected: key === one.delegation }, title)),
  );
  const remove = async () => {
    if (await confirmed(desk, desk.say("sure_remove", { name }))) desk.ask({ do: "remove", person: one.person });
  };
  const label = desk.say("remove", { name });
  const away = button("×", `remove-${one.person}`, remove, { class: "tool small", "aria-label": label, title: label });
  return h("li", {}, h("span", { class: one.answered ? "answered" : "" }, name), away, places);
}
