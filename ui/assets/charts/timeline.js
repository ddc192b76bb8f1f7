// When each rung opens in each subregion: a lane per subregion, in it a bar (10 % to 90 % of runs) and a numbered circle (median)
// for each rung.
import { scaleLinear } from "../vendor/d3.js";

const SIDE_WIDTH = 480; // below this the names of lanes stand above them, not beside

/** Builds a timeline. */
export function drawTimeline(pen, spec, words) {
  const line = { pen, spec, words, data: null, x: scaleLinear().domain(spec.years).clamp(true), legend: [] };
  line.lanes = pen.add(pen.svg, "g", { class: "lanes" });
  line.axes = pen.add(pen.svg, "g", { class: "axes" });
  line.rows = spec.rows.map((row) => buildRow(line, row));
  return {
    height: (width) => Math.round(spec.rows.length * laneHeight(line, width) + 3.8 * pen.font),
    layout: (width, height) => layout(line, width, height),
    update(data) { line.data = data; if (line.width) draw(line); },
    legend: () => line.legend,
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
  const all = pen.add(group, "g", { class: `rung rung-${k}` });
  const node = (name, className, parent = all) => pen.add(parent, name, { class: className });
  const ghostBar = node("path", "ghost-bar");
  const ghostDot = node("circle", "ghost-dot");
  const bar = node("path", "bar");
  const dot = node("g", "dot");
  const circle = node("circle", "", dot);
  const number = pen.add(dot, "text", { dy: ".35em", "text-anchor": "middle" }, String(rung));
  const share = pen.add(all, "text", { class: "share", dy: ".35em" });
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
  const never = side ? pen.measure(words.never) + 1.5 * pen.font : 3 * pen.font;
  const left = side ? Math.min(names + pen.font, 0.34 * width) : 0.9 * pen.font;
  line.box = { left, right: width - never, top: 1.7 * pen.font, bottom: height - 2.1 * pen.font };
  line.x.range([left + (side ? pen.font : 0), line.box.right]);
  line.neverX = line.box.right + 1.7 * pen.font;
  line.legend = side ? [] : [{ label: words.never, className: "never-key", mark: "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0Z" }];
  placeRows(line, side);
  drawAxes(line, side);
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
    });
  });
}

/** Draws lane borders, years and milestones. */
function drawAxes(line, side) {
  const { pen, spec, words, axes, box } = line;
  axes.replaceChildren();
  line.rows.forEach((_, r) => {
    const y = Math.round(box.top + r * line.lane) + 0.5;
    pen.add(axes, "path", { class: "grid", d: `M0,${y}H${line.width}` });
  });
  pen.add(axes, "path", { class: "base", d: `M0,${Math.round(box.bottom) + 0.5}H${line.width}` });
  const y = box.bottom + 1.4 * pen.font;
  for (let year = Math.ceil(spec.years[0] / 5) * 5; year <= spec.years[1]; year += 5) {
    pen.add(axes, "text", { x: line.x(year), y, "text-anchor": "middle" }, year);
  }
  if (side) pen.add(axes, "text", { x: line.width, y: box.top - 0.5 * pen.font, "text-anchor": "end" }, words.never);
  pen.add(axes, "path", { class: "gap", d: `M${box.right + 0.8 * pen.font},${box.top}V${box.bottom}` });
  for (const { year, label } of spec.milestones ?? []) {
    pen.add(axes, "path", { class: "milestone", d: `M${line.x(year)},${box.top}V${box.bottom}` });
    const place = { x: line.x(year), y: box.top - 0.5 * pen.font, "text-anchor": "middle" };
    pen.add(axes, "text", { class: "milestone-label", ...place }, label);
  }
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

/** Tells whether a rung opens in any run. */
function opens(value) {
  return value?.median != null && value.share !== 0;
}

/** Draws one rung: solid where it opens in at least half of the runs, hollow below, past the last year where in none. */
function drawRung(line, one, value) {
  const { pen } = line;
  pen.set(one.dot, "display", value === undefined ? "none" : "inline");
  const open = opens(value);
  const x = open ? line.x(value.median) : line.neverX;
  const share = value?.share ?? 1;
  one.dot.setAttribute("transform", `translate(${x.toFixed(1)},${one.y.toFixed(1)})`);
  pen.set(one.dot, "class", open && share >= 0.5 ? "dot" : "dot hollow");
  one.bar.setAttribute("d", open ? barPath(line, one, value) : "");
  pen.set(one.bar, "opacity", (0.15 + 0.35 * share).toFixed(2));
  const partly = open && share < 0.995;
  pen.set(one.share, "display", partly ? "inline" : "none");
  if (partly) placeShare(line, one, x, pen.share(share));
}

/** Writes the path of a bar; one that has no end among the years runs to the last. */
function barPath(line, { y }, { p10, p90, median }) {
  return `M${line.x(p10 ?? median).toFixed(1)},${y.toFixed(1)}H${line.x(p90 ?? line.spec.years[1]).toFixed(1)}`;
}

/** Puts the share of runs beside its circle, on the left where the years end. */
function placeShare(line, one, x, text) {
  const right = x < line.box.right - 3.6 * line.pen.font;
  const shift = (right ? 1 : -1) * (line.radius + 4);
  one.share.setAttribute("transform", `translate(${(x + shift).toFixed(1)},${one.y.toFixed(1)})`);
  line.pen.set(one.share, "text-anchor", right ? "start" : "end");
  line.pen.setText(one.share, text);
}

/** Draws where a rung stood before. */
function drawGhost(line, one, value) {
  const shown = value != null;
  const below = { y: one.y + 0.45 * line.pen.font }; // beside the bar of now, which would hide it
  one.ghostBar.setAttribute("d", shown && opens(value) ? barPath(line, below, value) : "");
  line.pen.set(one.ghostDot, "display", shown ? "inline" : "none");
  if (!shown) return;
  const x = opens(value) ? line.x(value.median) : line.neverX;
  one.ghostDot.setAttribute("transform", `translate(${x.toFixed(1)},${one.y.toFixed(1)})`);
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
      return { head: spec.rows[i].label, columns, rows: spec.rungs.map((rung) => tipRow(line, spec.rows[i].id, rung)) };
    },
  };

  /** Writes the line of one rung. */
  function tipRow({ data }, id, rung) {
    const value = data.rows[id]?.[rung];
    if (!opens(value)) return { cells: [String(rung), "–", "–", "–", words.never] };
    const share = words.share_of_runs.replace("{share}", pen.share(value.share ?? 1));
    return { cells: [String(rung), pen.year(value.p10), pen.year(value.median), pen.year(value.p90), share] };
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
