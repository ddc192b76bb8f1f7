// Tables whose rows are ordered by the column whose head is pressed; a second press turns the order round.
import { h } from "../dom.js";

/** Makes heads order the rows: numbers by their values, the largest first, and texts as the language orders them. */
export function sortable(app, heads, rows, cells) {
  const { compare } = new Intl.Collator(app.words.locale, { numeric: true });
  const keys = (at) => cells.map((row) => row[at].value ?? row[at].text ?? row[at]);
  const order = (at, down) => {
    const key = keys(at);
    const apart = (a, b) => (typeof key[a] === "number" ? key[a] - key[b] : compare(key[a], key[b]));
    const sorted = rows.map((_, k) => k).sort((a, b) => (down ? apart(b, a) : apart(a, b)));
    rows[0].parentNode.append(...sorted.map((k) => rows[k]));
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[at].setAttribute("aria-sort", down ? "descending" : "ascending");
  };
  heads.forEach((head, at) => {
    const press = () => {
      const now = head.getAttribute("aria-sort");
      order(at, now ? now === "ascending" : typeof keys(at)[0] === "number");
    };
    head.append(h("button", { type: "button", class: "sorts", "aria-label": app.say("table_order"), onclick: press }));
  });
}
