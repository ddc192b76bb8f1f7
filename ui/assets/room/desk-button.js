// Buttons of the desk.
import { h } from "../dom.js";

/** Makes a button; `focus` names it, so that it keeps the focus when its part is made anew. */
export function button(text, focus, press, attributes = {}) {
  return h("button", { type: "button", class: "tool", "data-focus": focus, onclick: press, ...attributes }, text);
}
