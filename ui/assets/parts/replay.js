// Replay: the pictures that the last moves led to, one after the other, each under the name of its future.
import { h, icon } from "../dom.js";

const MOST = 6; // five moves, and what was there before
const PACE = 1500; // milliseconds that each is seen
const PATH = "M3 8a5 5 0 1 0 2-4M5 1v3h3M7 6v4l3-2z";

/** Makes the button and the name; `show` takes a picture. */
export function replay(app, show) {
  const label = app.say("small_replay");
  const look = { class: "tool round all", "aria-label": label, title: label };
  const button = h("button", { type: "button", ...look, hidden: true, onclick: press }, icon(PATH));
  const name = h("p", { class: "replay-name", role: "status", hidden: true });
  let reel = [];
  let [kind, newest, timer] = ["", null, 0];

  function press() {
    if (timer) back();
    else step(0);
  }

  /** Shows one after the other, and stays at the last. */
  function step(at) {
    if (at >= reel.length) return back();
    show({ ...reel[at], ghosted: false, based: false });
    name.textContent = `${at + 1}/${reel.length} · ${reel[at].future.name}`;
    name.hidden = false;
    timer = setTimeout(step, PACE, at + 1);
  }

  function stop() {
    clearTimeout(timer);
    timer = 0;
    name.hidden = true;
  }

  function back() {
    stop();
    show(newest);
  }

  return {
    button,
    name,
    stop,
    /** Takes a picture that has come: it ends what is being shown. */
    saw({ ghosts, base, ...frame }) {
      stop();
      newest = frame;
    },
    /** Keeps the picture that a move has led to; those that were counted from something else are of no use any more. */
    keep(counted) {
      if (!newest) return;
      const now = [counted, newest.map.title, newest.runs, newest.effects].join("\n");
      if (now !== kind) reel = [];
      kind = now;
      if (reel.at(-1)?.future.digest !== newest.future.digest) reel = [...reel, newest].slice(-MOST);
      else reel = [...reel.slice(0, -1), newest];
      button.hidden = reel.length < 2;
    },
  };
}
