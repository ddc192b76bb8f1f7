// How moves of levers are sent: the newest of those that wait.
const PAUSE = 15; // milliseconds between two moves that are sent: faster would only queue

/** Sends moves, the newest first, no faster than the pause. */
export function mover(app) {
  let waiting = null;
  let timer = 0;
  let last = 0;
  const send = () => {
    clearTimeout(timer);
    timer = 0;
    last = performance.now();
    app.send(waiting);
    waiting = null;
  };
  return (what, values, final) => {
    if (waiting && waiting.what !== what) send(); // what another control did is not to be lost
    app.moved = performance.now();
    waiting = { type: "move", what, values: { ...(waiting?.values ?? {}), ...values }, final, stamp: app.moved };
    const rest = final ? 0 : PAUSE - (performance.now() - last);
    if (rest <= 0) send();
    else timer ||= setTimeout(send, rest);
  };
}
