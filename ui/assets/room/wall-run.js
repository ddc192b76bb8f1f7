// The run before one's eyes: it draws itself year by year over what is known, beside what was guessed or would have been.
import { cleared, picture, quantile, s } from "./wall-parts.js";

const TOPS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4]; // steps at the upper edge: the first that leaves room
const LAST = 2040;
const A_YEAR = 260; // milliseconds
const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Makes the picture of a run.
 *
 * `from` is the last year that is there from the beginning; `guess` draws what the room guessed in place of the
 * historical pace, on the whole scale; `passing` is told each year that passes, and `ended` once all of it is there.
 */
export function makeRun(room, result, { from, guess, label, passing, ended }) {
  const { svg, node } = picture(label, "run");
  const run = { room, result, svg, guess, at: still.matches ? result.last : Math.min(from, result.last), from };
  run.top = guess ? TOPS.at(-1) : TOPS.find((top) => top >= 1.1 * Math.max(...result.own.high, ...result.base.high));
  const layout = () => {
    draw(run);
    place(run);
  };
  const start = () => (still.matches ? ended() : animate(run, passing, ended));
  return { node, layout, start };
}

/** Lets the years pass; stops when the picture is no longer on the wall. */
function animate(run, passing, ended) {
  const { last } = run.result;
  const first = run.at;
  let began = null;
  const step = (now) => {
    if (!run.svg.isConnected) return;
    began ??= now;
    run.at = Math.min(last, first + (now - began) / A_YEAR);
    place(run);
    passing(Math.floor(run.at));
    if (run.at < last) requestAnimationFrame(step);
    else ended();
  };
  requestAnimationFrame(step);
}

/** Draws all that stands still, and the run under a curtain. */
function draw(run) {
  const { svg, result, room, top } = run;
  const { width, height, font } = cleared(svg);
  const right = width - (result.last === LAST ? 4.9 : 1.4) * font;
  const box = { left: (top > 2 ? 1.1 : 2) * font, right, top: 0.9 * font, bottom: height - 1.5 * font };
  run.x = (year) => box.left + ((box.right - box.left) * (year - result.years[0])) / (LAST - result.years[0]);
  run.y = (value) => box.bottom - ((box.bottom - box.top) * value) / top;
  Object.assign(run, { font, box, height });
  grid(run);
  const line = (values, className) => s("path", { class: className, d: pathOf(run, values) });
  const band = s("path", { class: "band", d: bandOf(run, result.own) });
  const curtain = s("rect", { x: 0, y: 0, width: 0, height });
  const id = "curtain";
  svg.append(s("clipPath", { id }, curtain));
  if (run.guess) guessed(run);
  else svg.append(line(result.base.median, "pace"));
  svg.append(s("g", { "clip-path": `url(#${id})` }, band, line(result.own.median, "own")));
  run.curtain = curtain;
  run.head = s("circle", { class: "head", r: 0.3 * font });
  run.value = s("text", { class: "value", dy: ".35em" });
  run.other = s("text", { class: run.guess ? "other guess" : "other", dy: ".35em" });
  svg.append(run.head, run.other, run.value);
  run.beside = run.guess ? result.guess.median : result.base.median.at(-1);
  if (run.beside !== null) run.other.textContent = room.number(run.beside, 2);
}

/** Draws lines of steps with their names, the years, and where phases meet. */
function grid({ svg, room, result, top, box, x, y, font }) {
  if (result.last < LAST)
    svg.append(
      s("rect", {
        class: "unwritten",
        x: x(result.last),
        y: box.top,
        width: box.right - x(result.last),
        height: box.bottom - box.top,
      }),
    );
  const step = top > 2 ? 1 : 0.5;
  for (let value = 0; value <= top; value += step) {
    svg.append(s("path", { class: value ? "grid" : "axis", d: `M${box.left},${y(value)}H${box.right}` }));
    svg.append(
      s(
        "text",
        { x: box.left - 0.35 * font, y: y(value), dy: ".35em", "text-anchor": "end" },
        room.number(value, step < 1 ? 1 : 0),
      ),
    );
    const name = Number.isInteger(value) && value ? room.names.steps[value] : "";
    if (name) svg.append(s("text", { class: "name", x: box.left + 0.3 * font, y: y(value) + 0.95 * font }, name));
  }
  for (const year of [2020, 2025, 2030, 2035, LAST]) {
    svg.append(s("path", { class: "grid upright", d: `M${x(year)},${box.top}V${box.bottom}` }));
    svg.append(s("text", { x: x(year), y: box.bottom + 1.15 * font, "text-anchor": "middle" }, year));
  }
}

/** Draws what the room guessed: from the last known year to the middle, in a wedge of eight guesses out of ten. */
function guessed({ svg, result, from, x, y }) {
  const { values, median } = result.guess;
  if (median === null) return;
  const begin = `${x(from)},${y(valueAt(result, from))}`;
  const [low, high] = [0.1, 0.9].map((share) => y(quantile(values, share)));
  svg.append(s("path", { class: "wedge", d: `M${begin}L${x(LAST)},${high}V${low}Z` }));
  svg.append(s("path", { class: "guess", d: `M${begin}L${x(LAST)},${y(median)}` }));
}

/** Raises the curtain to the present year, with the value at its edge. */
function place(run) {
  const { x, y, at, font, result, room } = run;
  const value = valueAt(result, at);
  const over = at >= result.last;
  run.curtain.setAttribute("width", x(at));
  run.head.setAttribute("cx", x(at));
  run.head.setAttribute("cy", y(value));
  run.value.textContent = room.number(value, 2);
  const [own, other] = apart(y(value), run.beside === null ? null : y(run.beside), 1.45 * font);
  run.value.setAttribute("x", x(at) + 0.7 * font);
  run.value.setAttribute("y", over ? own : y(value) - (run.guess ? 0 : 0.9 * font));
  run.other.setAttribute("x", x(result.last) + 0.7 * font);
  run.other.setAttribute("y", other ?? 0);
  run.other.toggleAttribute("hidden", other === null || !(over || run.guess));
}

/** Moves two labels apart that would lie over each other. */
function apart(own, other, gap) {
  if (other === null || Math.abs(own - other) >= gap) return [own, other];
  const middle = (own + other) / 2;
  const up = own <= other ? 1 : -1;
  return [middle - (up * gap) / 2, middle + (up * gap) / 2];
}

/** Says what the middle of the run is in a year, or between two. */
function valueAt({ years, own }, year) {
  const at = Math.min(Math.max(year - years[0], 0), years.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, years.length - 1);
  return own.median[low] + (own.median[high] - own.median[low]) * (at - low);
}

const point =
  ({ x, y, result }) =>
  (value, i) =>
    `${x(result.years[i]).toFixed(1)},${y(value).toFixed(1)}`;

/** Writes the path of a line. */
const pathOf = (run, values) => `M${values.map(point(run)).join("L")}`;

/** Writes the path of a band: along its upper edge and back along its lower one. */
function bandOf(run, { low, high }) {
  return `M${high.map(point(run)).join("L")}L${low.map(point(run)).toReversed().join("L")}Z`;
}
