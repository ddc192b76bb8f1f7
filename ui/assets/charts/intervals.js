// Values with intervals: a lane for each, with a thin line, a thick one and a dot. Of differences these are 10 % to 90 % of runs,
// the 95 % interval of the mean, and the mean, solid where the interval leaves out zero; a spec that is plain has no differences.
// A spec with steps has bars instead, from where the one before ends: {from, to} of each row, `whole` for all of them together.
import { scaleLinear } from "../vendor/d3.js";

const SIDE_WIDTH = 560; // below this the names of lanes stand above them, not beside

/** Builds a chart of intervals. */
export function drawIntervals(pen, spec, words) {
  const chart = { pen, spec, words, data: { rows: [] }, x: scaleLinear(), key: "", lanes: [] };
  chart.body = pen.add(pen.svg, "g", { class: "lanes" });
  chart.axes = pen.add(pen.svg, "g", { class: "axes" });
  chart.front = pen.add(pen.svg, "g");
  return {
    height: (width) => Math.round(Math.max(1, chart.data.rows.length) * laneHeight(pen, width) + 2.2 * pen.font),
    layout: (width, height) => layout(chart, width, height),
    update: (data) => update(chart, data),
    rows: () => rows(chart),
    cell: (value, i) => (i ? writer(chart)(value) : value),
    stops: stops(chart),
  };
}

/** Says how high a lane is. */
function laneHeight(pen, width) {
  return (width < SIDE_WIDTH ? 3 : 2.1) * pen.font;
}

/** Returns what writes values: differences have their sign. */
function writer({ pen, spec }) {
  return spec.plain ? pen.value : pen.signed;
}

/** Writes a row's values: the mean and, where there is room, its interval. */
function valuesOf(chart, { mean, low, high }, width) {
  const write = writer(chart);
  if (width < SIDE_WIDTH || chart.spec.steps) return write(mean);
  return `${write(mean)}  (${write(low)} … ${write(high)})`;
}

/** Finds the domain that is given, or holds all rows, and zero. */
function domainOf(data) {
  if (data.domain) return data.domain;
  const all = data.rows.flatMap((row) => [row.mean, row.low, row.high, row.p10, row.p90, row.to]).filter((v) => v != null);
  return scaleLinear().domain([Math.min(0, ...all), Math.max(0, ...all) || 1e-9]).nice(5).domain();
}

/** Takes new data; the lanes are placed anew only if their names or the domain change. */
function update(chart, data) {
  chart.data = data;
  const domain = domainOf(data);
  const key = JSON.stringify([domain, data.rows.map((row) => row.label)]);
  if (key !== chart.key) {
    chart.key = key;
    chart.x.domain(domain);
    buildLanes(chart);
    if (chart.width) chart.pen.resize();
  } else if (chart.width) draw(chart);
}

/** Makes the nodes of all lanes. */
function buildLanes(chart) {
  const { pen, data, body, front } = chart;
  body.replaceChildren();
  front.replaceChildren();
  chart.lanes = data.rows.map((row) => {
    const back = pen.add(body, "rect", { class: "lane" });
    const color = row.color == null ? "" : ` own c${row.color}`;
    const node = (name, className) => pen.add(front, name, { class: className + color });
    const whole = row.whole ? " whole" : "";
    const [name, thin, thick, bar, dot, value] = [
      node("text", "lane-label"), node("path", "thin"), node("path", "thick"), node("path", `step${whole}`),
      node("circle", "mean"), node("text", `value${whole}`)];
    for (const text of [name, value]) text.setAttribute("dy", ".35em");
    value.setAttribute("text-anchor", "end");
    return { label: row.label, color, back, name, thin, thick, bar, dot, value, y: 0 };
  });
}

/** Places lanes, names and axis. */
function layout(chart, width, height) {
  const { pen, data, lanes } = chart;
  const side = width >= SIDE_WIDTH;
  const widest = (texts) => Math.max(0, ...texts.map(pen.measure));
  const names = Math.min(widest(lanes.map((lane) => lane.label)) + 1.2 * pen.font, 0.4 * width);
  const values = widest(data.rows.map((row) => valuesOf(chart, row, width))) + 1.2 * pen.font;
  const box = { left: side ? names : pen.font, right: width - (side ? values : pen.font), bottom: height - 2 * pen.font };
  const lane = box.bottom / Math.max(1, lanes.length);
  Object.assign(chart, { width, height, box, lane });
  chart.x.range([box.left, box.right]);
  lanes.forEach((one, i) => placeLane(chart, one, i, side ? names : width - values));
  drawAxes(chart);
  draw(chart);
}

/** Places one lane: its name beside it where there is room, else above. */
function placeLane({ pen, lane, width }, one, i, room) {
  const side = width >= SIDE_WIDTH;
  const top = i * lane;
  one.y = side ? top + lane / 2 : top + 0.68 * lane;
  const textY = side ? one.y : top + 0.28 * lane;
  for (const [name, value] of Object.entries({ x: 0, y: top, width, height: lane })) one.back.setAttribute(name, value);
  one.name.textContent = pen.fit(one.label, room - 0.6 * pen.font);
  one.name.setAttribute("y", textY);
  one.value.setAttribute("x", width);
  one.value.setAttribute("y", textY);
  one.dot.setAttribute("cy", one.y);
  one.dot.setAttribute("r", 0.4 * pen.font);
}

/** Draws grid, zero line and numbers. */
function drawAxes({ pen, axes, box, x, data }) {
  axes.replaceChildren();
  for (const tick of x.ticks(Math.max(2, Math.min(8, Math.round((box.right - box.left) / (6 * pen.font)))))) {
    const zero = tick === 0 && data.zero !== false;
    pen.add(axes, "path", { class: zero ? "zero" : "grid", d: `M${x(tick)},0V${box.bottom}` });
    pen.add(axes, "text", { x: x(tick), y: box.bottom + 1.4 * pen.font, "text-anchor": "middle" }, pen.tick(tick));
  }
}

/** Moves lines, dots and values to the data. */
function draw(chart) {
  const { pen, x, data } = chart;
  chart.lanes.forEach((lane, i) => {
    const row = data.rows[i];
    const path = (from, to) => (from == null || to == null ? "" : `M${x(from).toFixed(1)},${lane.y}H${x(to).toFixed(1)}`);
    lane.thin.setAttribute("d", path(row.p10, row.p90));
    lane.thick.setAttribute("d", path(row.low, row.high));
    lane.bar.setAttribute("d", path(row.from, row.to));
    lane.dot.toggleAttribute("hidden", row.to != null);
    lane.dot.setAttribute("cx", x(row.mean).toFixed(1));
    const hollow = row.hollow ?? !(row.low > 0 || row.high < 0);
    lane.dot.setAttribute("class", `mean${hollow ? " hollow" : ""}${lane.color}`);
    pen.setText(lane.value, valuesOf(chart, row, chart.width));
  });
}

/** Names the columns; the interval of the mean is of 95 %. */
function columnsOf({ spec, words, pen }) {
  const ninety = pen.share(0.95);
  return spec.columns ?? [spec.title, spec.unit, `${ninety} ↓`, `${ninety} ↑`, words.low, words.high];
}

/** Returns the numbers of a row, as many as there are columns for. */
function numbersOf(chart, row) {
  return [row.mean, row.low, row.high, row.p10, row.p90].slice(0, columnsOf(chart).length - 1);
}

/** Says what the cursor visits: the lanes. */
function stops(chart) {
  return {
    count: () => chart.lanes.length,
    first: () => 0,
    nearest(_, y) {
      const i = Math.floor(y / chart.lane);
      return i >= 0 && i < chart.lanes.length ? i : null;
    },
    place: (i) => ({ x: 0, y: (i + 1) * chart.lane }),
    mark: (i) => chart.lanes.forEach((lane, k) => lane.back.classList.toggle("visited", k === i)),
    tip(i) {
      const row = chart.data.rows[i];
      const values = numbersOf(chart, row).map(writer(chart));
      return { head: row.label, columns: [], rows: columnsOf(chart).slice(1).map((name, k) => ({ cells: [name, values[k]] })) };
    },
  };
}

/** Writes the data as a table with a row for each difference. */
function rows(chart) {
  return { columns: columnsOf(chart), rows: chart.data.rows.map((row) => [row.label, ...numbersOf(chart, row)]) };
}
