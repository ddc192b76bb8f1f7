// Uploading a file: its text goes to the loader, whose messages come back.
import { h } from "./dom.js";

const MOST = 2_000_000; // bytes that are sent; the loader refuses a file that is longer than half of it, by its length

const chosen = new Map(); // the name of the last file of each kind, by what is sent with it

/** Makes a button that opens a file or takes one that is dropped on it; the file is sent with a message. */
export function uploader(app, label, message = { type: "upload" }) {
  const kind = JSON.stringify(message);
  const name = h("span", { class: "upload-name" }, chosen.get(kind));
  const send = async () => {
    const file = input.files[0];
    if (!file) return;
    chosen.set(kind, file.name);
    name.textContent = file.name;
    app.send({ ...message, name: file.name, text: await file.slice(0, MOST).text() });
    input.value = "";
  };
  // Over the whole button, unseen: what browsers write beside it is in their own language.
  const input = h("input", { type: "file", accept: ".toml,application/toml,text/plain", title: label, onchange: send });
  return h("span", { class: "upload" }, h("label", { class: "tool" }, h("span", {}, label), input), name);
}
