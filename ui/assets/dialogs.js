// Dialogs: the link, the three ways to make the same numbers again, and the name of a checkpoint.
import { h } from "./dom.js";
import { download } from "./save.js";

/** Opens a dialog with a title and content; Escape and a button close it. */
export function dialog(app, title, ...content) {
  const close = h("button", { type: "button", class: "tool", onclick: () => box.close() }, app.say("close"));
  const heading = h("h2", { id: "dialog-title" }, title);
  const box = h("dialog", { "aria-labelledby": "dialog-title" }, h("div", { class: "dialog-head" }, heading, close), ...content);
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  return box;
}

/** Makes a text that can be copied. */
export function copyable(app, label, text) {
  const rows = Math.min(8, text.split("\n").length + 1);
  const area = h("textarea", { readonly: true, rows, spellcheck: "false", "aria-label": label }, text);
  const button = h("button", { type: "button", class: "tool", onclick: async () => {
    area.select();
    await navigator.clipboard?.writeText(text).catch(() => document.execCommand("copy"));
    button.textContent = app.say("copied");
  } }, app.say("copy"));
  return h("section", { class: "copyable" }, h("div", { class: "dialog-head" }, h("h3", {}, label), button), area);
}

/** Shows the addresses of what is on the screen: the short one with a picture for cameras, the long one behind a click. */
export function shareDialog(app, data) {
  const long = copyable(app, app.say("share_long"), data.long);
  const hint = h("p", { class: "hint" }, app.say("link_hint"));
  const here = data.here ? h("p", { class: "hint" }, app.say("share_here")) : null;
  if (!data.short) return dialog(app, app.say("share"), here, long, hint);
  const code = h("img", { class: "share-code", src: data.code, alt: app.say("share_code") });
  const short = copyable(app, app.say("link"), data.short);
  const first = h("div", { class: "share-short" }, code, h("div", {}, short, h("p", { class: "hint" }, app.say("share_short"))));
  const whole = h("details", { class: "share-whole" }, h("summary", {}, app.say("share_always")), long, hint);
  return dialog(app, app.say("share"), first, here, whole);
}

/** Shows the command, the lines of Python and the file. */
export function reproduceDialog(app, data) {
  const saveFile = () => download(data.name, new Blob([data.file], { type: "application/toml" }));
  const save = h("button", { type: "button", class: "tool", onclick: saveFile }, data.name);
  dialog(
    app,
    app.say("reproduce"),
    h("p", {}, app.say("digest"), ": ", h("code", { id: "digest" }, data.digest)),
    h("p", { class: "hint" }, app.say("digest_hint")),
    copyable(app, app.say("command"), data.command),
    copyable(app, app.say("python"), data.python),
    copyable(app, app.say("file"), data.file),
    h("p", {}, app.say("of_file"), " ", h("code", {}, data.of_file), " ", save),
  );
}

/** Asks for the name of a checkpoint. */
export function checkpointDialog(app) {
  const field = h("input", { type: "text", maxlength: "60", placeholder: app.future?.name, autofocus: true });
  const keep = () => app.send({ type: "checkpoint", name: field.value });
  const label = h("label", {}, app.say("checkpoint_name"), field);
  const form = h("form", { method: "dialog", onsubmit: keep }, label, h("button", { class: "tool strong" }, app.say("checkpoint")));
  dialog(app, app.say("checkpoint"), form);
}
