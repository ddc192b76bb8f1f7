// Small parts that several scenes of the wall share: pictures, the scale of steps, who has answered.
import { h } from "../dom.js";

/** Phases that are decided, and the last year of each, and of that before them. */
export const PHASES = [2, 3, 4];
export const ENDS = { 1: 2024, 2: 2029, 3: 2034, 4: 2040 };

const SVG = "http://www.w3.org/2000/svg";

/** Makes an element of a picture. */
export function s(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Empties a picture and gives it the size of the place that it stands in; returns its width, height and letter size. */
export function cleared(svg) {
  const { clientWidth: width, clientHeight: height } = svg.parentNode;
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  return { width, height, font: parseFloat(getComputedStyle(svg).fontSize) };
}

/** Makes a picture that fills what is left of its scene, with what it shows in words. */
export function picture(label, className) {
  const svg = s("svg", { role: "img", "aria-label": label });
  return { svg, node: h("div", { class: `picture ${className}` }, svg) };
}

/** Finds the value below which a share of sorted values lies. */
export function quantile(sorted, share) {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.ceil(at)] - sorted[low]) * (at - low);
}

/** Makes the list of delegations with a bar of how many of each have answered, and what brings it up to date. */
export function turnout({ say, names }, seats) {
  const rows = seats.map(({ id }) => {
    const filled = h("span", { class: "filled" });
    const count = h("span", { class: "count" });
    const node = h("li", {}, h("span", { class: "who" }, names.short[id]), h("span", { class: "track" }, filled), count);
    return { node, filled, count };
  });
  const update = (now) =>
    now.forEach(({ people, answered }, i) => {
      const { node, filled, count } = rows[i];
      filled.style.inlineSize = `${people ? (100 * answered) / people : 0}%`;
      count.textContent = people ? say("answers", { n: answered, all: people }) : say("nobody");
      node.classList.toggle("whole", people > 0 && answered >= people);
      node.classList.toggle("empty", !people);
    });
  return { node: h("ul", { class: "turnout" }, ...rows.map((row) => row.node)), update };
}
