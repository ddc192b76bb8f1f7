// The paths that the room has taken, as a tree: look at another, or decide a phase anew.
import { h } from "../dom.js";
import { button } from "./desk-button.js";
import { soft } from "./syllables.js";

const PHASES = [2, 3, 4];

/** Makes the tree: a row for each path, a place for each phase. */
export function pathsOf(desk) {
  const { view } = desk;
  const ordered = below(view.branches, null, 0);
  return h(
    "section",
    { class: "desk-part" },
    h("h2", {}, desk.say("paths")),
    h("ul", { class: "desk-paths" }, ...ordered.map(([branch, depth]) => pathOf(desk, branch, depth))),
    desk.own.rewind
      ? rewindOf(desk, desk.own.rewind)
      : ordered.some(([one]) => one.revealed.length)
        ? h("p", { class: "hint" }, desk.say("paths_hint"))
        : null,
  );
}

/** Returns branches with how deep they stand, each below the one that it left. */
function below(branches, parent, depth) {
  const own = branches.filter((one) =>
    parent === null ? one.number === one.parent : one.parent === parent && one.number !== parent,
  );
  return own.flatMap((one) => [[one, depth], ...below(branches, one.number, depth + 1)]);
}

/** Makes a heading, beside it the path that it is of where there are several. */
export function titleOf(desk, text) {
  const { branches, branch, stage } = desk.view;
  const here = branches.length > 1 && stage !== "base" ? branches.find(({ number }) => number === branch) : null;
  const name = here ? h("span", { class: "desk-state" }, pathName(desk, here)) : null;
  return h("div", { class: "desk-title" }, h("h1", {}, text), name);
}

/** Names a path. */
function pathName(desk, branch) {
  if (branch.name) return branch.name;
  return branch.number === branch.parent
    ? desk.say("path_first")
    : desk.say("path_other", { n: branch.number, round: branch.first - 1 });
}

function pathOf(desk, branch, depth) {
  const here = branch.number === desk.view.branch;
  const go = () => here || desk.ask({ do: "switch", branch: branch.number });
  const name = button(soft(pathName(desk, branch)), `path-${branch.number}`, go, {
    class: "desk-path",
    "aria-current": here ? "true" : null,
  });
  const phases = PHASES.map((phase) => phaseOf(desk, branch, phase, here));
  const row = h("li", { class: here ? "here" : "" }, h("div", {}, name), h("div", { class: "desk-phases" }, ...phases));
  row.firstChild.style.paddingInlineStart = `${depth * 0.8}rem`;
  return row;
}

/** Makes the place of a phase on a path: taken over, decided here, or still open; on the path one is on, it leads back. */
function phaseOf(desk, branch, phase, here) {
  const seen = branch.revealed.includes(phase);
  const kind = seen ? (phase < branch.first ? "shared" : "own") : "open";
  const look = { own: null, shared: "from-before", open: "still-open" }[kind];
  const n = phase - 1; // the round
  const told = desk.say(`round_${kind}`, { n });
  const number = h("span", { "aria-hidden": "true" }, String(n));
  if (!here || !seen) return h("span", { class: look, title: told }, number, h("span", { class: "visually-hidden" }, told));
  const label = desk.say("rewind_to", { n });
  const choose = () => {
    desk.own.rewind = phase;
    desk.renew();
    document.getElementById("path-name").focus();
  };
  return button(number, `rewind-${phase}`, choose, { class: look, title: label, "aria-label": label });
}

/** Asks what the new path is called. */
function rewindOf(desk, phase) {
  const field = h("input", { id: "path-name", type: "text", maxlength: "40", "data-focus": "path-name" });
  const end = () => {
    desk.own.rewind = null;
    desk.renew();
  };
  const begin = async (event) => {
    event.preventDefault();
    const answer = await desk.ask({ do: "branch", phase, name: field.value.trim() });
    if (answer.done) end();
  };
  return h(
    "form",
    { class: "desk-rewind", onsubmit: begin },
    h("label", { for: "path-name" }, desk.say("rewind", { n: phase - 1, years: desk.say(`years_${phase}`) })),
    field,
    h(
      "div",
      { class: "desk-row" },
      h("button", { class: "tool strong" }, desk.say("rewind_go")),
      button(desk.say("cancel"), "cancel", end),
    ),
  );
}
