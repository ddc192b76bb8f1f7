// Where the stage of Present stands: over the page of the window that has the session, or alone in a window that follows it.
import { go } from "./navigation.js";
import { fullScreen, makeStage } from "./pages/present.js";
import { followWindow, leadWindows } from "./relay.js";

/** What a window says that follows none: it has no session, and so no words of its own. */
const ALONE = {
  en: "Open Explore in another window of this browser: it shows here.",
  zh: "请在本浏览器的另一个窗口打开“探索”页，内容会显示在这里。",
  fr: "Ouvrez Explorer dans une autre fenêtre de ce navigateur : il s’affiche ici.",
  ru: "Откройте «Исследовать» в другом окне этого браузера: оно появится здесь.",
};

/** Makes what presents in the window that has the session; `take` hands it each message that it shows or passes on. */
export function presenting(app) {
  const lead = leadWindows();
  const root = document.getElementById("app");
  let stage = null;
  let chosen = ""; // the chart that was turned to on the page
  let place = { top: 0, focus: null };
  let moved = false; // whether levers of the stage were, which those of the page do not know

  function open() {
    place = { top: window.scrollY, focus: document.activeElement };
    stage = makeStage({ send, leave });
    stage.keep(true);
    root.hidden = true; // what stands below is neither drawn nor read out
    document.body.append(stage.node);
    for (const kind of ["page", "print", "frame"]) if (lead.newest[kind]) stage[kind](lead.newest[kind]);
    if (chosen) stage.turn(chosen);
    stage.node.focus();
  }

  function send(message) {
    moved = true;
    app.send(message);
  }

  function leave() {
    if (document.fullscreenElement) document.exitFullscreen();
    stage.keep(false);
    stage.stop();
    stage.node.remove();
    stage = null;
    root.hidden = false;
    window.scrollTo({ top: place.top, behavior: "instant" });
    place.focus?.focus({ preventScroll: true });
    if (moved) app.send({ type: "go", page: "explore" });
    moved = false;
  }

  document.addEventListener("fullscreenchange", () => {
    if (stage && !document.fullscreenElement) leave(); // the browser keeps the key that ends it for itself
  });

  return {
    here() {
      fullScreen();
      if (app.view?.kind === "explore") app.send({ type: "go", page: "explore" }); // levers that were moved come with the page
      else go(app, "explore");
      open();
    },
    beside() {
      if (!lead.newest.page) go(app, "explore");
      window.open("#present", "foresight-present", "popup,width=1280,height=720");
    },
    /** Shows another chart, as it was turned to on the page. */
    turn(id) {
      chosen = id;
      lead.pass("turn", JSON.stringify(id));
    },
    resume() {
      if (makeStage({}).wasOn) open();
    },
    take(kind, data, content) {
      if (kind === "page" && data.kind !== "explore") {
        if (stage) leave();
        return;
      }
      if (kind !== "controls") lead.take(kind, data, content);
      stage?.[kind](data);
    },
  };
}

/** Shows the stage alone, as the first window feeds it. */
export function followFirst() {
  const stage = makeStage({ leave: () => window.close() });
  document.getElementById("app").replaceChildren(stage.node);
  document.addEventListener("keydown", stage.press);
  let closed = ALONE[navigator.language.slice(0, 2)] ?? ALONE.en;
  followWindow({
    page(page) {
      if (!page) return stage.tell(closed);
      closed = page.words.present_closed;
      stage.tell("");
      return stage.page(page);
    },
    print: stage.print,
    frame: stage.frame,
    turn: stage.turn,
    alone: () => stage.tell(closed),
  });
}
