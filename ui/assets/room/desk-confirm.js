// A question that is asked once before something cannot be undone.
import { h } from "../dom.js";
import { button } from "./desk-button.js";

/** Asks whether to go on; resolves with the answer. */
export function confirmed(desk, text) {
  return new Promise((resolve) => {
    const no = button(desk.say("no"), "no", () => box.close(""));
    const yes = button(desk.say("yes"), "yes", () => box.close("yes"), { class: "tool strong" });
    const box = h(
      "dialog",
      { "aria-label": text, class: "desk-confirm" },
      h("p", {}, text),
      h("div", { class: "desk-row" }, no, yes),
    );
    box.addEventListener("close", () => {
      box.remove();
      resolve(box.returnValue === "yes");
    });
    document.body.append(box);
    box.showModal();
  });
}
