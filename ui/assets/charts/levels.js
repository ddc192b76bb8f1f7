// What the axis of a scale in steps says: the name of each, and by when it is due.

const BESIDE = 520; // from this width on names stand beside the axis; in less within the plot
const WIDEST = 0.3; // of the width: the most that names beside the axis take

/** Returns the names of the levels within the scale that is shown, or null where there are none. */
export function levelNames({ spec, y, pen }, width) {
  const [low, high] = y.domain();
  const names = spec.levels?.filter(({ at }) => at >= low && at <= high) ?? null;
  const inside = width < BESIDE || names?.some(({ label }) => pen.measure(label) > WIDEST * width);
  return names?.map((name) => ({ ...name, inside })) ?? null;
}

/** Writes the names of levels: beside their lines, or below them at the left. */
export function namedLevels({ pen, axes, box, y }, names) {
  for (const { at, label, inside } of names) {
    if (inside && !at) continue; // the bottom line leaves no room below it
    const where = inside
      ? { class: "level inside", x: box.left + 2, y: y(at) + 1.15 * pen.font }
      : { class: "level", x: box.left - 0.5 * pen.font, y: y(at), dy: ".35em", "text-anchor": "end" };
    pen.add(axes, "text", where, inside ? pen.fit(label, box.right - box.left) : label);
  }
}

/** Draws by when each level is due, as a circle on its line. */
export function dueMarks({ pen, spec, axes, box, xs, y }) {
  for (const { year, at, label } of spec.due ?? []) {
    const x = xs[spec.years.indexOf(year)];
    if (x == null || at > y.domain()[1]) continue;
    const edge = x + pen.measure(label) / 2 > box.right;
    pen.add(axes, "circle", { class: "due", cx: x, cy: y(at), r: 0.42 * pen.font });
    const text = { class: "due-label", x: edge ? box.right : x, y: y(at) - 0.8 * pen.font, "text-anchor": edge ? "end" : "middle" };
    pen.add(axes, "text", text, label);
  }
}
