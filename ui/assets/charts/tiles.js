// A map of tiles in which every member is as large as any other, with a slider of years and a button that plays them.
import { interpolateRgbBasis, scaleSequential } from "../vendor/d3.js";

const STEPS = 64; // as many colours as an eye can tell apart in a ramp; made once
const LEVELS = rampOf(["#edf6f3", "#bfe0da", "#7dbdb9", "#3c9199", "#12627a", "#0b3350"]);
const CHANGES = rampOf(["#8a4a10", "#d09048", "#f0d9b8", "#f7f7f4", "#c5e4e0", "#74bab8", "#1f7484"]);
const FLAT = 0.72; // height of a tile where there is little room, in its widths
const NAMED = 56; // width from which on a tile says the name where it fits
const NARROWEST = 35; // width of such a tile, at least
const SMALLEST = 36; // a tile narrower than this makes the map wrap its groups instead
const LARGEST = 5.2; // the side of a tile, in heights of the font, unless the figure fills the window
const HEAD = 1.7; // the room above a row that starts with the name of a group, likewise
const WIDEST = 14.5; // tiles beside each other in a low and wide window
const KEY = 3.2; // the room of the key below, likewise
const PLAY_EVERY = 600;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PLAY = "M4 2.5v11l9-5.5z";
const PAUSE = "M4 3h3v10H4zM9 3h3v10H9z";

/** Makes the colours of a ramp, and for each the ink that is read on it: either way at least 4.5:1. */
function rampOf(stops) {
  const ramp = interpolateRgbBasis(stops);
  const colours = Array.from({ length: STEPS }, (_, i) => ramp(i / (STEPS - 1)));
  return { colours, inks: colours.map((colour) => (luminance(colour) > 0.18 ? "#000" : "#fff")) };
}

/** Says how light a colour is, as WCAG counts it. */
function luminance(colour) {
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = colour.match(/\d+/g).map((part) => linear(part / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Builds a tile map. */
export function drawTiles(pen, spec, words) {
  const now = Math.max(0, spec.years.indexOf(spec.year ?? spec.years.at(-1)));
  const map = { pen, spec, words, data: null, domain: spec.domain ?? [0, 1], ramp: LEVELS, now, cell: 0, timer: 0 };
  pen.svg.setAttribute("role", "listbox");
  map.tiles = buildTiles(map);
  map.own = pen.add(pen.svg, "rect", { class: "tile-own", display: "none" });
  map.focus = pen.add(pen.svg, "rect", { class: "tile-focus", display: "none" });
  map.key = pen.add(pen.svg, "g", { class: "key", "aria-hidden": "true" });
  map.keyNodes = buildKey(map);
  map.controls = buildControls(map);
  return {
    extra: spec.compact ? null : map.controls.bar,
    height: (width) => naturalHeight(map, width),
    layout: (width, height) => layout(map, width, height),
    update: (data) => update(map, data),
    rows: () => rows(map),
    cell: (value, i) => (i ? pen.fine(value) : value),
    pick: (i) => spec.onpick?.(spec.tiles[i].id),
    setYear: (year) => setYear(map, year),
    stops: stops(map),
    destroy: () => clearInterval(map.timer),
  };
}

/** Makes a node for each tile, under a label for each group. */
function buildTiles(map) {
  const { pen, spec } = map;
  map.groups = spec.groups.map((group) => {
    const node = pen.add(pen.svg, "g", { role: "group", "aria-label": group.label });
    const name = pen.add(node, "text", { class: "group-label", "aria-hidden": "true" });
    return { ...group, shown: spec.compact ? group.short : group.label, node, name };
  });
  return spec.tiles.map((tile) => {
    const { node } = map.groups.find((group) => group.id === tile.group);
    const all = pen.add(node, "g", { class: "tile", role: "option", id: `${spec.id}-${tile.id}`, "aria-label": tile.name });
    all.setAttribute("aria-selected", "false");
    const rect = pen.add(all, "rect");
    const text = pen.add(all, "text", { class: "tile-label", dy: ".35em", "text-anchor": "middle" }, tile.label);
    return { ...tile, node: all, rect, text, colour: undefined };
  });
}

/** Makes the key: the ramp with numbers, and the year that is shown. */
function buildKey({ pen, spec, key }) {
  const id = `${spec.id}-ramp`;
  const ramp = pen.add(pen.add(key, "defs"), "linearGradient", { id });
  const stops = LEVELS.colours.map((colour, i) => pen.add(ramp, "stop", { offset: i / (STEPS - 1), "stop-color": colour }));
  const text = (anchor) => pen.add(key, "text", { "text-anchor": anchor });
  const bar = pen.add(key, "rect", { fill: `url(#${id})`, class: "ramp" });
  const year = pen.add(key, "text", { class: spec.compact ? "key-year small" : "key-year", "text-anchor": "end" });
  return { bar, stops, numbers: ["start", "middle", "end"].map(text), year };
}

/** Makes the play button and the slider of years. */
function buildControls(map) {
  const { pen, spec, words } = map;
  const [first, last] = [spec.years[0], spec.years.at(-1)];
  const icon = pen.add(null, "svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  const path = pen.add(icon, "path", { d: PLAY });
  const button = pen.html("button", { type: "button", class: "play" }, icon);
  const slider = pen.html("input", { type: "range", min: first, max: last, step: 1 });
  const output = pen.html("output");
  const bar = pen.html("div", { class: "chart-years" }, button, pen.html("label", {}, words.year, slider), output);
  slider.addEventListener("input", () => setYear(map, Number(slider.value)));
  slider.addEventListener("change", () => spec.onyear?.(spec.years[map.now]));
  button.addEventListener("click", () => play(map, !map.timer));
  map.controls = { bar, button, path, slider, output };
  nameButton(map);
  showYear(map);
  return map.controls;
}

/** Names the button after what a press will do. */
function nameButton({ controls: { button, path }, timer, words }) {
  const name = timer ? words.pause : words.play;
  button.setAttribute("aria-label", name);
  button.title = name;
  path.setAttribute("d", timer ? PAUSE : PLAY);
}

/** Starts or stops playing the years, from the first one if the last was reached. */
function play(map, on) {
  const { years } = map.spec;
  clearInterval(map.timer);
  map.timer = on ? setInterval(() => step(map), PLAY_EVERY) : 0;
  if (on && map.now === years.length - 1) setYear(map, years[0]);
  nameButton(map);
}

/** Goes on by a year, and stops at the last. */
function step(map) {
  const { years } = map.spec;
  setYear(map, years[Math.min(map.now + 1, years.length - 1)]);
  if (map.now < years.length - 1) return;
  play(map, false);
  map.spec.onyear?.(years[map.now]);
}

/** Shows a year. */
function setYear(map, year) {
  const now = map.spec.years.indexOf(year);
  if (now < 0) return;
  map.now = now;
  showYear(map);
  if (map.data) paint(map);
  map.pen.changed();
}

/** Writes the year beside the slider and in the key. */
function showYear({ spec, now, controls: { slider, output }, keyNodes }) {
  const year = String(spec.years[now]);
  slider.value = year;
  output.textContent = year;
  keyNodes.year.textContent = year;
}

/** Says where tiles stand: as the spec says, or group below group where the tiles would get too small. */
function placesOf({ spec }, width, wide) {
  const columns = 1 + Math.max(...spec.tiles.map((tile) => tile.col));
  if (!spec.compact && width / columns >= SMALLEST) return { columns, at: spec.tiles.map(({ col, row }) => ({ col, row })) };
  const at = new Array(spec.tiles.length);
  let row = 0;
  for (const group of spec.groups) {
    const members = spec.tiles.map((tile, i) => ({ tile, i })).filter(({ tile }) => tile.group === group.id);
    members.forEach(({ i }, k) => { at[i] = { col: k % wide, row: row + Math.floor(k / wide) }; });
    row += Math.ceil(members.length / wide);
  }
  return { columns: wide, at };
}

/** Says where tiles stand in a low and wide window: more groups beside each other, each of as many columns as the spec says. */
function beside({ spec }) {
  const at = new Array(spec.tiles.length);
  let [left, row, rows] = [0, 0, 0];
  for (const group of spec.groups) {
    const members = spec.tiles.map((tile, i) => ({ tile, i })).filter(({ tile }) => tile.group === group.id);
    const [col, top] = ["col", "row"].map((side) => Math.min(...members.map(({ tile }) => tile[side])));
    const size = (side, least) => 1 + Math.max(...members.map(({ tile }) => tile[side])) - least;
    if (left + size("col", col) > WIDEST) [left, row, rows] = [0, row + rows, 0];
    members.forEach(({ tile, i }) => { at[i] = { col: left + tile.col - col, row: row + tile.row - top }; });
    left += size("col", col) + 0.5;
    rows = Math.max(rows, size("row", top));
  }
  return { columns: 1 + Math.max(...at.map((p) => p.col)), at };
}

/** Says how many columns there may be where groups stand below each other. */
const mostColumns = ({ spec }, width) => Math.max(4, Math.floor(width / (spec.compact ? NARROWEST : 38)));

/** Measures the layout of the largest tiles: where there is little room, with as many columns as fit best. */
function measure(map, width, height) {
  const most = mostColumns(map, width);
  const tall = (plan) => Math.min(flat(map, width / plan.columns), sideOf(map, plan, plan.named, height));
  const plans = map.spec.compact
    ? Array.from({ length: most - 3 }, (_, i) => measured(map, width, height, most - i))
    : [measured(map, width, height, most)];
  if (!map.spec.compact && height < naturalHeight(map, width)) plans.push(measured(map, width, height, most, beside(map)));
  return plans.reduce((best, plan) => (tall(plan) > tall(best) ? plan : best));
}

/** Measures a layout: its places, its rows, the first place of each group, and the rows that need room for a name above them. */
function measured(map, width, height, wide, { columns, at } = placesOf(map, width, wide)) {
  const plan = { columns, at, rows: 1 + Math.max(...at.map((p) => p.row)), firsts: map.groups.map((group) => firstOf(map, at, group)) };
  const cell = flat(map, Math.min(width / columns, LARGEST * map.pen.font));
  const named = namedRows(map, plan, cell);
  const tight = sideOf(map, plan, named, height);
  return { ...plan, named: tight < cell - 1 ? namedRows(map, plan, tight) : named };
}

/** Says how high a tile of a width would be. */
const flat = ({ spec }, width) => (spec.compact ? FLAT * width : width);

/** Says how large a tile can be in a height. */
function sideOf({ pen: { font } }, { rows }, named, height) {
  return Math.max(8, (height - (KEY + HEAD * named.length) * font) / rows);
}

/** Finds the rows above which other tiles leave no room for the name of a group. */
function namedRows({ pen, groups }, { at, firsts }, cell) {
  const room = (HEAD * pen.font) / cell;
  const reach = firsts.map(({ col }, g) => col + pen.measure(groups[g].shown) / cell);
  const inTheWay = (p, { col, row }, g) => p.row < row && p.row + 1 > row - room && p.col + 1 > col && p.col < reach[g];
  const taken = (first, g) => first.row < room || at.some((p) => inTheWay(p, first, g));
  return [...new Set(firsts.filter(taken).map(({ row }) => row))];
}

/** Finds the top left of a group. */
function firstOf({ spec }, at, group) {
  const mine = at.filter((_, i) => spec.tiles[i].group === group.id);
  return { col: Math.min(...mine.map((p) => p.col)), row: Math.min(...mine.map((p) => p.row)) };
}

/** Says how high the map would like to be. */
function naturalHeight(map, width) {
  const { font } = map.pen;
  const { columns, rows, named } = measured(map, width, Infinity, mostColumns(map, width));
  return Math.round(rows * flat(map, Math.min(width / columns, LARGEST * font)) + (KEY + named.length * HEAD) * font);
}

/** Places tiles, names of groups and the key. */
function layout(map, width, height) {
  const { font } = map.pen;
  const plan = measure(map, width, height);
  const head = HEAD * font;
  const tall = Math.min(flat(map, width / plan.columns), sideOf(map, plan, plan.named, height));
  const cell = map.spec.compact ? width / plan.columns : tall;
  const left = (width - cell * plan.columns) / 2;
  const below = (row) => plan.named.filter((start) => start <= row).length * head + row * tall;
  Object.assign(map, { width, height, cell, tall, at: plan.at.map(({ col, row }) => ({ x: left + col * cell, y: below(row), col, row })) });
  const gap = Math.max(2, 0.07 * cell);
  map.tiles.forEach((tile, i) => placeTile(tile, map.at[i], cell - gap, tall - gap, map.pen));
  const size = { width: cell - gap + 4, height: tall - gap + 4, rx: 0.14 * tall };
  for (const frame of [map.focus, map.own]) for (const [name, value] of Object.entries(size)) frame.setAttribute(name, value);
  placeNames(map, plan.firsts, left, below);
  placeKey(map, left, Math.min(width, left + cell * plan.columns) - gap);
  if (map.data) paint(map);
}

/** Places one tile; it says the name where there is room for it, and else the code. */
function placeTile({ node, rect, text, name, label }, { x, y }, wide, side, { font, measure, setText }) {
  setText(text, wide > NAMED && measure(name) < 0.9 * wide ? name : label);
  node.setAttribute("transform", `translate(${x.toFixed(1)},${y.toFixed(1)})`);
  for (const [name, value] of Object.entries({ width: wide, height: side, rx: 0.1 * side })) rect.setAttribute(name, value);
  text.setAttribute("x", wide / 2);
  text.setAttribute("y", side / 2);
  text.style.fontSize = `${Math.min(font, 0.36 * wide, 0.55 * side).toFixed(1)}px`;
}

/** Puts the name of each group above its first row: smaller, and then cut, where the next one begins too soon. */
function placeNames({ pen, groups, cell, width }, firsts, left, below) {
  firsts.forEach(({ col, row }, g) => {
    const next = firsts.filter((other) => other.row === row && other.col > col).map((other) => left + other.col * cell);
    const x = left + col * cell;
    const room = Math.min(width, ...next) - x - 0.5 * pen.font;
    const size = Math.max(0.75, Math.min(1, room / pen.measure(groups[g].shown)));
    groups[g].name.style.fontSize = `${size}em`;
    groups[g].name.textContent = pen.fit(groups[g].shown, room / size + 1);
    groups[g].name.setAttribute("x", x);
    groups[g].name.setAttribute("y", below(row) - 0.45 * pen.font);
  });
}

/** Places the key below the tiles. */
function placeKey(map, left, right) {
  const { pen: { font }, keyNodes: { bar, numbers, year }, height } = map;
  const width = Math.min(18 * font, 0.55 * (right - left));
  const top = height - 2.4 * font;
  for (const [name, value] of Object.entries({ x: left, y: top, width, height: 0.8 * font, rx: 2 })) bar.setAttribute(name, value);
  numbers.forEach((text, i) => {
    text.setAttribute("x", left + (width * i) / 2);
    text.setAttribute("y", top + 2.1 * font);
  });
  year.setAttribute("x", right);
  year.setAttribute("y", top + 1.6 * font);
  writeNumbers(map);
}

/** Writes the numbers of the key. */
function writeNumbers({ pen, domain: [lo, hi], keyNodes }) {
  const write = lo < 0 ? pen.change : pen.tick;
  [lo, (lo + hi) / 2, hi].forEach((value, i) => pen.setText(keyNodes.numbers[i], write(value)));
}

/** Takes new data. */
function update(map, data) {
  map.data = data;
  const domain = data.domain ?? map.spec.domain ?? map.domain;
  const ramp = domain[0] < 0 ? CHANGES : LEVELS;
  if (ramp !== map.ramp) {
    map.ramp = ramp;
    map.tiles.forEach((tile) => { tile.colour = undefined; });
    map.keyNodes.stops.forEach((stop, i) => stop.setAttribute("stop-color", ramp.colours[i]));
  }
  const rewritten = data.percent != null && map.pen.setPercent(data.percent);
  if (rewritten || domain[0] !== map.domain[0] || domain[1] !== map.domain[1]) {
    map.domain = domain;
    writeNumbers(map);
  }
  paint(map);
}

/** Colours the tiles whose colour has changed. */
function paint(map) {
  const { values } = map.data;
  const step = scaleSequential([0, STEPS - 1], (t) => Math.round(t * (STEPS - 1))).domain(map.domain).clamp(true);
  for (const tile of map.tiles) {
    const value = values[tile.id]?.[map.now];
    const colour = value == null ? null : step(value);
    if (colour === tile.colour) continue;
    tile.colour = colour;
    tile.node.classList.toggle("missing", colour == null);
    tile.rect.setAttribute("fill", colour == null ? "none" : map.ramp.colours[colour]);
    tile.text.setAttribute("fill", colour == null ? "currentColor" : map.ramp.inks[colour]);
  }
  frameOwn(map);
}

/** Frames the tile of one's own member. */
function frameOwn({ own, tiles, at, data }) {
  const i = at ? tiles.findIndex((tile) => tile.id === data.own) : -1;
  own.setAttribute("display", i < 0 ? "none" : "inline");
  if (i >= 0) own.setAttribute("transform", `translate(${at[i].x - 2},${at[i].y - 2})`);
}

/** Says what the cursor visits: the tiles, in two directions. */
function stops(map) {
  const { spec, pen, words } = map;
  const tipValue = (tile) => {
    const { values, levels, before } = map.data;
    if (values[tile.id] == null) return words.not_in_run;
    if (!levels) return pen.fine(values[tile.id][map.now]);
    return `${pen.fine(before[tile.id]?.[map.now])} → ${pen.fine(levels[tile.id][map.now])}`;
  };
  return {
    count: () => spec.tiles.length,
    first: () => 0,
    nearest(x, y) {
      const i = map.at.findIndex((p) => x >= p.x && x < p.x + map.cell && y >= p.y && y < p.y + map.tall);
      return i < 0 ? null : i;
    },
    place: (i) => ({ x: map.at[i].x + map.cell / 2, y: map.at[i].y + map.tall }),
    step: (i, key) => neighbour(map.at, i, MOVES[key]),
    mark(i) {
      map.focus.setAttribute("display", i == null ? "none" : "inline");
      if (i == null) return pen.svg.removeAttribute("aria-activedescendant");
      const { x, y } = map.at[i];
      map.focus.setAttribute("transform", `translate(${x - 2},${y - 2})`);
      return pen.svg.setAttribute("aria-activedescendant", map.tiles[i].node.id);
    },
    tip: (i) => ({ head: spec.tiles[i].name, columns: [], rows: [{ cells: [String(spec.years[map.now]), tipValue(spec.tiles[i])] }] }),
  };
}

/** Finds the nearest tile in a direction, one straight ahead before one aside. */
function neighbour(at, from, [dx, dy]) {
  let best = from;
  let least = Infinity;
  at.forEach((place, i) => {
    const [right, down] = [place.col - at[from].col, place.row - at[from].row];
    const ahead = right * dx + down * dy;
    const cost = ahead + 3 * Math.abs(dx ? down : right);
    if (ahead > 0 && cost < least) [best, least] = [i, cost];
  });
  return best;
}

/** Writes the data as a table with a row for each member and a column for each year. */
function rows({ spec, data }) {
  const columns = [spec.row_label ?? spec.title, ...spec.years.map(String)];
  const shown = data?.levels ?? data?.values;
  const one = (tile) => spec.years.map((_, i) => shown?.[tile.id]?.[i] ?? null);
  return { columns, rows: spec.tiles.map((tile) => [tile.name, ...one(tile)]) };
}
