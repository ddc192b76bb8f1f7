// Who added most, as the wall has it.
import { h } from "../dom.js";
import { titleOf } from "./desk-paths.js";

/** Makes a row for each delegation with the steps that it brought the region, the most first. */
export function deedsOf(desk) {
  const { view, names, say, signed } = desk;
  if (!view.deeds) return [h("h1", {}, say("do_deeds")), h("p", { class: "desk-lead", role: "status" }, say("working"))];
  const { delegations, cards, total, year } = view.deeds;
  const rows = [
    ...Object.entries(delegations)
      .toSorted(([, one], [, other]) => other - one)
      .map(([id, gain]) => [names.delegations[id], gain]),
    [say("cards"), cards],
    [say("together"), total],
  ];
  return [
    titleOf(desk, say("deeds", { year })),
    h("ul", { class: "desk-deeds" }, ...rows.map(([name, gain]) => h("li", {}, name, h("strong", {}, signed(gain))))),
    h("p", { class: "hint" }, say("deeds_hint")),
  ];
}
