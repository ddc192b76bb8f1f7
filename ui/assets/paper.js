// Pages on paper: what stands at their head, and charts as wide as paper has room for.
import { h } from "./dom.js";

let printed = null; // what is told of the future that is open, and the words for it

/** Keeps what a printed page tells of the future that is open. */
export function showPrinted(told) {
  printed = { told };
  fillHead();
}

/** Writes the head of a printed page; what it says is of the moment. */
function fillHead() {
  if (!printed) return;
  const { told: { name, base, levers, nothing, made } } = printed;
  const was = (before) => (before ? h("span", {}, ` (${before})`) : null);
  const lever = ([label, value, before]) => h("li", {}, `${label} `, h("strong", {}, value), was(before));
  const link = h("a", { href: location.href }, `${location.host}${location.pathname}`);
  document.querySelector(".print-head").replaceChildren(
    h("p", { class: "print-name" }, name),
    h("p", { class: "print-base" }, levers.length ? base : nothing),
    h("ul", { class: "print-levers" }, levers.map(lever)),
    h("p", { class: "print-made" }, made, " · ", link),
  );
}

// Before charts hear of it: they are as wide then as they are to be.
window.addEventListener("beforeprint", () => {
  fillHead();
  document.documentElement.classList.add("printing");
});
window.addEventListener("afterprint", () => document.documentElement.classList.remove("printing"));
