// Saving a chart: as SVG with its styles inside, as PNG, as CSV.
const SVG = "http://www.w3.org/2000/svg";
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
  "opacity", "paint-order", "font-family", "font-size", "font-weight", "font-variant-numeric", "text-anchor",
];
const DROPPED = [
  "tabindex", "style", "class", "role", "aria-activedescendant", "aria-hidden", "aria-label", "aria-labelledby", "aria-selected",
];

/** What spreadsheets take for a formula, and the numbers and ranges that are none whatever their sign; as in `foresight/cells.py`. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[-+]?\d[\d.,\s]*(?:[eE][-+]?\d+)?%?(?:\s?…\s?[-+]?\d[\d.,\s]*(?:[eE][-+]?\d+)?%?)?$/;

let future = { name: "", id: "", made: "" }; // whose numbers are shown

/** Takes whose numbers are shown: files are called after it, and pictures say so at their foot. */
export function signedBy(newer) {
  future = newer ?? future;
}

/** Names a file of something that is shown. */
export function fileName(what, kind) {
  return `${[future.id, what].filter(Boolean).join("-")}.${kind}`;
}

/** Returns what stands at the foot of a picture: the name, and what made the numbers. */
export function footLines(...more) {
  return [future.name, [future.made, ...more].filter(Boolean).join(" · ")];
}

/** Writes a drawing as an SVG text that looks the same without the page's style sheets. */
export function svgText(svg, { title, unit, sentence, legend, foot, font, ink }) {
  const copy = svg.cloneNode(true);
  inlineStyles(svg, copy);
  const width = Number(svg.getAttribute("width"));
  const margin = Math.round(font);
  const head = Math.round(font * 4.2);
  const drawn = Number(svg.getAttribute("height")) + head + Math.round(font);
  const keys = [...legend.children].map((item, i) => legendKey(item, margin, drawn + font * 1.6 * (i + 0.5), font));
  const end = drawn + Math.round(font * 1.6 * keys.length);
  const height = end + Math.round(font * (0.6 + 1.4 * foot.length));
  const body = document.createElementNS(SVG, "g");
  body.setAttribute("transform", `translate(${margin},${head})`);
  body.append(...copy.childNodes);
  DROPPED.forEach((name) => copy.removeAttribute(name));
  const total = width + 2 * margin;
  const box = { xmlns: SVG, role: "img", width: total, height, viewBox: `0 0 ${total} ${height}` };
  for (const [name, value] of Object.entries(box)) copy.setAttribute(name, value);
  const { color, fontFamily } = getComputedStyle(svg);
  const heading = (text, y, size, weight, fill) => element("text",
    { x: margin, y, fill, "font-family": fontFamily, "font-size": size, "font-weight": weight }, text);
  const paper = element("rect", { width: total, height, fill: "#fff" });
  const rule = element("path", { d: `M${margin},${end}H${total - margin}`, stroke: "#ccd6d9" });
  const lines = foot.map((text, i) => heading(text, end + font * 1.4 * (i + 1), font * 0.92, i ? 400 : 600, i ? color : ink));
  copy.append(element("title", {}, title), element("desc", {}, sentence), paper,
    heading(title, font * 1.7, font * 1.25, 600, ink), heading(unit, font * 3.1, font, 400, color), body, ...keys, rule, ...lines);
  return { text: new XMLSerializer().serializeToString(copy), width: total, height };
}

/** Draws one entry of the legend, where lines have no room for their labels. */
function legendKey(item, x, y, font) {
  const key = item.querySelector("svg");
  const copy = key.cloneNode(true);
  inlineStyles(key, copy);
  const { color, fontFamily } = getComputedStyle(item);
  const label = element("text", { x: 16, y: font * 0.35, fill: color, "font-family": fontFamily, "font-size": font }, item.textContent);
  const entry = element("g", { transform: `translate(${x + 20},${y})` });
  entry.append(...copy.childNodes, label);
  return entry;
}

/** Makes an SVG element with attributes and a text. */
function element(name, attributes, text = "") {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.textContent = text;
  return node;
}

/** Writes the computed styles of each element into its copy, and leaves out what is not shown. */
function inlineStyles(svg, copy) {
  const copies = [...copy.querySelectorAll("*")];
  [...svg.querySelectorAll("*")].forEach((node, i) => {
    const style = getComputedStyle(node);
    if (style.display === "none" && !node.closest("defs")) return copies[i].remove();
    for (const name of DROPPED) copies[i].removeAttribute(name);
    for (const name of STYLES) copies[i].style.setProperty(name, plain(style.getPropertyValue(name)));
    if (node.localName === "text" && style.stroke !== "none") separateHalo(copies[i]);
    return undefined;
  });
}

/** Puts the halo of a text under it as a text of its own, for programs that do not know paint-order. */
function separateHalo(text) {
  text.before(text.cloneNode(true));
  text.style.stroke = "none";
}

/** Writes a mixed colour the old way, which every program reads. */
function plain(value) {
  const parts = value.match(/^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)\)$/);
  return parts ? `rgb(${parts.slice(1).map((part) => Math.round(255 * part)).join(", ")})` : value;
}

/** Paints an SVG text at twice its size. */
export async function pngBlob(text, width, height) {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
}

/** Writes a table as CSV; the byte order mark tells Excel that it is UTF-8. */
export function csvText({ columns, rows }) {
  return `\uFEFF${[columns, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

/** Writes one cell of a CSV file; what could be taken for a formula has the mark of a text before it. */
function csvCell(value) {
  const given = String(value ?? "");
  const text = FORMULA.test(given) && !NUMBER.test(given) ? `'${given}` : given;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Hands a blob to the browser as a file. */
export function download(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // Safari reads the address after the click has returned
}
