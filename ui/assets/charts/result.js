// What a picture comes to, in a line and three numbers that a whole room can read.
import { h } from "../dom.js";

/** Says what comes of it: the result line and the three numbers. */
export function showResult({ data, years, year, page: { words, tiles }, say, nodes }) {
  const found = resultAt(data, year === null ? years.length - 1 : years.indexOf(year));
  const number = writer(words.locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const share = writer(words.locale, { style: "percent" });
  const unchanged = number(found.unchanged);
  // At the end it says what the tiles of the page say.
  const [delivered, overdue, trust, lag] = year === null
    ? ["delivered", "overdue", "trust", "lag"].map((name) => data.tiles[tiles.findIndex(({ id }) => id === name)].value)
    : [number(found.delivered), share(found.overdue), share(found.trust), number(found.lag)];
  const was = found.unchanged === null || unchanged === delivered ? "" : h("span", {}, ` ${say("present_was", { before: unchanged })}`);
  const [low, high] = [found.low, found.high].map(number);
  const range = h("span", { class: "present-range" }, ` ${say("room_range", { low, high })}`);
  const told = (value, what) => h("span", {}, h("strong", {}, value), ` ${what}`);
  renew(nodes.result, [say("present_result", { delivered, year: year ?? years.at(-1) }), was, range]);
  renew(nodes.numbers, [
    told(overdue, say("present_overdue")),
    told(trust, say("present_trust")),
    told(lag, say("present_behind")),
  ]);
}

/** Puts parts in the place of others that say something else. */
function renew(node, parts) {
  const text = parts.map((part) => part.textContent ?? part).join("");
  if (node.textContent !== text) node.replaceChildren(...parts);
}

function writer(locale, options) {
  const format = new Intl.NumberFormat(locale, options);
  return (value) => (Number.isFinite(value) ? format.format(value) : "–");
}

/** Returns what a picture comes to in a year, by its place: the middle of all futures, their range, and the middle before. */
function resultAt({ charts, base, changed }, at) {
  const of = (chart, name) => charts[chart].series[name][at]?.[1];
  const [low, , high] = charts.delivered.series.all[at] ?? [];
  return {
    low,
    high,
    delivered: of("delivered", "all"),
    unchanged: (changed && base?.charts.delivered.all[at]) || null,
    overdue: of("overdue", "overdue"),
    trust: of("trust", "trust"),
    lag: of("behind", "REST") - of("behind", "LDC"),
  };
}
