// What delegations propose and what is decided: one row each, and the one that is looked at in full below its row.
import { h } from "../dom.js";
import { button } from "./desk-button.js";
import { personName } from "./desk-people.js";

const ACTIONS = ["solidarity", "transparency", "accountability", "financing", "networking"];
const MOST = 4; // points of one lever

/** Makes the table of delegations. */
export function votesOf(desk) {
  const { view } = desk;
  const rows = view.seats
    .flatMap((seat) => [rowOf(desk, seat), desk.own.looked === seat.id ? closer(desk, seat) : null])
    .filter(Boolean);
  const actions = h("div", { class: "desk-cells" }, ...ACTIONS.map((one) => h("span", {}, desk.names.levers[one])));
  const head = [h("span", {}, desk.say("delegations")), h("span", {}, ""), actions];
  return [
    h(
      "div",
      { class: "desk-votes", role: "group", "aria-label": desk.say("delegations") },
      h("div", { class: "desk-vote head", "aria-hidden": "true" }, ...head),
      ...rows,
    ),
    view.question.locked ? null : h("p", { class: "hint" }, desk.say(isAnew(view) ? "earlier_hint" : "median_hint")),
  ];
}

const isAnew = ({ hands }) => Object.values(hands).some(({ earlier }) => earlier);

function rowOf(desk, { id, people, answered, members }) {
  const { view, own } = desk;
  const open = own.looked === id;
  const spread = view.spread.delegations[id];
  const decided = view.decided[id];
  const look = () => {
    own.looked = open ? null : id;
    desk.renew();
  };
  const cells = view.hands[id].levers.map((lever, at) =>
    cellOf(desk, lever, spread.levers[at], decided?.points[at], view.hands[id].earlier?.[at], !members),
  );
  const name = button(desk.names.delegations[id], `look-${id}`, look, { class: "desk-name", "aria-expanded": String(open) });
  const points = decided?.points ?? spread.median;
  const left = view.hands[id].budget - points.reduce((sum, one) => sum + one, 0);
  const count = h(
    "span",
    { class: "desk-answered" },
    h("span", { title: desk.say("answered") }, `${answered}/${people}`),
    left ? h("small", { class: "desk-left" }, desk.say("points_left", { n: left })) : null,
  );
  const kind = `desk-vote${open ? " open" : ""}${decided ? " decided" : ""}`;
  return h("div", { class: kind }, name, count, h("div", { class: "desk-cells" }, ...cells));
}

/** Makes what stands for one lever: the points decided, else the median, else those of the path before. */
function cellOf(desk, lever, spread, decided, earlier, named) {
  const there = spread.values.length > 0;
  const value = decided ?? spread.median ?? earlier ?? null;
  const told = [
    desk.names.levers[lever.name],
    decided === undefined ? null : desk.say("decided_points", { n: decided }),
    there ? desk.say("spread", { ...spread, count: spread.values.length }) : desk.say("nothing_yet"),
  ]
    .filter((one) => one !== null)
    .join(". ");
  const written = !lever.free
    ? String(lever.fixed ?? "–")
    : value === null
      ? "·"
      : desk.number(value, Number.isInteger(value) ? 0 : 1);
  const number = h("b", { class: decided === undefined ? "median" : "" }, written);
  return h(
    "div",
    { class: "desk-cell", title: told },
    h("span", { class: "visually-hidden" }, told),
    named ? h("small", { "aria-hidden": "true" }, desk.names.levers[lever.name]) : null,
    h("span", { class: "desk-line", "aria-hidden": "true" }, number, trackOf(there ? spread : null, decided)),
  );
}

function trackOf(spread, decided) {
  const marks = [];
  const mark = (name, value, width) => {
    const node = h("i", { class: name });
    node.style.left = `${(100 * value) / MOST}%`;
    if (width !== undefined) node.style.width = `${(100 * width) / MOST}%`;
    marks.push(node);
  };
  if (spread) mark("range", spread.low, spread.high - spread.low);
  if (spread) mark("middle", spread.median);
  if (decided !== undefined) mark("decided", decided);
  return h("span", { class: "desk-track" }, ...marks);
}

// One delegation in full ----------------------------------------------------------------------------------------------

function closer(desk, { id }) {
  const { view } = desk;
  const proposals = view.persons.filter((one) => one.entry?.delegation === id);
  const locked = view.question.locked;
  const list = h("ul", { "data-scroll": "" }, ...proposals.map((one) => proposalOf(desk, id, one, locked)));
  const none = h("p", { class: "hint" }, desk.say("nothing_yet"));
  return h(
    "section",
    { class: "desk-closer", "aria-label": desk.names.delegations[id] },
    locked ? null : decideOf(desk, id),
    h(
      "div",
      { class: "desk-proposals" },
      h("h2", {}, desk.say("proposals", { n: proposals.length })),
      proposals.length ? list : none,
    ),
  );
}

function proposalOf(desk, id, one, locked) {
  const names = desk.view.hands[id].levers.map((lever) => desk.names.levers[lever.name]);
  const name = personName(desk, one);
  const points = one.entry.points.map((point, at) => h("span", { title: names[at] }, String(point)));
  const told = one.entry.points.map((point, at) => `${names[at]} ${point}`).join(", ");
  const ask = (key, what) =>
    button(desk.say(key), `${key}-${one.person}`, () => desk.ask({ do: key, person: one.person, ...what }), {
      class: "tool small",
      "aria-label": `${desk.say(key)}: ${name}`,
    });
  const buttons = [ask("adopt", { delegation: id, how: "proposal" }), ask("strike")];
  return h(
    "li",
    {},
    h("strong", {}, name),
    h("span", { class: "desk-points", "aria-hidden": "true" }, ...points),
    h("span", { class: "visually-hidden" }, told),
    locked ? null : h("span", { class: "desk-row" }, ...buttons),
    one.entry.reason ? h("q", {}, one.entry.reason) : null,
  );
}

/** Makes steppers for any points, and a button for the median. */
function decideOf(desk, id) {
  const { own, view } = desk;
  const { levers, budget } = view.hands[id];
  const key = [id, view.question.branch, view.question.phase].join();
  const begun = own.draft?.key === key ? own.draft.points : null;
  const points = begun ?? view.decided[id]?.points ?? view.spread.delegations[id].median;
  const left = budget - points.reduce((sum, one) => sum + one, 0);
  const set = (at, value) => {
    own.draft = { key, points: points.map((one, place) => (place === at ? value : one)) };
    desk.renew();
  };
  const adopt = async (how, more) => {
    const sent = own.draft;
    const answer = await desk.ask({ do: "adopt", delegation: id, how, ...more });
    if (answer.done && own.draft === sent) own.draft = null; // what was entered meanwhile stays
    desk.renew();
  };
  return h(
    "div",
    { class: "desk-decide" },
    h("h2", {}, desk.say("decide", { left, budget })),
    ...levers.map((lever, at) => stepperOf(desk, lever, at, points[at], left, set)),
    h(
      "div",
      { class: "desk-row" },
      button(desk.say("adopt_median"), "median", () => adopt("median"), { class: "tool small" }),
      button(desk.say("adopt_value"), "value", () => adopt("value", { points }), { class: "tool strong small" }),
    ),
  );
}

function stepperOf(desk, lever, at, points, left, set) {
  const name = desk.names.levers[lever.name];
  const step = (by, sign, word, end) =>
    button(sign, `step-${at}-${by}`, () => set(at, points + by), {
      class: "tool small",
      disabled: !lever.free || end,
      "aria-label": `${name}: ${desk.say(word)}`,
    });
  const less = step(-1, "−", "less", points === 0);
  const more = step(1, "+", "more", points === MOST || left <= 0);
  return h("div", { class: "desk-step" }, h("span", {}, name), less, h("b", {}, String(points)), more);
}
