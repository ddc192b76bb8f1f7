// Pages made of blocks: headings, texts, lists, tables, charts, choices, buttons.
import { mountChart } from "../charts/frame.js";
import { finder } from "../controls/finder.js";
import { numberEntry, written } from "../controls/entry.js";
import { copyable } from "../dialogs.js";
import { h } from "../dom.js";
import { keepFold } from "../folds.js";
import { follow, go } from "../navigation.js";
import { csvText, download, fileName } from "../save.js";
import { uploader } from "../upload.js";
import { sortable } from "../parts/sorting.js";
import { ladder } from "../parts/ladder.js";
import { sessionList } from "../parts/sessions.js";

/** Shows a page of blocks. */
export function showBlocks(app, host, data) {
  const up = data.up ? h("p", { class: "up" }, pageLink(app, data.up.page, `${app.say("up")} ${data.up.label}`)) : null;
  const page = h("div", { class: "page" }, up, h("h1", {}, data.title));
  host.append(page);
  const charts = addBlocks(app, page, data.blocks);
  return { kind: "blocks", trial: (data) => advance(page, data), destroy: () => charts.forEach((chart) => chart.destroy()) };
}

const MAKERS = {
  heading: (app, block) => h(`h${block.level}`, {}, block.text),
  text: (app, block) => h("p", { class: block.tone }, block.text),
  list: (app, block) => h("ul", { class: "sentences" }, block.items.map((item) => h("li", {}, item))),
  table: (app, block) => table(app, block),
  choice: (app, block) => choice(app, block),
  chooser: (app, block) => chooser(app, block),
  button: (app, block) => button(app, block),
  finder: (app, block) => finder(app, block),
  upload: (app, block) => uploader(app, block.label, block.message),
  progress: (app, block) => progress(block),
  sessions: (app) => sessionList(app),
  copyable: (app, block) => copyable(app, block.label, block.text),
  ladder: (app, block) => ladder(app, block),
  foot: (app, block) => h("p", { class: "foot" }, pageLink(app, block.page, block.text)),
};

const HOLDERS = {
  grid: () => h("div", { class: "grid" }),
  row: () => h("div", { class: "row" }),
  fold: (block) => fold(block),
};

/** Adds blocks to their host, and returns the charts among them. */
export function addBlocks(app, host, blocks) {
  const charts = [];
  blocks.forEach((block) => addBlock(app, host, block, charts));
  return charts;
}

/** Adds one block to its host. */
function addBlock(app, host, block, charts) {
  if (block.kind in HOLDERS) {
    const holder = HOLDERS[block.kind](block);
    host.append(holder);
    block.blocks.forEach((one) => addBlock(app, holder, one, charts));
  } else if (block.kind === "chart") charts.push(addChart(app, host, block));
  else host.append(MAKERS[block.kind](app, block));
}

/** Adds a chart with its numbers. */
function addChart(app, host, block) {
  const card = h("div", { class: "card" });
  host.append(card);
  const spec = { ...block.spec };
  if (spec.goes) spec.onpick = (id) => go(app, `${spec.goes}${id}`);
  const chart = mountChart(card, spec, app.words);
  if (block.data) chart.update(block.data);
  if (spec.year) chart.setYear(spec.year);
  return chart;
}

/** Makes a table that scrolls by itself and can be saved. */
function table(app, block) {
  const heads = block.columns.map((name) => h("th", { scope: "col" }, name));
  const head = h("tr", {}, heads);
  const rows = block.rows.map((row) => h("tr", {}, row.map((one, at) => cell(app, one, at))));
  if (block.sorts) sortable(app, heads, rows, block.rows);
  const caption = h("caption", { class: "visually-hidden" }, block.caption);
  const whole = h("table", {}, caption, h("thead", {}, head), h("tbody", {}, rows));
  const save = block.save ? smallButton(block.save_as ?? app.say("download_csv"), () => saveTable(block)) : null;
  const scroll = { class: "table-scroll", role: "region", "aria-label": block.caption, tabindex: "0" };
  return h("div", { class: "table-box" }, h("div", scroll, whole), save);
}

/** Makes one cell: a text, a link to a page, a tag, a button or a field. */
function cell(app, one, at) {
  const part = typeof one === "object" ? one : { text: one };
  const content = [cellContent(app, part)];
  if (part.sets) content.push(" ", setter(app, part));
  if (part.note) content.push(h("span", { class: "note" }, part.note));
  if (part.left) content.unshift(h("span", { class: "visually-hidden" }, `${app.say("f_left")} `));
  const className = part.left ? `left left-${part.left}` : null;
  return h(at ? "td" : "th", { scope: at ? null : "row", title: part.title, class: className }, content);
}

function cellContent(app, part) {
  if (part.page) return pageLink(app, part.page, part.text);
  if (part.button) return smallButton(part.text, () => app.send(part.button));
  if (part.tag) return h("span", { class: `tag ${part.tag}` }, part.text);
  if (part.input) return field(app, part.input);
  return part.text;
}

/** Makes the button that sets what a cell names. */
function setter(app, { text, sets }) {
  const button = smallButton(sets.label, () => app.send(sets.message));
  button.setAttribute("aria-label", `${text} ${sets.label}`);
  return button;
}

/** Makes a link to a page. */
function pageLink(app, page, text) {
  return h("a", { href: `#${page}`, onclick: (event) => follow(app, event, page) }, text);
}

/** Makes a button that stands beside a text. */
function smallButton(label, act) {
  return h("button", { type: "button", class: "tool small", onclick: act }, label);
}

/** Makes a field for the value of an assumption, with a button that puts the default back once it has been changed. */
function field(app, input) {
  const { low, high, whole, label, path } = input;
  const send = (value) => app.send({ type: "change", what: path, values: { [path]: value } });
  const entry = numberEntry(app, { low, high, whole, label, focus: path }, send);
  entry.show(input.value);
  entry.recall();
  const value = written(app, input.default);
  const reset = input.value === input.default ? null : smallButton(app.say("reset", { value }), () => send(input.default));
  return h("span", { class: "field" }, entry.input, reset, entry.note);
}

/** Saves a table as CSV. */
function saveTable(block) {
  const plain = (one) => (typeof one === "object" ? one.input?.value ?? one.text : one);
  const text = csvText({ columns: block.columns, rows: block.rows.map((row) => row.map(plain)) });
  download(fileName(block.save, "csv"), new Blob([text], { type: "text/csv;charset=utf-8" }));
}

/** Makes a part that is shown once somebody opens it. */
function fold(block) {
  return keepFold(h("details", { class: "fold" }, h("summary", {}, block.label)), `page.${block.name}`);
}

/** Makes a button that sends a message, and leads to a page if it says so. */
function button(app, block) {
  const act = () => {
    if (block.page) history.pushState({ page: block.page }, "", `#${block.page}`);
    app.send(block.message);
  };
  const className = `tool${block.strong ? " strong" : ""}`;
  const focus = block.focus ?? block.label;
  return h("button", { type: "button", class: className, "data-focus": focus, onclick: act }, block.label);
}

/** Makes a bar with what is done and left in words. */
function progress(block) {
  const bar = h("progress", { max: block.total, value: block.done, "aria-label": block.label });
  return h("div", { class: "progress", "data-name": block.name }, bar, h("span", {}, block.text));
}

/** Moves the bar of what is told of. */
function advance(page, data) {
  const bar = page.querySelector(`.progress[data-name="${CSS.escape(data.name)}"] progress`);
  if (!bar) return;
  bar.max = data.total;
  bar.value = data.done;
  bar.nextElementSibling.textContent = data.text;
}

/** Makes a choice of one value of the view, or of what it sends. */
function choice(app, block) {
  const option = ({ value, label }) => h("option", { value, selected: value === block.value }, label);
  const options = block.options.map((one) => (one.options ? h("optgroup", { label: one.label }, one.options.map(option)) : option(one)));
  const send = () => app.send({ type: "view", ...block.message, name: block.name, value: select.value });
  const select = h("select", { "data-focus": block.name, onchange: send }, options);
  return h("label", { class: "choice" }, h("span", {}, block.label), select);
}

/** Makes the choice of scenarios that are compared. */
function chooser(app, block) {
  const boxes = block.options.map(({ value, label, title, chosen }) => {
    const box = h("input", { type: "checkbox", value, checked: chosen, onchange: changed });
    return h("label", { class: "check", title }, box, label);
  });
  const bases = block.options.filter((one) => one.chosen);
  const named = bases.map(({ value, label }) => h("option", { value, selected: value === block.base.value }, label));
  const base = h("select", { "data-focus": "base", "aria-label": block.base.label, onchange: send }, named);
  const chosenOf = () => boxes.map((box) => box.firstElementChild).filter((box) => box.checked);
  const bound = () => {
    const full = chosenOf().length >= block.most;
    boxes.forEach((box) => { box.firstElementChild.disabled = full && !box.firstElementChild.checked; });
  };
  bound();
  function changed() {
    bound();
    send();
  }
  /** Tells what is chosen, first of all what the others are compared with. */
  function send() {
    const chosen = chosenOf().map((box) => box.value);
    const first = chosen.filter((name) => name === base.value);
    if (chosen.length) app.send({ type: "compare", names: [...new Set([...first, ...chosen])] });
  }
  const against = h("span", { class: "check against" }, h("span", { "aria-hidden": "true" }, block.base.label), base);
  return h("fieldset", { class: "chooser" }, h("legend", {}, block.label), against, boxes, uploader(app, block.upload));
}

