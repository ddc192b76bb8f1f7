// The line of a desk to the room: what it asks for by number, and views as they come; it comes back by itself.
const LONGEST = 5000; // milliseconds between two attempts, at the most
const FINAL = ["no_such_key", "too_many_guesses", "too_many_guesses_of_one"];

/** Opens the line; `on` takes `welcome`, `view`, `there` (whether it is open) and `closed` with the reason, for good. */
export function lineOf(secret, language, on) {
  const waiting = new Map(); // what takes the answer, by number
  let socket = null;
  let number = 0;
  let failures = 0;

  function connect() {
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/room/live`);
    socket.onopen = () => socket.send(JSON.stringify({ hello: { face: "desk", secret, language } }));
    socket.onmessage = ({ data }) => take(JSON.parse(data));
    socket.onclose = lost;
  }

  function take(message) {
    if (message.welcome) {
      failures = 0;
      on.there(true);
      on.welcome(message.welcome);
    }
    if (message.view) on.view(message.view);
    if (message.done) answer(message.done, message);
    else if (message.refused && message.id) answer(message.id, message);
    else if (message.refused && FINAL.includes(message.refused)) end(message.text);
  }

  function answer(id, message) {
    waiting.get(id)?.(message);
    waiting.delete(id);
  }

  function lost() {
    on.there(false);
    for (const id of [...waiting.keys()]) answer(id, { lost: true });
    failures += 1;
    setTimeout(connect, Math.min(LONGEST, 250 * 2 ** failures));
  }

  function end(text) {
    socket.onclose = null;
    socket.close();
    on.closed(text);
  }

  connect();
  return {
    /** Asks for something; resolves with the answer: done, refused with a text, or lost. */
    ask(message) {
      if (socket.readyState !== WebSocket.OPEN) return Promise.resolve({ lost: true });
      number += 1;
      const id = number;
      socket.send(JSON.stringify({ id, ...message }));
      return new Promise((resolve) => waiting.set(id, resolve));
    },
  };
}
