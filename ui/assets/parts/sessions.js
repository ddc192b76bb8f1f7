// Earlier sessions on this machine: each can be gone on with, or forgotten.
import { h } from "../dom.js";
import { forget, resume, sessions } from "../store.js";

/** Makes the list of what this browser keeps. */
export function sessionList(app) {
  const node = h("div", { class: "sessions" });
  const drop = (id) => () => { forget(id); show(); };
  function show() {
    const kept = sessions();
    const lines = kept.map((one) => h(
      "li",
      {},
      h("strong", {}, when(app, one.at)),
      h("span", {}, app.say("f_session", { title: one.title, changes: one.log - 1, kept: one.kept })),
      button(app, "f_continue", one, () => resume(one)),
      button(app, "f_forget", one, drop(one.id)),
    ));
    const all = h("button", { type: "button", class: "tool small", onclick: drop() }, app.say("f_forget_all"));
    node.replaceChildren(...(kept.length ? [h("ul", {}, lines), all] : [h("p", { class: "hint" }, app.say("f_no_sessions"))]));
  }
  show();
  return node;
}

/** Writes when something was kept. */
export function when(app, at) {
  return new Intl.DateTimeFormat(app.words.locale, { dateStyle: "medium", timeStyle: "short" }).format(at);
}

function button(app, key, { at }, act) {
  const label = app.say(key);
  return h("button", { type: "button", class: "tool small", "aria-label": `${label}: ${when(app, at)}`, onclick: act }, label);
}
