// What the room guesses: the scale of steps with their names, and once they are shown a brick for each guess.
import { h } from "../dom.js";
import { soft } from "./syllables.js";
import { cleared, picture, s } from "./wall-parts.js";

const TOP = 4;
const BIN = 0.1; // steps

/** Makes the scene of the question of how many steps there will be. */
export function guessing(room, view) {
  const count = h("p", { class: "tally", role: "status" });
  const { svg, node: place } = picture(room.say("guesses"), "guesses");
  const steps = room.names.steps.map((name, step) => h("li", {}, h("strong", {}, step), soft(name)));
  const node = h(
    "section",
    { class: "scene guessing" },
    h("h1", {}, room.say("question")),
    h("p", { class: "unit" }, room.say("predict_unit")),
    count,
    place,
    h("ol", { class: "steps" }, ...steps),
  );
  let shown = null;
  return {
    node,
    update(now) {
      const { spread, entries, people } = now;
      const middle = spread?.steps.median ?? null;
      const state = room.say(now.asking ? "open" : now.asked ? "closed" : "soon");
      const lines =
        middle === null ? [h("span", {}, state), h("strong", {}, room.say("answered", { n: entries, all: people }))] : [];
      count.replaceChildren(...lines);
      if (middle !== null) count.textContent = room.say("middle", { value: room.number(middle, 2) });
      node.classList.toggle("asked", middle === null);
      shown = spread?.steps ?? null;
    },
    layout: () => draw(svg, shown),
  };
}

/** Draws the scale, and bricks over it where guesses are shown. */
function draw(svg, guesses) {
  const { width, height, font } = cleared(svg);
  const column = width / (TOP + 1); // each step stands in the middle of its name below
  const x = (value) => column * (0.5 + value);
  const floor = height - 0.5 * font;
  svg.append(s("path", { class: "axis", d: `M${x(0)},${floor}H${x(TOP)}` }));
  for (let step = 0; step <= TOP; step += 1)
    svg.append(s("circle", { class: "notch", cx: x(step), cy: floor, r: 0.28 * font }));
  if (!guesses?.values.length) return;
  bricks(svg, guesses.values, x, floor - 0.5 * font, column * BIN);
  svg.append(s("path", { class: "middle", d: `M${x(guesses.median)},${floor}V0` }));
}

/** Draws a brick for each guess, upon those that guess the same. */
function bricks(svg, values, x, floor, width) {
  const heaps = new Map();
  for (const value of values) {
    const bin = Math.round(value / BIN);
    heaps.set(bin, (heaps.get(bin) ?? 0) + 1);
  }
  const room = floor - parseFloat(getComputedStyle(svg).fontSize);
  const high = Math.min(1.4 * width, room / Math.max(...heaps.values()));
  for (const [bin, count] of heaps) {
    for (let i = 0; i < count; i += 1) {
      const place = { x: x(bin * BIN) - 0.43 * width, y: floor - (i + 1) * high, width: 0.86 * width, height: 0.86 * high };
      svg.append(s("rect", { class: "brick", rx: Math.min(4, 0.3 * high), ...place }));
    }
  }
}
