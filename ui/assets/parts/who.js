// Who gains: every member as a tile, coloured by what was changed of it, and one's own country framed and named.
import { h } from "../dom.js";
import { setText } from "../charts/frame.js";
import { chooseCountry, follow, ownCountry } from "../navigation.js";

const REACHES = [0.05, 0.1, 0.2, 0.5, 1, 2, 4]; // ends of the scale of changes; it grows at once and shrinks at rest

/** Makes what stands around the map of members; `draw` draws it anew once another country is chosen. */
export function whoGains(app, data, draw) {
  const title = h("h2", { class: "who-title" });
  const against = h("span", { class: "hint" });
  const numbers = h("span", { class: "own-numbers" });
  const open = h("a", {}, app.say("first_open"));
  const select = h("select", { "aria-label": app.say("first_mine"), "data-focus": "country", onchange: () => choose(select.value) });
  const state = { own: data.country, base: data.scenarios.first, reach: 0, needed: 0 };

  function choose(own) {
    state.own = own;
    chooseCountry(app, own);
    draw();
  }

  function renew(newer) {
    state.base = newer.scenarios.first;
    const members = newer.charts.at(-1).spec.tiles.toSorted((a, b) => a.name.localeCompare(b.name, app.words.locale));
    const nobody = h("option", { value: "" }, app.say("first_find"));
    select.replaceChildren(nobody, ...members.map(({ id, name }) => h("option", { value: id }, name)));
    if (ownCountry() && ownCountry() !== state.own && members.some(({ id }) => id === ownCountry())) choose(ownCountry());
    select.value = state.own;
  }

  function showOwn(map, number) {
    const now = map.levels?.[state.own] ?? map.values[state.own];
    const before = map.before?.[state.own];
    const shown = now ? [before, now].filter(Boolean).map((years) => number.format(years.at(-1))).join(" → ") : "";
    setText(numbers, shown);
    open.hidden = !now;
    open.href = `#members/${state.own}`;
    open.onclick = (event) => follow(app, event, `members/${state.own}`);
  }

  renew(data);
  return {
    head: h("div", { class: "who-head" }, title, against),
    foot: h("p", { class: "own" }, select, numbers, open),
    renew,
    settle() { state.reach = state.needed; },
    /** Returns what the map shows of a picture: levels, or who gains against the first scenario in any other future. */
    shown(picture, base) {
      const changed = Boolean(picture.map.gains && base);
      if (changed !== state.changed || picture.map.title !== state.title) state.reach = 0; // another scale altogether
      Object.assign(state, { changed, title: picture.map.title });
      const changes = changed ? changesOf(picture.map, base, state) : null;
      setText(title, changes ? app.say("first_gains") : app.say("first_stand"));
      setText(against, changes ? app.say("first_against", { base: state.base }) : "");
      const map = { ...picture.map, ...(changes ?? levelsOf(picture.map, state)), own: state.own };
      const style = map.percent ? { style: "percent", maximumFractionDigits: 0 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
      showOwn(map, new Intl.NumberFormat(app.words.locale, style));
      return map;
    },
  };
}

/** Returns the scale that levels are seen on: no more of it than holds them. */
function levelsOf({ values, domain }, state) {
  const most = Math.max(...Object.values(values).map((years) => Math.max(...years)));
  return { domain: [0, reachOf(most, domain[1], state)] };
}

/** Returns the end of a scale of which nothing may be cut off. */
function reachOf(most, end, state) {
  const top = end / REACHES.at(-1); // shares reach from 0 to 1, steps to 4
  state.needed = top * (REACHES.find((reach) => reach * top >= most) ?? REACHES.at(-1));
  state.reach = Math.max(state.reach, state.needed);
  return state.reach;
}

/** Returns what was changed of every member, and the scale that it is seen on. */
function changesOf({ values, domain }, before, state) {
  const changed = {};
  let most = 0;
  for (const [id, years] of Object.entries(values)) {
    const was = before[id];
    if (!was) continue;
    changed[id] = years.map((value, at) => value - was[at]);
    for (const value of changed[id]) most = Math.max(most, Math.abs(value));
  }
  const reach = reachOf(most, domain[1], state);
  return { values: changed, levels: values, before, domain: [-reach, reach] };
}
