// Small means for making and finding elements.

/** Makes an element: attributes, `on…` listeners, and children; null and false leave things out. */
export function h(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key in node && typeof value === "boolean") node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Fills the placeholders of a text. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Makes a picture of lines, 16 by 16. */
export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const line = document.createElementNS(svg.namespaceURI, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** Puts focus back where it was before a part was made anew: by `data-focus`, else by the place among elements of its kind. */
export function keepFocus(host, renew) {
  const one = document.activeElement;
  if (one === host || !host.contains(one)) return renew();
  const key = one.dataset.focus;
  const alike = () => [...host.querySelectorAll(key ? `[data-focus="${CSS.escape(key)}"]` : one.localName)];
  const before = alike();
  renew();
  const after = alike();
  if (after.length === before.length) after[before.indexOf(one)].focus({ preventScroll: true });
}
