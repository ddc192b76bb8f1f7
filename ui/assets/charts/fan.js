// A fan chart: medians as lines, the 10 % to 90 % range as bands, the previous setting as thin dashed ghosts, and what
// nobody has changed as dotted lines.
import { scaleLinear } from "../vendor/d3.js";
import { dueMarks, levelNames, namedLevels } from "./levels.js";
import { makeWindow } from "./window.js";

const DIRECT_WIDTH = 300; // below this a legend takes the place of direct labels
const MARKS = [ // one end mark for each colour, so that colour is not the only sign
  "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0Z",
  "M-4,-4h8v8h-8Z",
  "M0,-5.5L5.5,4H-5.5Z",
  "M0,-5.5L5.5,0L0,5.5L-5.5,0Z",
  "M0,5.5L5.5,-4H-5.5Z",
  "M-1.8,-5h3.6v3.2h3.2v3.6h-3.2v3.2h-3.6v-3.2h-3.2v-3.6h3.2Z",
];

const middle = (triple) => triple?.[1];
const same = (value) => value;
const tenth = (number) => Math.round(number * 10) / 10;

/** Builds a fan chart. */
export function drawFan(pen, spec, words) {
  const fan = { pen, spec, words, data: null, y: scaleLinear().domain(spec.y).clamp(true), arrowed: false, direct: true, legend: [] };
  fan.window = makeWindow(spec.y, spec.fit);
  fan.box = { left: 0, right: 1, top: 0, bottom: 1 };
  fan.xs = spec.years.map(() => 0);
  buildNodes(fan);
  return {
    height: (width) => Math.round(Math.max(15 * pen.font, Math.min(0.56 * width, 27 * pen.font))),
    layout: (width, height) => layout(fan, width, height),
    update: (data) => update(fan, data),
    legend: () => fan.legend,
    rows: () => rows(fan),
    cell: (value, i) => (i ? pen.value(value) : String(value)),
    stops: stops(fan),
    scale: spec.fit ? scaleOf(fan) : null,
    settle: () => rescale(fan, fan.window.settle),
  };
}

/** Makes what lets the whole scale be shown: its ends, and whether it is. */
function scaleOf(fan) {
  const ends = fan.spec.y.map(fan.pen.tick).join("–");
  return { ends, toggle: () => rescale(fan, fan.window.toggle), whole: () => fan.window.whole };
}

/** Makes the nodes that updates will move: per series a band, a ghost, a median, an end mark, a label and its leader. */
function buildNodes(fan) {
  const { pen, spec } = fan;
  const layer = (name) => pen.add(pen.svg, "g", { class: name });
  const [axes, bands, ghosts, lines] = ["axes", "bands", "ghosts", `lines${spec.series.length > 1 ? " patterned" : ""}`].map(layer);
  fan.axes = axes;
  fan.cursor = pen.add(pen.svg, "path", { class: "cursor", display: "none" });
  fan.before = pen.add(pen.svg, "g", { class: "before", display: "none" });
  fan.series = spec.series.map((s) => {
    const className = `c${s.color}${s.dash ? " dashed" : ""}`;
    const path = (parent, part) => pen.add(parent, "path", { class: `${part} ${className}` });
    const name = pen.add(lines, "text", { class: `label ${className}`, dy: ".35em" }, s.label);
    const [band, unchanged] = [path(bands, "band"), path(ghosts, "unchanged")];
    const [ghost, median] = [path(ghosts, "ghost"), path(lines, "median")];
    const [mark, leader] = [path(lines, "mark"), path(lines, "leader")];
    mark.setAttribute("d", MARKS[s.color]);
    return { ...s, band: s.band === false ? null : band, unchanged, ghost, median, mark, name, leader, className };
  });
  fan.others = ["ghost", "base"].map((from) => ({ from, name: pen.add(lines, "text", { class: "label-before", dy: ".35em" }) }));
  fan.arrow = pen.add(lines, "path", { class: "heading" });
  fan.arrowLabel = pen.add(lines, "text", { class: "heading-label", dy: ".35em" });
}

/** Places axes, milestones and label columns. */
function layout(fan, width, height) {
  const { pen, spec } = fan;
  Object.assign(fan, { width, height });
  const names = levelNames(fan, width);
  const ticks = names ? names.map((name) => name.at) : fan.y.ticks(Math.max(3, Math.min(6, Math.round(height / (3.4 * pen.font)))));
  const ends = alone(fan) ? endings(fan, fan.y.domain()[1]) : spec.series.map((s) => s.label);
  const labels = [...ends, fan.data?.heading?.label ?? ""];
  const widest = Math.max(...labels.map(pen.measure), alone(fan) ? 0 : pen.measure(fan.words.before) + 2 * pen.font);
  fan.direct = width >= DIRECT_WIDTH && widest < 0.42 * width;
  const arrowRoom = fan.arrowed ? 1.2 * pen.font : 0;
  const beside = names?.filter((name) => !name.inside).map((name) => name.label) ?? ticks.map(pen.tick);
  const left = Math.max(0, ...beside.map(pen.measure)) + 0.7 * pen.font;
  const right = width - arrowRoom - (fan.direct ? widest + 1.9 * pen.font : pen.font);
  fan.box = { left, right, top: 1.7 * pen.font, bottom: height - 1.8 * pen.font };
  fan.labelX = right + arrowRoom + 1.7 * pen.font;
  fan.arrowX = right + 1.5 * pen.font;
  fan.y.range([fan.box.bottom, fan.box.top]);
  fan.low = fan.y.domain()[0];
  fan.pixels = (fan.box.bottom - fan.box.top) / (fan.y.domain()[1] - fan.low);
  fan.xs = spec.years.map((_, i) => tenth(left + ((right - left) * i) / Math.max(1, spec.years.length - 1)));
  renewLegend(fan);
  drawAxes(fan, ticks, names);
  drawBefore(fan, names?.some((name) => name.inside));
  if (fan.data) draw(fan);
}

/** Tells whether there is but one series, whose end shows its value in place of its name. */
const alone = ({ spec }) => spec.series.length === 1;

/** Lists the series that have numbers: another future has none while it is the same. */
const present = ({ series, data }) => series.filter((s) => data?.series[s.id]?.length);

/** Names the columns of a series, and which of low, middle and high they show: the middle alone where nothing has a band. */
function columnsOf({ series, spec, words }) {
  const all = [words.low, spec.middle ?? words.median, words.high];
  const at = series.some((s) => s.band) ? [0, 1, 2] : [1];
  return { names: at.map((k) => all[k]), pick: (triple) => at.map((k) => triple?.[k] ?? null) };
}

/** Renews the legend where a line came or went. */
function renewLegend(fan) {
  const items = fan.direct ? [] : legendOf(fan);
  if (items.length !== fan.legend.length) fan.legend = items;
}

/** Lists the entries of the legend. */
function legendOf(fan) {
  const items = present(fan).map((s) => ({ label: s.label, className: s.className, mark: MARKS[s.color] }));
  return items.length > 1 ? items : [];
}

/** Lists what the labels of a single line may say. */
function endings({ pen, words }, value) {
  return [words.first_now, words.first_before, words.first_unchanged].map((text) => text.replace("{value}", pen.value(value)));
}

/** Draws grid lines, tick labels or names of levels, when levers act, and by when each level is due. */
function drawAxes(fan, ticks, names) {
  const { pen, spec, axes, box } = fan;
  axes.replaceChildren();
  drawActing(fan);
  for (const tick of ticks) {
    const y = Math.round(fan.y(tick)) + 0.5;
    pen.add(axes, "path", { class: tick === 0 ? "base" : "grid", d: `M${box.left},${y}H${box.right}` });
    if (!names) pen.add(axes, "text", { x: box.left - 0.5 * pen.font, y, dy: ".35em", "text-anchor": "end" }, pen.tick(tick));
  }
  if (names) namedLevels(fan, names);
  const step = (box.right - box.left) / spec.years.length < 0.6 * pen.font ? 10 : 5;
  spec.years.forEach((year, i) => {
    if (year % step === 0) pen.add(axes, "text", { x: fan.xs[i], y: box.bottom + 1.4 * pen.font, "text-anchor": "middle" }, year);
  });
  dueMarks(fan);
}

/** Draws from when on levers act. */
function drawActing({ pen, spec: { acting, years }, axes, box, xs }) {
  const x = xs[years.indexOf(acting?.year)];
  if (x == null) return;
  pen.add(axes, "rect", { class: "acting", x, y: box.top, width: Math.max(0, box.right - x), height: Math.max(0, box.bottom - box.top) });
  if (pen.measure(acting.label) > box.right - x) return;
  pen.add(axes, "text", { class: "acting-label", x: box.right - 4, y: box.bottom - 0.5 * pen.font, "text-anchor": "end" }, acting.label);
}

/** Draws the key of the ghosts: under the direct labels, or in a corner of the plot where no name of a level is. */
function drawBefore(fan, named) {
  const { pen, before, box, words } = fan;
  const corner = named ? box.right - pen.measure(words.before) - 2.4 * pen.font : box.left + 0.4 * pen.font;
  const x = fan.direct ? fan.labelX : corner;
  const y = fan.direct ? box.bottom + pen.font : named ? box.bottom - 0.9 * pen.font : box.top + 0.8 * pen.font;
  before.replaceChildren();
  pen.add(before, "path", { class: "ghost c0", d: `M${x},${y}h${1.6 * pen.font}` });
  pen.add(before, "text", { x: x + 2 * pen.font, y, dy: ".35em" }, words.before);
}

/** Takes new data; axes move only if the domain does, or the arrow comes or goes. */
function update(fan, data) {
  fan.data = data;
  renewLegend(fan);
  const arrowed = Boolean(data.heading);
  if (fan.spec.fit) fan.window.hold(...extent(data));
  const [lo, hi] = domainOf(fan, data);
  const domain = fan.y.domain();
  if (arrowed === fan.arrowed && lo === domain[0] && hi === domain[1]) {
    if (fan.width) draw(fan);
    return;
  }
  fan.arrowed = arrowed;
  fan.y.domain([lo, hi]);
  if (fan.width) layout(fan, fan.width, fan.height);
}

/** Says which part of the scale is shown: what the data say, with all that is drawn beside them, or else the window. */
function domainOf({ spec, window }, data) {
  if (!data?.y) return spec.fit ? window.domain : spec.y;
  return [data.y[0], Math.max(data.y[1], extent(data)[1])];
}

/** Changes the part of the scale that is shown. */
function rescale(fan, change) {
  change();
  const [lo, hi] = domainOf(fan, fan.data);
  const domain = fan.y.domain();
  if (lo === domain[0] && hi === domain[1]) return;
  fan.y.domain([lo, hi]);
  if (fan.width) layout(fan, fan.width, fan.height);
}

/** Finds the least and the most of all that is drawn. */
function extent({ series, ghost, base }) {
  let least = Infinity;
  let most = -Infinity;
  const take = (value) => {
    if (value == null) return;
    if (value < least) least = value;
    if (value > most) most = value;
  };
  for (const values of Object.values(series)) for (const triple of values) { take(triple?.[0]); take(triple?.[2]); }
  for (const lines of [ghost, base]) for (const values of Object.values(lines ?? {})) values.forEach(take);
  return [least, most];
}

/** Moves all paths and labels to the data. */
function draw(fan) {
  const { data, pen } = fan;
  const labels = [];
  for (const s of fan.series) {
    const values = data.series[s.id] ?? [];
    s.band?.setAttribute("d", bandPath(fan, values));
    s.median.setAttribute("d", linePath(fan, values, middle));
    s.ghost.setAttribute("d", linePath(fan, data.ghost?.[s.id] ?? [], same));
    s.unchanged.setAttribute("d", linePath(fan, data.base?.[s.id] ?? [], same));
    const end = values.findLastIndex((triple) => middle(triple) != null);
    const shown = end >= 0;
    pen.set(s.mark, "display", shown ? "inline" : "none");
    pen.set(s.name, "display", shown && fan.direct ? "inline" : "none");
    pen.set(s.leader, "display", shown && fan.direct ? "inline" : "none");
    if (shown && alone(fan)) pen.setText(s.name, ending(fan, values[end][1])); // the title names it already
    if (shown) labels.push(endOf(fan, s, end, values[end][1]));
  }
  drawOthers(fan, labels);
  pen.set(fan.before, "display", data.ghost && !(alone(fan) && fan.direct) ? "inline" : "none");
  drawHeading(fan, labels);
  if (fan.direct) placeLabels(fan, labels);
}

/** Writes the value at the end of a single line, as that of now where another is beside it. */
function ending(fan, value) {
  const { words, data } = fan;
  const text = writerOf(fan)(value);
  return data.ghost || data.base ? words.first_now.replace("{value}", text) : text;
}

/** Says what value a single line ends at: what was before, or what is unchanged. */
const lastOf = ({ data, spec }, from) => data[from]?.[spec.series[0].id]?.at(-1) ?? null;

/** Chooses how the ends of a single line are written: with a digit more where another lies very near. */
function writerOf(fan) {
  const { pen, data, spec, others } = fan;
  const now = middle(data.series[spec.series[0].id]?.findLast((triple) => middle(triple) != null));
  const near = (value) => value !== null && Math.abs(value - now) < pen.unit;
  return others.some(({ from }) => near(lastOf(fan, from))) ? pen.fine : pen.value;
}

/** Labels the ends of what was before and of what is unchanged, where there is but one line; equal ones once. */
function drawOthers(fan, labels) {
  if (!alone(fan)) return;
  const { data, pen, words, spec, labelX } = fan;
  const texts = { ghost: words.first_before, base: words.first_unchanged };
  const write = writerOf(fan);
  const said = new Set([write(middle(data.series[spec.series[0].id]?.at(-1)))]);
  for (const { from, name } of fan.others.toReversed()) {
    const value = lastOf(fan, from);
    const shown = fan.direct && value !== null && !said.has(write(value));
    pen.set(name, "display", shown ? "inline" : "none");
    if (!shown) continue;
    said.add(write(value));
    pen.setText(name, texts[from].replace("{value}", write(value)));
    labels.push({ name, x: labelX, y: level(fan, value) });
  }
}

/** Says how high up a value is drawn, kept inside the plot: the scale by hand, because it is asked thousands of times a frame. */
function level({ box, low, pixels }, value) {
  const y = box.bottom - (value - low) * pixels;
  return tenth(y < box.top ? box.top : y > box.bottom ? box.bottom : y);
}

/** Writes the path of a line; a missing value lifts the pen. (Twice as fast as a general line generator.) */
function linePath(fan, values, pick) {
  let path = "";
  let down = false;
  for (let i = 0; i < values.length; i += 1) {
    const value = pick(values[i]);
    if (value != null) path += `${down ? "L" : "M"}${fan.xs[i]},${level(fan, value)}`;
    down = value != null;
  }
  return path;
}

/** Writes the path of a band: along its upper edge and back along its lower one. */
function bandPath(fan, values) {
  let path = "";
  let back = "";
  for (let i = 0; i < values.length; i += 1) {
    if (middle(values[i]) != null) {
      path += `${back ? "L" : "M"}${fan.xs[i]},${level(fan, values[i][2])}`;
      back = `L${fan.xs[i]},${level(fan, values[i][0])}${back}`;
    } else {
      path += back;
      back = "";
    }
  }
  return path + back;
}

/** Puts the end mark of a series and says where its label would like to be. */
function endOf(fan, s, end, value) {
  const x = fan.xs[end];
  const y = level(fan, value);
  s.mark.setAttribute("transform", `translate(${x},${y})`);
  return { name: s.name, leader: s.leader, x: x + 0.5 * fan.pen.font, from: y, y };
}

/** Draws the arrow that tells where the quantity is heading. */
function drawHeading(fan, labels) {
  const { data: { heading }, arrow, arrowLabel, pen, arrowX: x } = fan;
  arrow.setAttribute("d", heading ? arrowPath(x, level(fan, heading.from), level(fan, heading.to)) : "");
  pen.set(arrowLabel, "display", heading?.label ? "inline" : "none");
  if (!heading?.label) return;
  pen.setText(arrowLabel, heading.label);
  pen.set(arrowLabel, "text-anchor", fan.direct ? "start" : "end");
  const y = level(fan, heading.to);
  if (fan.direct) labels.push({ name: arrowLabel, y });
  else arrowLabel.setAttribute("transform", `translate(${fan.width},${y + (heading.to > heading.from ? -0.9 : 0.9) * pen.font})`);
}

/** Writes the path of an arrow up or down, or to the right where there is hardly a change. */
function arrowPath(x, from, to) {
  if (Math.abs(to - from) < 5) return `M${x - 5},${to}h10m-4,-4l4,4l-4,4`;
  const back = to < from ? 6 : -6;
  return `M${x},${from}V${to}m-4,${back}l4,${-back}l4,${back}`;
}

/** Moves labels apart and draws a leader to each that had to move. */
function placeLabels(fan, labels) {
  const gap = 1.2 * fan.pen.font;
  labels.sort((a, b) => a.y - b.y);
  let floor = fan.box.top;
  for (const one of labels) {
    one.y = Math.max(one.y, floor);
    floor = one.y + gap;
  }
  let ceiling = fan.box.bottom;
  for (const one of labels.toReversed()) {
    one.y = Math.min(one.y, ceiling);
    ceiling = one.y - gap;
  }
  const x = fan.labelX;
  for (const { name, leader, x: start, from, y } of labels) {
    name.setAttribute("transform", `translate(${x},${tenth(y)})`);
    if (leader) fan.pen.set(leader, "d", Math.abs(y - from) < 3 ? "" : `M${start},${from}L${x - 3},${tenth(y)}`);
  }
}

/** Says what the cursor visits: the years. */
function stops(fan) {
  const { spec, pen, words } = fan;
  const last = spec.years.length - 1;
  return {
    count: () => last + 1,
    first: () => last,
    nearest: (x) => Math.max(0, Math.min(last, Math.round(((x - fan.box.left) / (fan.box.right - fan.box.left)) * last))),
    place: (i) => ({ x: fan.xs[i], y: fan.box.top }),
    mark(i) {
      fan.cursor.setAttribute("display", i == null ? "none" : "inline");
      if (i != null) fan.cursor.setAttribute("d", `M${fan.xs[i]},${fan.box.top}V${fan.box.bottom}`);
    },
    tip(i) {
      const { ghost } = fan.data;
      const { names, pick } = columnsOf(fan);
      const columns = [...names, ...(ghost ? [words.before] : [])];
      const one = (s) => [...pick(fan.data.series[s.id][i]), ...(ghost ? [ghost[s.id]?.[i]] : [])];
      const tips = present(fan).map((s) => ({ className: s.className, cells: [s.label, ...one(s).map(pen.fine)] }));
      return { head: String(spec.years[i]), columns, rows: tips };
    },
  };
}

/** Writes the data as a table with a row for each year. */
function rows(fan) {
  const { spec, words, data } = fan;
  const { names, pick } = columnsOf(fan);
  const lines = present(fan);
  const columns = [words.year, ...lines.flatMap((s) => names.map((name) => `${s.label}, ${name}`))];
  const line = (year, i) => [year, ...lines.flatMap((s) => pick(data.series[s.id][i]))];
  return { columns, rows: spec.years.map(line) };
}
