// What people find important, by group, beside what does most in the model.
import { h } from "../dom.js";
import { soft } from "./syllables.js";

/** Makes the scene of how everybody and each group rank the actions. */
export function ranking(room, { spread, priorities }) {
  const actions = Object.keys(spread.groups[0].mean);
  const columns = spread.groups.map(({ group, people, mean }) => ({
    title: `${room.say(`group_${group || "unsaid"}`)} (${people})`,
    places: placesOf(actions, (one) => mean[one]),
  }));
  if (priorities) {
    const places = placesOf(actions, (one) => -Math.round(100 * priorities[one])); // as it is written
    columns.push({ title: room.say("model"), places, model: priorities });
  }
  const head = h(
    "tr",
    {},
    h("td", {}),
    ...columns.map(({ title, model }) => h("th", { scope: "col", class: model ? "model" : "" }, soft(title))),
  );
  const cell =
    (action) =>
    ({ places, model }) =>
      h(
        "td",
        { class: model ? "model" : "" },
        h("span", { class: `place place-${places.get(action)}` }, places.get(action)),
        model ? h("span", { class: "worth" }, room.signed(model[action], 2)) : null,
      );
  const inOrder = actions.toSorted((a, b) => columns[0].places.get(a) - columns[0].places.get(b));
  const rows = inOrder.map((action) =>
    h("tr", {}, h("th", { scope: "row" }, soft(room.names.levers[action])), ...columns.map(cell(action))),
  );
  const table = h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
  return {
    node: h("section", { class: "scene table ranks" }, h("h1", {}, room.say("survey")), table),
    update() {},
    layout() {},
  };
}

/** Returns the place of each action, the first where the value is least; actions of one value share one. */
function placesOf(actions, valueOf) {
  const values = actions.map(valueOf).toSorted((a, b) => a - b);
  return new Map(actions.map((action) => [action, values.indexOf(valueOf(action)) + 1]));
}
