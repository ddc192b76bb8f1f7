// A field that finds a member by its name in any language or by its code: a combobox, so that keys and screen readers work.
import { fill, h } from "../dom.js";
import { chooseCountry, go } from "../navigation.js";

const SHOWN = 8; // as many as can be read at once
const [WITHIN, NONE] = [3, 4]; // how well a name fits

/** Makes the field; what is chosen is remembered on this machine, and its page is shown. */
export function finder(app, { members, mine }) {
  const input = h("input", {
    type: "text", class: "find", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "false",
    "aria-autocomplete": "list", "aria-controls": "found", placeholder: app.say("find_hint"), "data-focus": "finder",
  });
  const list = h("ul", { class: "found", id: "found", role: "listbox", "aria-label": app.say("find"), hidden: true });
  const count = h("p", { class: "visually-hidden", "aria-live": "polite" });
  const none = h("p", { class: "found none", hidden: true });
  const keyed = members.map((one) => ({ ...one, keys: [one.name, ...one.also].map(plain) }));
  let found = [];
  let at = -1;

  const choose = (one) => {
    close();
    input.value = "";
    chooseCountry(app, one.code);
    go(app, `members/${one.code}`);
  };
  function close() {
    list.hidden = none.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function mark(next) {
    at = next;
    [...list.children].forEach((node, k) => node.setAttribute("aria-selected", String(k === at)));
    const node = list.children[at];
    if (node) input.setAttribute("aria-activedescendant", node.id);
    node?.scrollIntoView({ block: "nearest" });
  }
  function show() {
    found = matches(keyed, plain(input.value)).slice(0, SHOWN);
    list.replaceChildren(...found.map((one) => option(one, choose)));
    list.hidden = !found.length || !input.value;
    input.setAttribute("aria-expanded", String(!list.hidden));
    const nobody = input.value.trim() && !found.length;
    none.textContent = nobody ? app.say("find_none") : "";
    none.hidden = !nobody;
    count.textContent = none.textContent || fill(app.say("find_count"), { n: found.length });
    mark(found.length && input.value ? 0 : -1);
  }
  input.addEventListener("input", show);
  input.addEventListener("focus", () => { if (input.value) show(); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && found.length) {
      event.preventDefault();
      if (list.hidden) show();
      else mark((at + steps[event.key] + found.length) % found.length);
    } else if (event.key === "Enter" && found[at] && !list.hidden) {
      event.preventDefault();
      choose(found[at]);
    } else if (event.key === "Escape") close();
  });
  const label = h("label", { class: "find-label" }, h("span", {}, app.say("find")), h("span", { class: "find-box" }, input, list, none));
  return h("div", { class: "finder" }, label, count, ownLink(app, members.find((one) => one.code === mine)));
}

/** Makes one entry of the list. */
function option(one, choose) {
  const take = (event) => { event.preventDefault(); choose(one); }; // before the field loses the focus
  const attributes = { id: `found-${one.code}`, role: "option", "aria-selected": "false", onpointerdown: take };
  return h("li", attributes, h("strong", {}, one.name), h("span", {}, `${one.code} · ${one.more}`));
}

/** Makes the link to the member that was chosen before. */
function ownLink(app, own) {
  if (!own) return null;
  const open = (event) => { event.preventDefault(); go(app, `members/${own.code}`); };
  return h("a", { class: "tool strong", href: `#members/${own.code}`, onclick: open }, fill(app.say("find_own"), { name: own.name }));
}

/** Finds members: those a name of which begins so first, then those with a word that does; all others only without these. */
function matches(members, text) {
  const ranks = members.map((one) => ({ one, rank: Math.min(...one.keys.map((key) => rankOf(key, text))) }));
  const best = Math.min(...ranks.map(({ rank }) => rank));
  const most = best < WITHIN ? WITHIN - 1 : best;
  return ranks.filter(({ rank }) => rank <= most && rank < NONE).sort((a, b) => a.rank - b.rank).map(({ one }) => one);
}

/** Ranks a name: the whole of it, its beginning, that of a word, somewhere within, or not at all; spaces do not count. */
function rankOf(key, text) {
  const [joined, sought] = [key, text].map((one) => one.replaceAll(" ", ""));
  if (joined === sought) return 0;
  if (joined.startsWith(sought)) return 1;
  if (key.includes(` ${text}`)) return 2;
  return joined.includes(sought) ? WITHIN : NONE;
}

/** Returns a text without accents, capitals and marks. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
