// When each step opens in each subregion: a lane per subregion, in it for each step a bar (10 % to 90 % of runs), a numbered
// circle (the middle of all runs, never being the latest) and, in a column of its own, the share of runs in which it opens.
import { fill } from "../dom.js";
import { scaleLinear } from "../vendor/d3.js";

const SIDE_WIDTH = 480; // below this the names of lanes stand above them, not beside
const DOT = "M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0Z"; // as it stands in the legend

/** Builds a timeline. */
export function drawTimeline(pen, spec, words) {
  const line = { pen, spec, words, data: null, x: scaleLinear().domain(spec.years).clamp(true) };
  line.lanes = pen.add(pen.svg, "g", { class: "lanes" });
  line.axes = pen.add(pen.svg, "g", { class: "axes" });
  line.rows = spec.rows.map((row) => buildRow(line, row));
  const legend = spec.names.map((label, k) => ({ label, className: `rung-${k}`, mark: DOT }));
  return {
    height: (width) => Math.round(spec.rows.length * laneHeight(line, width) + 3.8 * pen.font),
    layout: (width, height) => layout(line, width, height),
    update(data) { line.data = data; if (line.width) draw(line); },
    legend: () => legend,
    rows: () => table(line),
    cell: (value, i) => cell(pen, value, i),
    stops: stops(line),
  };
}

/** Makes the nodes of one lane. */
function buildRow(line, row) {
  const { pen, spec } = line;
  const lane = pen.add(line.lanes, "rect", { class: "lane" });
  const group = pen.add(pen.svg, "g");
  const name = pen.add(group, "text", { class: "lane-label", dy: ".35em" });
  return { ...row, lane, name, rungs: spec.rungs.map((rung, k) => buildRung(pen, group, rung, k)) };
}

/** Makes the nodes of one rung in one lane. */
function buildRung(pen, group, rung, k) {
  const all = pen.add(group, "g", { class: `rung-${k}` });
  const node = (name, className, parent = all) => pen.add(parent, name, { class: className });
  const ghostBar = node("path", "ghost-bar");
  const ghostDot = node("circle", "ghost-dot");
  const bar = node("path", "bar");
  const dot = node("g", "dot");
  const circle = node("circle", "", dot);
  const number = pen.add(dot, "text", { dy: ".35em", "text-anchor": "middle" }, String(rung));
  const share = pen.add(all, "text", { class: "share", dy: ".35em", "text-anchor": "end" });
  return { rung, ghostBar, ghostDot, bar, dot, circle, number, share, y: 0 };
}

/** Says how high a lane is: one step per rung, and a line for its name where that stands above. */
function laneHeight(line, width) {
  return (1.25 * line.spec.rungs.length + 0.9 + (width < SIDE_WIDTH ? 1.3 : 0)) * line.pen.font;
}

/** Places lanes, axis and milestones. */
function layout(line, width, height) {
  const { pen, spec, words } = line;
  Object.assign(line, { width, height });
  const side = width >= SIDE_WIDTH;
  const names = side ? Math.max(...spec.rows.map((row) => pen.measure(row.label))) : 0;
  const shares = Math.max(...[words.ladder_opens, words.never, pen.share(1)].map(pen.measure));
  const left = side ? Math.min(names + pen.font, 0.34 * width) : 1.5 * pen.font;
  line.box = { left, right: width - shares - 3.2 * pen.font, top: 1.7 * pen.font, bottom: height - 2.1 * pen.font };
  line.x.range([left + (side ? pen.font : 0), line.box.right]);
  line.afterX = line.box.right + 1.9 * pen.font;
  placeRows(line, side);
  drawAxes(line);
  if (line.data) draw(line);
}

/** Places the lanes, their names and the heights of their rungs. */
function placeRows(line, side) {
  const { pen, box } = line;
  const lane = (box.bottom - box.top) / line.rows.length;
  const head = side ? 0 : 1.3 * pen.font;
  line.lane = lane;
  const step = (lane - head - 0.5 * pen.font) / line.spec.rungs.length;
  line.radius = Math.min(0.66 * pen.font, 0.52 * step); // no circle lies over another
  line.rows.forEach((row, r) => {
    const top = box.top + r * lane;
    const size = { x: 0, y: top, width: line.width, height: lane };
    for (const [name, value] of Object.entries(size)) row.lane.setAttribute(name, value);
    row.name.textContent = pen.fit(row.label, side ? box.left : line.width);
    row.name.setAttribute("y", side ? top + lane / 2 : top + 0.9 * pen.font);
    row.rungs.forEach((one, k) => {
      one.y = top + head + 0.25 * pen.font + (k + 0.5) * step;
      one.circle.setAttribute("r", line.radius);
      one.ghostDot.setAttribute("r", 0.8 * line.radius);
      one.share.setAttribute("transform", `translate(${line.width},${one.y.toFixed(1)})`);
    });
  });
}

/** Draws lane borders, years and milestones. */
function drawAxes(line) {
  const { pen, spec, words, axes, box } = line;
  axes.replaceChildren();
  line.rows.forEach((_, r) => {
    const y = Math.round(box.top + r * line.lane) + 0.5;
    pen.add(axes, "path", { class: "grid", d: `M0,${y}H${line.width}` });
  });
  pen.add(axes, "path", { class: "base", d: `M0,${Math.round(box.bottom) + 0.5}H${line.width}` });
  const y = box.bottom + 1.4 * pen.font;
  const apart = line.x(2025) - line.x(2020) < pen.measure("2020") + 0.6 * pen.font ? 10 : 5;
  for (let year = Math.ceil(spec.years[0] / apart) * apart; year <= spec.years[1]; year += apart) {
    pen.add(axes, "text", { x: line.x(year), y, "text-anchor": "middle" }, year);
  }
  const above = box.top - 0.5 * pen.font;
  pen.add(axes, "text", { x: line.width, y: above, "text-anchor": "end" }, words.ladder_opens);
  pen.add(axes, "path", { class: "gap", d: `M${box.right + 0.8 * pen.font},${box.top}V${box.bottom}` });
  const labels = dueLabels(line);
  spec.milestones.forEach(({ year }, k) => {
    pen.add(axes, "path", { class: "milestone", d: `M${line.x(year)},${box.top}V${box.bottom}` });
    pen.add(axes, "text", { class: "milestone-label", x: line.x(year), y: above, "text-anchor": "middle" }, labels[k]);
  });
}

/** Says which step should open when, in short where there is less room between two of them; a word before the first says it for all. */
function dueLabels({ pen, spec, words, x, axes, box }) {
  const written = (text) => spec.milestones.map(({ year, label }) => fill(text, { step: label, year }));
  const room = x(spec.milestones[1].year) - x(spec.milestones[0].year) - 0.6 * pen.font;
  const fits = (labels) => Math.max(...labels.map(pen.measure)) < room;
  const named = [words.ladder_due, words.ladder_due_short].map(written).find(fits);
  if (named) return named;
  const first = { x: x(spec.milestones[0].year) - 0.8 * pen.font, y: box.top - 0.5 * pen.font, "text-anchor": "end" };
  pen.add(axes, "text", { class: "milestone-word", ...first }, words.room_open);
  return written("{step}");
}

/** Moves every bar, circle and share to the data. */
function draw(line) {
  const { data } = line;
  for (const row of line.rows) {
    for (const one of row.rungs) {
      drawRung(line, one, data.rows[row.id]?.[one.rung]);
      drawGhost(line, one, data.ghost?.[row.id]?.[one.rung]);
    }
  }
}

/** Says where the circle of a rung stands: at its year, or after the last where it has none. */
function place(line, value) {
  return value?.median == null ? line.afterX : line.x(value.median);
}

/** Draws one rung: solid where it has a year, hollow after the last where it opens in no more than half of the runs. */
function drawRung(line, one, value) {
  const { pen, words } = line;
  pen.set(one.dot, "display", value === undefined ? "none" : "inline");
  const share = value?.share ?? 0;
  one.dot.setAttribute("transform", `translate(${place(line, value).toFixed(1)},${one.y.toFixed(1)})`);
  pen.set(one.dot, "class", value?.median == null ? "dot hollow" : "dot");
  one.bar.setAttribute("d", barPath(line, one, value));
  pen.set(one.bar, "opacity", (0.15 + 0.35 * share).toFixed(2));
  pen.setText(one.share, share ? shareText(pen, share) : words.never);
}

/** Writes a share of runs; one that is hardly any as fewer than the least. */
function shareText(pen, share) {
  return share < 0.01 ? `<${pen.share(0.01)}` : pen.share(share);
}

/** Writes the path of a bar: none where hardly any run has a year, to the end where many have none. */
function barPath(line, { y }, value) {
  if (value?.p10 == null) return "";
  const end = value.p90 == null ? line.box.right : line.x(value.p90);
  return `M${line.x(value.p10).toFixed(1)},${y.toFixed(1)}H${end.toFixed(1)}`;
}

/** Draws where a rung stood before. */
function drawGhost(line, one, value) {
  const shown = value != null;
  const below = { y: one.y + 0.45 * line.pen.font }; // beside the bar of now, which would hide it
  one.ghostBar.setAttribute("d", shown ? barPath(line, below, value) : "");
  line.pen.set(one.ghostDot, "display", shown ? "inline" : "none");
  if (shown) one.ghostDot.setAttribute("transform", `translate(${place(line, value).toFixed(1)},${one.y.toFixed(1)})`);
}

/** Says what the cursor visits: the lanes. */
function stops(line) {
  const { spec, words, pen } = line;
  return {
    count: () => spec.rows.length,
    first: () => 0,
    nearest(_, y) {
      const r = Math.floor((y - line.box.top) / line.lane);
      return r >= 0 && r < spec.rows.length ? r : null;
    },
    place: (i) => ({ x: 0, y: line.box.top + (i + 1) * line.lane }),
    mark: (i) => line.rows.forEach((row, r) => row.lane.classList.toggle("visited", r === i)),
    tip(i) {
      const columns = [words.low, words.median, words.high, ""];
      return { head: spec.rows[i].label, columns, rows: spec.rungs.map((rung, k) => tipRow(line, spec.rows[i].id, rung, spec.names[k])) };
    },
  };

  /** Writes the line of one rung, under its name. */
  function tipRow({ data }, id, rung, name) {
    const value = data.rows[id]?.[rung];
    if (!value?.share) return { cells: [name, "–", "–", "–", words.never] };
    const years = [value.p10, value.median, value.p90].map((year) => (year == null ? words.ladder_after : pen.year(year)));
    return { cells: [name, ...years, fill(words.share_of_runs, { share: shareText(pen, value.share) })] };
  }
}

/** Writes the data as a table with a row for each subregion. */
function table({ spec, words, data }) {
  const share = words.share_of_runs.replace("{share}", "%");
  const names = [words.low, words.median, words.high, share];
  const columns = [spec.row_label ?? spec.title, ...spec.rungs.flatMap((rung) => names.map((name) => `${rung}, ${name}`))];
  const four = (value) => [value?.p10 ?? null, value?.median ?? null, value?.p90 ?? null, value?.share == null ? null : 100 * value.share];
  const rows = spec.rows.map((row) => [row.label, ...spec.rungs.flatMap((rung) => four(data?.rows[row.id]?.[rung]))]);
  return { columns, rows };
}

/** Writes one cell of the table: a name, a year, or in every fourth column a share, which is in per cent. */
function cell(pen, value, i) {
  if (i === 0) return value;
  return i % 4 === 0 ? pen.share(value == null ? null : value / 100) : pen.year(value);
}
