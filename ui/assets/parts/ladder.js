// The ladder: a table of five actions by four steps; on a phone it stands as one list an action.
import { h } from "../dom.js";
import { go } from "../navigation.js";

/** Makes the ladder, with the choice of whose steps it shows. */
export function ladder(app, { scope, columns, rows, told }) {
  const corner = h("td", {});
  const head = h("tr", {}, corner, columns.map(columnHead));
  const body = rows.map((row, at) => h(
    "tr",
    { class: `c${at + 1}` },
    h("th", { scope: "row" }, row.name),
    row.cells.map((cell, k) => stepCell(cell, columns[k])),
  ));
  const table = h("table", { class: "stairs" }, h("caption", {}, told), h("thead", {}, head), h("tbody", {}, body));
  return h("div", { class: "stairs-box" }, scopeChoice(app, scope), table);
}

/** Makes the head of a column: which step, and the phase in which it is due to open. */
function columnHead({ step, name, years }) {
  const parts = { step, "phase-name": name, years };
  return h("th", { scope: "col" }, Object.entries(parts).map(([look, text]) => h("span", { class: look }, text)));
}

/** Makes a cell: the name of a step, what it means, and who has delivered it. */
function stepCell({ name, sentence, share, base, now, before }, column) {
  const parts = [h("span", { class: "step" }, `${column.step} · ${column.name}`), h("strong", {}, name), h("p", {}, sentence)];
  if (now) parts.push(bar(share, base), h("p", { class: "shares" }, h("b", {}, now), before && h("span", {}, before)));
  return h("td", {}, parts);
}

/** Makes a bar as long as a share, with a mark where the share was before. */
function bar(share, base) {
  const part = (name, side, size) => {
    const node = h("i", { class: name });
    node.style[side] = `${100 * size}%`;
    return node;
  };
  const parts = [share > 0 && part("now", "inlineSize", share), base != null && part("base", "insetInlineStart", base)];
  return h("div", { class: "bar", "aria-hidden": "true" }, parts);
}

/** Makes the choice of whose steps are shown. */
function scopeChoice(app, { label, value, goes, groups }) {
  const option = (one) => h("option", { value: one.value, selected: one.value === value }, one.label);
  const select = h(
    "select",
    { "data-focus": "ladder-scope", onchange: () => go(app, goes + select.value) },
    groups.map((group) => h("optgroup", { label: group.label }, group.options.map(option))),
  );
  return h("label", { class: "choice" }, h("span", {}, label), select);
}
