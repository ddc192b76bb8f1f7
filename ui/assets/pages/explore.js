// Explore: levers beside a sentence, four results and charts that follow them.
import { leverDrawer } from "../controls/drawer.js";
import { leverPanel } from "../controls/levers.js";
import { mover } from "../controls/mover.js";
import { h } from "../dom.js";
import { keepFold } from "../folds.js";
import { uploader } from "../upload.js";
import { replay } from "../parts/replay.js";
import { results } from "../parts/results.js";
import { stage } from "../parts/stage.js";

/** Shows the page. */
export function showExplore(app, host, data) {
  const said = results(app, data);
  const charts = stage(app, data);
  const show = (frame) => { charts.show(frame); said.show(frame); };
  const moves = replay(app, show);
  charts.head.append(moves.button, moves.name);
  const scenario = h("div", { class: "scenario" });
  const panel = leverPanel(app, data.controls, mover(app));
  const body = h("div", { class: "drawer-body" }, scenario, panel.node, said.points);
  const page = h("div", { class: "explore" });
  const drawer = leverDrawer(app, page, () => charts.node, body);
  const title = h("h1", { class: "visually-hidden" }, data.title);
  const side = h("aside", { class: "side", "aria-label": app.say("levers") }, drawer);
  page.append(title, side, h("section", { class: "stage" }, said.node, charts.node));
  host.append(page);
  showScenario(app, scenario, data);
  return {
    kind: "explore",
    language: data.language,
    renew(newer) {
      showScenario(app, scenario, newer);
      panel.update(newer.controls);
      charts.renew(newer);
    },
    scenario(newer) {
      showScenario(app, scenario, newer);
      charts.settle();
      moves.keep(newer.scenarios.base);
    },
    controls: (controls) => panel.update(controls),
    hold: (values) => panel.hold(values),
    frame(frame) {
      moves.saw(frame);
      show(frame);
      document.documentElement.dataset.stamp = frame.stamp ?? "";
    },
    destroy() {
      moves.stop();
      charts.destroy();
    },
  };
}

/** Shows which scenario is open, and lets another be opened. */
function showScenario(app, host, data) {
  const { options, value, title, storyline, origin } = data.scenarios;
  const changed = value === "current";
  const list = changed ? [{ value: "current", label: title }, ...options] : options;
  const choose = () => app.send({ type: "scenario", name: select.value });
  const names = list.map((one) => h("option", { value: one.value, selected: one.value === value }, one.label));
  const select = h("select", { "aria-label": app.say("scenario"), "data-focus": "scenario", title, onchange: choose }, names);
  const told = [h("p", {}, storyline), h("p", { class: "hint" }, origin)];
  const opener = h("summary", { class: "what", "aria-label": app.say("storyline"), title: app.say("storyline") }, "?");
  const story = keepFold(h("details", { class: "story" }, opener, told, uploader(app, app.say("upload"))), "storyline");
  const focused = host.contains(document.activeElement);
  host.replaceChildren(select, story);
  if (focused) select.focus();
}
