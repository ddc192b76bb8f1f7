// The frame every chart sits in: caption, toolbar, table, cursor and sizes. What is inside is drawn by fan.js, timeline.js,
// tiles.js and intervals.js. Each of these is a function (pen, spec, words) that returns a drawing:
//   height(width)            the height it would like
//   layout(width, height)    places everything anew (on resize, or when a domain changes)
//   update(data)             moves what the data moves, attributes only: it runs thirty times a second
//   stops                    what the cursor visits: count(), nearest(x, y), place(i), tip(i), mark(i or null), step?(i, key)
//   rows(), cell(value, i)   the same as a table, and how column i of it is written
//   legend?(), extra?, pick?(i), setYear?(year), scale?, settle?(), destroy?()
import { csvText, download, fileName, footLines, pngBlob, svgText } from "../save.js";
import { drawFan } from "./fan.js";
import { drawIntervals } from "./intervals.js";
import { drawTiles } from "./tiles.js";
import { drawTimeline } from "./timeline.js";

const DRAWERS = { fan: drawFan, timeline: drawTimeline, tiles: drawTiles, intervals: drawIntervals };
const SVG = "http://www.w3.org/2000/svg";
const SAVED_WIDTH = 960; // saved pictures are as wide on every screen, so that direct labels always fit
const TABLE_EVERY = 250;
const BANDED = ["fan", "timeline"]; // what shows bands of 8 of 10 futures
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
const FILLED = ".enlarged, .filled *, .present *, .printing .viewer *"; // where a figure is as high as it is given room for
const PAPER = ["beforeprint", "afterprint"]; // paper has a width of its own, which no observer hears of
const ICONS = {
  table: "M2 3h12v10H2zM2 6.5h12M2 10h12M6.5 3v10",
  enlarge: "M9.5 2H14v4.5M14 2 9 7M6.5 14H2V9.5M2 14l5-5",
  menu: "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
};

/** Builds a chart inside host and returns the handle that feeds it. */
export function mountChart(host, spec, words) {
  const parts = buildFrame(host, spec, words);
  const pen = makePen(parts.svg, spec, words);
  const drawing = DRAWERS[spec.type](pen, spec, words);
  const chart = { spec, words, parts, pen, drawing, data: null, width: 0, height: 0, legend: null, filling: 0 };
  if (drawing.extra) parts.plot.after(drawing.extra);
  const refreshTip = addCursor(chart);
  pen.changed = refreshTip;
  pen.resize = () => resize(chart);
  addTools(chart);
  const observer = new ResizeObserver(() => resize(chart));
  observer.observe(parts.size);
  const redraw = () => resize(chart);
  PAPER.forEach((moment) => window.addEventListener(moment, redraw));
  return {
    update: (data) => { update(chart, data); refreshTip(); },
    resize: () => resize(chart),
    setYear: (year) => drawing.setYear?.(year),
    settle: () => { if (drawing.settle) { drawing.settle(); refreshTip(); } },
    destroy() {
      observer.disconnect();
      PAPER.forEach((moment) => window.removeEventListener(moment, redraw));
      clearTimeout(chart.filling);
      drawing.destroy?.();
      parts.figure.remove();
    },
  };
}

/** Makes an HTML element with attributes and children. */
function html(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Makes an SVG element with attributes inside parent. */
function addSvg(parent, name, attributes = {}, text = "") {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text) node.textContent = text;
  parent?.append(node);
  return node;
}

/** Sets a text only where it differs, because writing the same text costs a layout. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets an attribute only where it differs, because setting the same one costs a style. */
function set(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** Makes a button with an icon and an accessible name. */
function iconButton(icon, label, attributes = {}) {
  const button = html("button", { type: "button", "aria-label": label, title: label, ...attributes });
  const picture = addSvg(button, "svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  addSvg(picture, "path", { d: ICONS[icon] });
  return button;
}

/** Builds the figure and returns its parts. */
function buildFrame(host, spec, words) {
  const id = spec.id;
  const title = html("h2", { id: `${id}-title` }, spec.title);
  const unit = html("p", { class: "chart-unit" }, unitLine(spec, words));
  const sentence = html("p", { class: "chart-sentence", id: `${id}-sentence` }, spec.sentence ?? "");
  const caption = html("figcaption", {}, title, unit, sentence);
  const tools = html("div", { class: "chart-tools" });
  const legend = html("ul", { class: "chart-legend", hidden: "" });
  const svg = addSvg(null, "svg", { role: "img", "aria-labelledby": `${id}-title ${id}-sentence`, tabindex: 0 });
  const size = html("div", { class: "chart-size" });
  const tip = html("div", { class: "chart-tip", "aria-hidden": "true", hidden: "" });
  const plot = html("div", { class: "chart-plot" }, size, svg, tip);
  const table = html("div", { class: "chart-table", role: "region", "aria-labelledby": `${id}-title`, tabindex: 0, hidden: "" });
  const note = html("p", { class: "chart-note" }, spec.note ?? "");
  const live = html("p", { class: "chart-live", "aria-live": "polite" });
  const figure = html("figure", { class: "chart", id }, caption, tools, legend, plot, table, note, live);
  figure.dataset.type = spec.type;
  host.append(figure);
  return { figure, title, sentence, tools, legend, plot, size, svg, tip, table, note, live };
}

/** Says the unit and how many runs a chart rests on. */
function unitLine(spec, words) {
  const count = spec.n ? words.n_runs.replace("{n}", new Intl.NumberFormat(words.locale).format(spec.n)) : "";
  return [spec.unit, count].filter(Boolean).join(" · ");
}

/** Makes what drawings write with: elements, numbers, and widths of texts (from a canvas, which needs no layout). */
function makePen(svg, spec, words) {
  const canvas = document.createElement("canvas").getContext("2d");
  const measure = (text) => canvas.measureText(text).width;
  return {
    svg, font: 13, percent: Boolean(spec.percent), add: addSvg, html, set, setText, measure, changed() {}, resize() {},
    share: writer(words.locale, { style: "percent", maximumFractionDigits: 0 }),
    year: writer(words.locale, { useGrouping: false, maximumFractionDigits: 1 }),
    ...valueWriters(spec, words, spec.percent),
    setPercent(percent) {
      if (percent === this.percent) return false;
      Object.assign(this, { percent }, valueWriters(spec, words, percent));
      return true;
    },
    readFont() {
      const { fontSize, fontFamily } = getComputedStyle(svg);
      this.font = parseFloat(fontSize);
      canvas.font = `600 ${fontSize} ${fontFamily}`;
    },
    fit(text, width) {
      let end = text.length;
      while (end > 1 && measure(end < text.length ? `${text.slice(0, end)}…` : text) > width) end -= 1;
      return end < text.length ? `${text.slice(0, end).trimEnd()}…` : text;
    },
  };
}

/** Makes a function that writes a number, or a dash where there is none; a small share is not nothing, as in `texts.py`. */
function writer(locale, options) {
  const { format } = new Intl.NumberFormat(locale, options);
  const least = options.style === "percent" && !options.signDisplay ? 10 ** (-2 - options.maximumFractionDigits) : 0;
  return (number) => {
    if (number == null || Number.isNaN(number)) return "–";
    return number > 0 && number < least ? `<${format(least)}` : format(number);
  };
}

/** Makes the functions that write a value, a difference and a tick of an axis. */
function valueWriters(spec, { locale }, percent) {
  const digits = spec.digits ?? (percent ? 0 : 1);
  const style = percent ? "percent" : "decimal";
  const exact = { style, minimumFractionDigits: digits, maximumFractionDigits: digits };
  return {
    unit: 10 ** -(digits + (percent ? 2 : 0)), // of the last digit that is written
    value: writer(locale, exact),
    signed: writer(locale, { ...exact, signDisplay: "exceptZero" }),
    fine: writer(locale, { style, minimumFractionDigits: digits + 1, maximumFractionDigits: digits + 1 }),
    tick: writer(locale, { style, maximumFractionDigits: digits + 2 }),
    change: writer(locale, { style, maximumFractionDigits: digits + 2, signDisplay: "exceptZero" }),
  };
}

/** Takes new data into the caption and into whichever of drawing and table is shown. */
function update(chart, data) {
  const { parts, drawing } = chart;
  chart.data = data;
  if (data.title != null) setText(parts.title, data.title);
  if (data.sentence != null) setText(parts.sentence, data.sentence);
  if (data.note != null) setText(parts.note, data.note);
  drawing.update(data);
  if (!parts.table.hidden) fillTableSoon(chart);
  showLegend(chart);
}

/** Fills the table a little later: a thousand cells are too many to write thirty times a second. */
function fillTableSoon(chart) {
  chart.filling ||= setTimeout(() => {
    chart.filling = 0;
    if (!chart.parts.table.hidden) fillTable(chart);
  }, TABLE_EVERY);
}

/** Reads the sizes and places everything anew; the only place where layout is read. */
function resize(chart) {
  const { parts, pen, drawing } = chart;
  const box = parts.size.getBoundingClientRect();
  if (!box.width) return;
  pen.readFont();
  const width = Math.round(box.width);
  const filled = parts.figure.matches(FILLED);
  place(chart, width, Math.round(filled ? Math.max(box.height, 160) : drawing.height(width)));
  pen.changed();
}

/** Gives the drawing a size. */
function place(chart, width, height) {
  const { svg } = chart.parts;
  Object.assign(chart, { width, height });
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  chart.drawing.layout(width, height);
  showLegend(chart);
}

/** Shows the legend that a drawing asks for, when there is no room for direct labels. */
function showLegend(chart) {
  const items = chart.drawing.legend?.() ?? null;
  if (items === chart.legend) return;
  chart.legend = items;
  chart.parts.legend.hidden = !items?.length;
  chart.parts.legend.replaceChildren(...(items ?? []).map(legendItem));
}

/** Makes one entry of the legend: a line with its end mark, and the label. */
function legendItem({ label, className, mark }) {
  const look = { viewBox: "-20 -8 28 16", width: 28, height: 16, class: `patterned ${className}`, "aria-hidden": "true" };
  const key = addSvg(null, "svg", look);
  addSvg(key, "path", { d: "M-20,0H0", class: `median ${className}` });
  addSvg(key, "path", { d: mark, class: "mark" });
  return html("li", {}, key, label);
}

/** Fills the table, reusing cells as long as its shape stays. */
function fillTable(chart) {
  const { drawing, parts } = chart;
  const { columns, rows } = drawing.rows();
  let table = parts.table.firstElementChild;
  if (!table || table.rows.length !== rows.length + 1 || table.rows[0].cells.length !== columns.length) {
    table = emptyTable(columns.length, rows.length);
    parts.table.replaceChildren(table);
  }
  setText(table.caption, `${parts.title.textContent} · ${unitLine(chart.spec, chart.words)}`);
  columns.forEach((name, i) => setText(table.rows[0].cells[i], name));
  rows.forEach((row, r) => row.forEach((value, i) => setText(table.rows[r + 1].cells[i], drawing.cell(value, i))));
}

/** Makes a table of empty cells with a heading row and a heading column. */
function emptyTable(columns, rows) {
  const cells = (make) => Array.from({ length: columns }, (_, i) => make(i));
  const head = html("tr", {}, ...cells(() => html("th", { scope: "col" })));
  const body = Array.from({ length: rows }, () =>
    html("tr", {}, ...cells((i) => (i ? html("td") : html("th", { scope: "row" })))));
  return html("table", {}, html("caption"), html("thead", {}, head), html("tbody", {}, ...body));
}

/** Adds the toolbar: table, enlarge, and the menu of files. */
function addTools(chart) {
  const { figure, tools } = chart.parts;
  const table = iconButton("table", chart.words.table, { "aria-pressed": "false" });
  const enlarge = iconButton("enlarge", chart.words.enlarge);
  table.addEventListener("click", () => toggleTable(chart, table));
  enlarge.addEventListener("click", () => toggleEnlarged(chart, enlarge));
  figure.addEventListener("keydown", (event) => {
    if (!figure.classList.contains("enlarged")) return;
    if (event.key === "Escape") toggleEnlarged(chart, enlarge);
    if (event.key === "Tab") keepFocus(figure, event);
  });
  tools.append(...scaleButton(chart), table, enlarge, ...fileMenu(chart));
}

/** Makes the button that shows the whole scale, or the part of it that is needed, where a drawing has a choice. */
function scaleButton({ drawing: { scale }, words }) {
  if (!scale) return [];
  const button = html("button", { type: "button", class: "scale" });
  const show = () => {
    setText(button, scale.whole() ? words.first_fit : scale.ends);
    button.title = scale.whole() ? words.first_fit : words.first_whole;
    button.setAttribute("aria-label", `${button.title} (${button.textContent})`);
  };
  button.addEventListener("click", () => { scale.toggle(); show(); });
  show();
  return [button];
}

/** Shows the table in place of the drawing, or the drawing again. */
function toggleTable(chart, button) {
  const { parts, drawing, words } = chart;
  const on = parts.table.hidden;
  button.setAttribute("aria-pressed", on);
  button.title = on ? words.chart : words.table;
  parts.table.hidden = !on;
  parts.figure.classList.toggle("as-table", on);
  parts.plot.hidden = on;
  if (drawing.extra) drawing.extra.hidden = on;
  if (on) fillTable(chart);
}

/** Makes the figure fill the window, or puts it back. */
function toggleEnlarged(chart, button) {
  const { figure } = chart.parts;
  const on = figure.classList.toggle("enlarged");
  // A popover is in the top layer: no transform or overflow of an ancestor can cut it off.
  if (on) {
    figure.setAttribute("popover", "manual");
    figure.showPopover?.();
  } else figure.removeAttribute("popover");
  const label = on ? chart.words.shrink : chart.words.enlarge;
  button.setAttribute("aria-label", label);
  button.title = label;
  resize(chart);
}

/** Keeps the Tab key inside an enlarged figure, which hides all else. */
function keepFocus(figure, event) {
  const all = [...figure.querySelectorAll("button, input, [tabindex='0']")].filter((node) => node.checkVisibility());
  const edge = event.shiftKey ? all[0] : all.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0]).focus();
}

/** Makes the button and the list that save the chart as a file. */
function fileMenu(chart) {
  const { spec, words } = chart;
  const list = html("div", { class: "chart-menu", id: `${spec.id}-menu`, hidden: "" });
  const opener = iconButton("menu", words.menu, { "aria-expanded": "false", "aria-controls": list.id });
  const open = (on) => { list.hidden = !on; opener.setAttribute("aria-expanded", on); };
  opener.addEventListener("click", () => open(list.hidden));
  for (const kind of ["png", "svg", "csv"]) {
    const item = html("button", { type: "button" }, words[`download_${kind}`]);
    item.addEventListener("click", () => { open(false); opener.focus(); saveAs(chart, kind); });
    list.append(item);
  }
  chart.parts.tools.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.stopPropagation();
    open(false);
    opener.focus();
  });
  chart.parts.tools.addEventListener("focusout", (event) => {
    if (!chart.parts.tools.contains(event.relatedTarget)) open(false);
  });
  return [opener, list];
}

/** Saves the chart as a file of the kind asked for. */
async function saveAs(chart, kind) {
  const name = fileName(chart.spec.id, kind);
  if (kind === "csv") return download(name, new Blob([csvText(chart.drawing.rows())], { type: "text/csv;charset=utf-8" }));
  const { text, width, height } = savedSvg(chart);
  if (kind === "svg") return download(name, new Blob([text], { type: "image/svg+xml" }));
  return download(name, await pngBlob(text, width, height));
}

/** Writes the drawing as an SVG text of a fixed width, and puts the screen back as it was. */
function savedSvg(chart) {
  const { width, height, parts, pen, drawing } = chart;
  pen.readFont();
  place(chart, SAVED_WIDTH, drawing.height(SAVED_WIDTH));
  drawing.stops.mark(null);
  const saved = svgText(parts.svg, {
    title: parts.title.textContent, sentence: parts.sentence.textContent, unit: unitLine(chart.spec, chart.words),
    legend: parts.legend,
    foot: footLines(BANDED.includes(chart.spec.type) && chart.words.save_band).map((line) => pen.fit(line, SAVED_WIDTH)),
    font: pen.font, ink: getComputedStyle(parts.title).color,
  });
  if (width) place(chart, width, height);
  pen.changed();
  return saved;
}

/** Lets pointer and arrow keys visit the stops of a drawing; returns the function that refreshes what is shown. */
function addCursor(chart) {
  const { parts: { svg, tip, live }, drawing } = chart;
  const { stops } = drawing;
  let shown = null;
  let last = null;
  const show = (index) => {
    shown = index;
    if (index != null) last = index;
    stops.mark(index);
    tip.hidden = index == null;
    if (index != null) showTip(chart, index);
  };
  svg.addEventListener("pointermove", (event) => show(stopAt(chart, event)));
  svg.addEventListener("pointerleave", () => show(null));
  svg.addEventListener("blur", () => show(null));
  svg.addEventListener("focus", () => {
    if (svg.matches(":focus-visible") && chart.data) show(Math.min(last ?? stops.first(), stops.count() - 1));
  });
  svg.addEventListener("click", (event) => pickAt(drawing, stopAt(chart, event)));
  svg.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return show(null);
    if (event.key === "Enter") return pickAt(drawing, shown);
    const index = nextStop(stops, last ?? stops.first(), event.key);
    if (index == null || !chart.data) return;
    event.preventDefault();
    show(index);
    setText(live, spoken(stops.tip(index)));
  });
  return () => {
    if (shown != null) show(shown < stops.count() ? shown : null);
  };
}

/** Finds the stop under the pointer. */
function stopAt(chart, event) {
  if (!chart.data) return null;
  const box = chart.parts.svg.getBoundingClientRect();
  return chart.drawing.stops.nearest(event.clientX - box.left, event.clientY - box.top);
}

/** Tells the page that a stop was picked, where the drawing has such a thing. */
function pickAt(drawing, index) {
  if (index != null) drawing.pick?.(index);
}

/** Finds the stop that a key leads to, or null. */
function nextStop(stops, index, key) {
  if (key === "Home") return 0;
  if (key === "End") return stops.count() - 1;
  if (!(key in STEPS)) return null;
  if (stops.step) return stops.step(index, key);
  return Math.max(0, Math.min(stops.count() - 1, index + STEPS[key]));
}

/** Fills the tip and puts it beside its stop, or below the chart where it is narrow. */
function showTip(chart, index) {
  const { parts: { tip }, drawing: { stops }, width } = chart;
  const { head, columns, rows } = stops.tip(index);
  const headings = html("tr", {}, ...["", ...columns].map((name) => html("th", {}, name)));
  const body = rows.map(({ cells, className = "" }) =>
    html("tr", { class: className }, ...cells.map((text) => html("td", {}, text))));
  tip.replaceChildren(html("strong", {}, head), html("table", {}, ...(columns.length ? [headings] : []), ...body));
  const { x, y } = stops.place(index);
  const below = width < 480;
  tip.classList.toggle("below", below);
  tip.style.left = !below && x < width / 2 ? `${x + 14}px` : "";
  tip.style.right = !below && x >= width / 2 ? `${width - x + 14}px` : "";
  tip.style.top = below ? "" : `${y}px`;
}

/** Turns a tip into a sentence for a screen reader. */
function spoken({ head, columns, rows }) {
  const one = ([label, ...values]) => `${label}: ${values.map((text, i) => `${columns[i] ?? ""} ${text}`.trim()).join(", ")}`;
  return `${head}. ${rows.map(({ cells }) => one(cells)).join("; ")}`;
}
