// The paths that the room has taken, as a tree, and where each has led.
import { h } from "../dom.js";
import { ENDS, PHASES, quantile, s } from "./wall-parts.js";

const MOST = 7; // paths that can be read at once

/** Returns the paths that are shown, in order: the present one, the first, and those that lead furthest. */
function shown({ branches, branch: here }) {
  const weight = ({ number, revealed, ends }) =>
    number === here ? 9 : number === 1 ? 8 : revealed.length + 0.1 * (ends.at(-1) ?? 0);
  return branches
    .toSorted((a, b) => weight(b) - weight(a))
    .slice(0, MOST)
    .toSorted((a, b) => a.number - b.number);
}

/** Returns where a phase begins. */
const across = (width) => (phase) => (width * (phase - PHASES[0] + 0.1)) / (PHASES.length + 0.5);

/** Draws a tree: a row for each path, which leaves that of its parent where its first phase begins. */
function tree(branches, here, width, rows) {
  const x = across(width);
  const places = new Map(branches.map((branch, i) => [branch.number, { ...branch, y: rows[i] }]));
  const nodes = branches.map(({ number, parent, first, revealed }, i) => {
    const [begin, y] = [x(first), rows[i]];
    let home = places.get(parent); // the path that it leaves: one that had already begun
    while (home && home.first > first) home = places.get(home.parent);
    const from = home && home.number !== number ? `M${begin},${home.y}V${y}` : "";
    const line = s("path", { class: "way", d: `${from}M${begin},${y}H${x(PHASES.at(-1) + 1)}` });
    const dots = PHASES.filter((phase) => phase >= first).map((phase) =>
      s("circle", {
        class: revealed.includes(phase) ? "seen" : "open",
        cx: x(phase + 1),
        cy: y,
        r: Math.min(0.026 * width, 9),
      }),
    );
    return s(
      "g",
      { class: number === here ? "here" : "" },
      line,
      s("circle", { class: "seen", cx: begin, cy: y, r: 4 }),
      ...dots,
    );
  });
  return nodes.toSorted((a, b) => a.classList.contains("here") - b.classList.contains("here"));
}

/** Writes the last year of each phase over a tree, at the height of a row. */
function years(width, row) {
  const y = row.offsetTop + row.offsetHeight / 2;
  return PHASES.map((phase) =>
    s("text", { x: across(width)(phase + 1), y, dy: ".35em", "text-anchor": "middle" }, ENDS[phase]),
  );
}

/** Makes the small tree in the corner; nothing as long as there is one path. */
export function corner(room, view) {
  const [branches, here] = [shown(view), view.branch];
  if (branches.length < 2 || !branches.some(({ number }) => number === here)) return null;
  const height = Math.min(60, 16 * branches.length + 8);
  const rows = branches.map((_, i) => ((i + 0.5) * height) / branches.length);
  const svg = s("svg", { "aria-hidden": "true", viewBox: `0 0 120 ${height}` }, ...tree(branches, here, 120, rows));
  return h(
    "span",
    { class: "corner" },
    svg,
    h(
      "span",
      {},
      nameOf(
        room,
        branches.find(({ number }) => number === here),
      ),
    ),
  );
}

/** Says what a path is called. */
function nameOf({ say }, { number, name }) {
  return name || (number === 1 ? say("first_path") : say("path", { n: number }));
}

/** Makes the scene of where all paths lead, beside historical pace and the guess of the room. */
export function debrief(room, view) {
  const branches = shown(view);
  const left = view.branches.length - branches.length;
  const paths = branches.map((branch) => ({
    name: nameOf(room, branch),
    value: branch.ends.at(-1) ?? null,
    last: ENDS[branch.revealed.at(-1)],
    here: branch.number === view.branch,
    cards: branch.cards.map((card) => `${room.names.cards[card.name].title} ${card.year}`).join(", "),
  }));
  const base =
    view.outcome === null ? [] : [{ name: room.say("key_historical"), value: view.outcome.pace, last: ENDS[4], base: true }];
  const all = [...base, ...paths];
  const guess = view.outcome?.guess.median ?? null;
  const highest = guess === null ? 0 : quantile(view.outcome.guess.values, 0.9);
  const most = 1.08 * Math.max(0.5, highest, guess ?? 0, ...all.map(({ value }) => value ?? 0));
  const rows = all.map((one) => row(room, one, most));
  const svg = s("svg", { "aria-hidden": "true" });
  const node = h(
    "section",
    { class: "scene debrief" },
    h("h1", {}, title(room, paths, base)),
    h(
      "p",
      { class: "legend" },
      guess === null ? null : h("span", { class: "key guess" }, room.say("room_guess", { value: room.number(guess, 2) })),
      guess === null ? null : h("span", { class: "key wedge" }, room.say("key_guesses")),
      left ? h("span", {}, room.say("more_paths", { n: left })) : null,
    ),
    h(
      "div",
      { class: "paths" },
      h("div", { class: "tree" }, svg),
      h("ul", {}, ...rows),
      guess === null ? null : ghost(view.outcome.guess, most),
    ),
  );
  const layout = () => {
    const { clientWidth: width, clientHeight: height } = svg.parentNode;
    const middles = rows.slice(base.length).map((one) => one.offsetTop + one.offsetHeight / 2);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.replaceChildren(...tree(branches, view.branch, width, middles), ...(base.length ? years(width, rows[0]) : []));
  };
  return { node, update() {}, layout };
}

/** Says what the best path that has been gone to its end brings, if any has. */
function title({ say, number }, paths, [base]) {
  const whole = paths.filter(({ value, last }) => value !== null && last === ENDS[4]);
  if (!base) return say("working");
  if (!whole.length) return say("debrief");
  const best = Math.max(...whole.map(({ value }) => value));
  const values = { name: whole[0].name, value: number(best, 2), base: number(base.value, 2) };
  return say(whole.length > 1 ? "debrief_best" : "debrief_one", values);
}

/** Makes the row of a path: its name, and a bar as long as it leads far. */
function row(room, { name, value, last, here, base, cards }, most) {
  const filled = h("span", { class: "filled" });
  filled.style.inlineSize = `${(100 * (value ?? 0)) / most}%`;
  const number = value === null ? "–" : room.number(value, 2);
  const year = last === ENDS[4] || value === null ? null : h("small", {}, room.say("by", { year: last }));
  const who = h("span", { class: "who" }, name, " ", year, cards ? h("span", { class: "cards" }, cards) : null);
  const bar = h("span", { class: "track" }, filled);
  return h("li", { class: base ? "base" : here ? "here" : "" }, who, bar, h("span", { class: "number" }, number));
}

/** Makes the guess of the room over the bars: a line at the middle, and eight guesses out of ten. */
function ghost({ values, median }, most) {
  const [low, high] = [0.1, 0.9].map((share) => Math.min(100, (100 * quantile(values, share)) / most));
  const [band, line] = [h("i", { class: "band" }), h("i", { class: "line" })];
  band.style.insetInlineStart = `${low}%`;
  band.style.inlineSize = `${high - low}%`;
  line.style.insetInlineStart = `${(100 * median) / most}%`;
  return h("div", { class: "ghost", "aria-hidden": "true" }, h("div", {}, band, line));
}
