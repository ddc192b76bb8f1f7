// Delegations by levers: how far proposals lie apart, or what was promised.
import { h } from "../dom.js";
import { soft } from "./syllables.js";

const STOPS = 4;
/** Makes the scene of how far the proposals of each delegation lie apart. */
export function spreading(room, view) {
  const of = ({ id, fixed }, lever) =>
    fixed[lever] === null ? range(room, view.spread.delegations[id].levers[lever]) : pips(room, fixed[lever]);
  return scene(room, view, "spread", of, () => "", h("p", { class: "legend" }, room.say("spread_key")));
}

/** Makes the scene of what each delegation promised. */
export function promising(room, view) {
  const points = (id) => view.promised[id]?.points ?? [];
  const of = ({ id, fixed }, lever) => pips(room, fixed[lever] ?? points(id)[lever] ?? 0);
  const total = ({ id, budget }) => `${points(id).reduce((sum, own) => sum + own, 0)}/${budget}`;
  return scene(room, view, "promised", of, total);
}

/** Makes a scene of a table; `of` makes what stands in it for a delegation and a lever. */
function scene(room, { seats }, title, of, total, legend = null) {
  const common = seats[0].levers; // those of members, which all of them hold
  const head = h("tr", {}, h("td", {}), ...common.map((name) => h("th", { scope: "col" }, soft(room.names.levers[name]))));
  const rows = seats.map((seat) => {
    const own = seat.levers.map((name, place) => [name, of(seat, place)]);
    const cells =
      seat.levers.join() === common.join()
        ? own.map(([, cell]) => h("td", {}, cell))
        : [
            h(
              "td",
              { colspan: common.length },
              h(
                "div",
                { class: "levers" },
                ...own.map(([name, cell]) => h("div", {}, h("span", {}, soft(room.names.levers[name])), cell)),
              ),
            ),
          ];
    const who = h("th", { scope: "row" }, h("span", {}, room.names.short[seat.id]), h("span", { class: "total" }, total(seat)));
    return h("tr", {}, who, ...cells);
  });
  const table = h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
  return {
    node: h("section", { class: "scene table" }, h("div", { class: "title" }, h("h1", {}, room.say(title)), legend), table),
    update() {},
    layout() {},
  };
}

/** Makes points as filled marks. */
function pips(room, points) {
  const marks = Array.from({ length: STOPS }, (_, i) => h("i", { class: i < points ? "on" : "" }));
  return h("span", { class: "pips", role: "img", "aria-label": room.say("points", { n: points, all: STOPS }) }, ...marks);
}

/** Makes a line from the least to the greatest, with a mark at the middle. */
function range(room, { low, median, high }) {
  if (median === null) return h("span", { class: "none" }, "–");
  const [line, mark] = [h("b"), h("i")];
  line.style.insetInlineStart = `${(100 * low) / STOPS}%`;
  line.style.inlineSize = `${(100 * (high - low)) / STOPS}%`;
  mark.style.insetInlineStart = `${(100 * median) / STOPS}%`;
  const label = room.say("spread_cell", { low, median: room.number(median, median % 1 ? 1 : 0), high });
  return h(
    "span",
    { class: "range", role: "img", "aria-label": label },
    h("span", {}, line, mark),
    h("em", {}, room.number(median, median % 1 ? 1 : 0)),
  );
}
