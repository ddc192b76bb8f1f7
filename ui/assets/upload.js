// Uploading a file: its text goes to the loader, whose messages come back.
import { h } from "./dom.js";

const MOST = 2_000_000; // bytes that are sent; the loader refuses a file that is longer than half of it, by its length

/** Makes a field for a file, which is sent with a message. */
export function uploader(app, label, message = { type: "upload" }) {
  const input = h("input", { type: "file", accept: ".toml,application/toml,text/plain", onchange: async () => {
    const file = input.files[0];
    if (!file) return;
    app.send({ ...message, name: file.name, text: await file.slice(0, MOST).text() });
    input.value = "";
  } });
  return h("label", { class: "upload" }, h("span", {}, label), input);
}
