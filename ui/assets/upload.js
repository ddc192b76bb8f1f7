// Uploading a scenario file: its text goes to the loader, whose messages come back.
import { h } from "./dom.js";

/** Makes a field for a file. */
export function uploader(app, label) {
  const input = h("input", { type: "file", accept: ".toml,application/toml,text/plain", onchange: async () => {
    const file = input.files[0];
    if (!file) return;
    app.send({ type: "upload", name: file.name, text: await file.text() });
    input.value = "";
  } });
  return h("label", { class: "upload" }, h("span", {}, label), input);
}
