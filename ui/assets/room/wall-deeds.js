// Who added most: the steps that each delegation, and the cards, brought the region.
import { h } from "../dom.js";

/** Makes the scene of what each delegation added. */
export function adding(room, { seats, deeds }) {
  const rows = seats.map(({ id, members }) => ({ name: room.names.short[id], members, gain: deeds.delegations[id] ?? 0 }));
  rows.sort((a, b) => b.gain - a.gain);
  const [first] = rows;
  if (deeds.cards) rows.push({ name: room.say("cards"), gain: deeds.cards, card: true });
  const gains = rows.map(({ gain }) => gain);
  const [low, high] = [Math.min(0, ...gains), Math.max(0.01, ...gains)];
  const share = (value) => `${(100 * value) / (high - low)}%`;
  const bar = ({ name, gain, card }) => {
    const filled = h("span", { class: "filled" });
    filled.style.inlineSize = share(Math.abs(gain));
    filled.style.marginInlineStart = share(Math.min(0, gain) - low);
    const number = h("span", { class: "number" }, room.signed(gain, 2));
    return h(
      "li",
      { class: card ? "base" : "" },
      h("span", { class: "who" }, name),
      h("span", { class: "lane" }, filled),
      number,
    );
  };
  const values = { name: first.name, value: room.signed(first.gain, 2), year: deeds.year };
  const size = { name: first.name, n: first.members, all: deeds.members };
  const node = h(
    "section",
    { class: "scene deeds" },
    h("h1", {}, room.say(first.gain > 0 ? "most" : "added", values)),
    h(
      "p",
      { class: "legend" },
      h("span", {}, room.say("added_key", { total: room.signed(deeds.total, 2) })),
      first.gain > 0 && first.members ? h("span", {}, room.say("added_size", size)) : null,
    ),
    h("ul", { class: "added" }, ...rows.map(bar)),
  );
  return { node, update() {}, layout() {} };
}
