// The line to the room: a socket, or long polling where none gets through. What is said is kept until it was heard.
// For old browsers too: nothing newer than ES2017.
const SILENCE = 6000; // milliseconds after which what was said and not heard means that the line is dead
const LONGEST = 8000; // milliseconds between two attempts, at the most
const FINAL = [
  "no_such_room",
  "sent_away",
  "too_many_guesses",
  "too_many_guesses_of_one",
  "too_many_people",
  "too_many_people_of_one",
  "too_many_of_person",
];
const ASLEEP = 10000; // milliseconds out of sight after which a line is not trusted any more

/** Keeps what outlives a reload: in the store of the browser, or as long as the page lasts where there is none. */
function storeOf(name) {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(name));
  } catch (error) {
    kept = null;
  }
  return {
    kept: kept || { token: "", mark: 0, waiting: [] },
    save() {
      try {
        localStorage.setItem(name, JSON.stringify(this.kept));
      } catch (error) {
        this.lost = true; // all else goes on
      }
    },
    forget() {
      this.kept = { token: "", mark: 0, waiting: [] };
      this.save();
    },
  };
}

/** Opens a socket; `on.message` takes what comes, `on.closed` that it is over. */
function socketTo(hello, on) {
  const socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/room/live");
  socket.onopen = () => socket.send(JSON.stringify({ hello }));
  socket.onmessage = (event) => on.message(JSON.parse(event.data));
  socket.onclose = on.closed;
  return { send: (message) => socket.send(JSON.stringify(message)), close: () => socket.close() };
}

/** Asks again and again, one request to say and one that waits to hear; otherwise as a socket. */
function pollTo(hello, on) {
  let name = "";
  let over = false;
  let said = Promise.resolve();
  const end = () => {
    if (!over) on.closed();
    over = true;
  };
  const take = (messages) =>
    messages.forEach((one) => {
      if (over) return;
      on.message(one);
      if (one.refused && !one.mark) end();
    });
  const ask = (path, body) =>
    fetch("/room/" + path, { method: "POST", body: JSON.stringify(body) }).then((answer) => {
      if (!answer.ok) throw new Error(answer.statusText);
      return answer.json();
    });
  const hear = () =>
    ask("hear", { poll: name })
      .then((answer) => {
        take(answer.messages);
        if (!over) hear();
      })
      .catch(end);
  const say = (body) => {
    said = said
      .then(() => ask("say", body))
      .then((answer) => {
        if (!name && answer.poll) {
          name = answer.poll;
          hear();
        }
        take(answer.messages);
      })
      .catch(end);
  };
  say({ hello });
  return {
    send: (message) => say({ poll: name, message }),
    close: () => {
      over = true;
    },
  };
}

/** Stands between the page and the room: connects again by itself, and says again what was not heard. */
function lineTo(store, hello, on) {
  let open = null; // what is open to the room, once it has welcomed
  let trying = null;
  let failures = 0;
  let sockets = 0; // attempts of sockets that failed, one after the other
  let timer = 0;
  let watch = 0;
  let hidden = 0;
  let over = false;
  let fresh = false; // no view has come since the welcome

  function connect() {
    clearTimeout(timer);
    const way = sockets < 2 ? socketTo : pollTo;
    const own = {
      message: (data) => {
        if (trying === own.line) take(data);
      },
      closed: () => {
        if (trying === own.line) closed(way);
      },
    };
    own.line = trying = {};
    Object.assign(own.line, way(Object.assign({}, hello, { token: store.kept.token }), own));
  }

  function closed(way) {
    sockets = way === pollTo ? 1 : open ? 0 : sockets + 1; // after polling a socket gets one chance
    open = trying = null;
    clearTimeout(watch);
    if (over) return;
    failures += 1;
    on.state(false);
    timer = setTimeout(connect, Math.min(LONGEST, 250 * Math.pow(2, failures)) * (0.5 + Math.random()));
  }

  function again() {
    if (over) return;
    if (trying) trying.close();
    open = trying = null;
    connect();
  }

  function take(data) {
    if (data.welcome) {
      open = trying;
      failures = 0;
      store.kept.token = data.welcome.token;
      on.welcome(data.welcome);
      fresh = true;
    } else if (data.view) {
      if (fresh) catchUp(data.view);
      if (fresh) on.state(true);
      fresh = false;
      on.view(data.view);
    } else if (data.heard) {
      done(data.heard, null);
    } else if (data.refused && data.mark) {
      done(data.mark, data.text);
    } else if (data.refused && FINAL.includes(data.refused)) {
      over = true;
      on.refused(data);
    }
  }

  /** Says what the room has not heard yet; what belongs to a question that is over is given up. */
  function catchUp(view) {
    const kept = store.kept;
    kept.mark = Math.max(kept.mark, view.you.mark);
    const left = kept.waiting.filter((one) => one.message.mark > view.you.mark);
    kept.waiting = left.filter((one) => !one.question || one.question === questionOf(view));
    store.save();
    if (kept.waiting.length < left.length) on.late();
    kept.waiting.forEach((one) => send(one.message));
  }

  function done(mark, refusal) {
    const said = store.kept.waiting.filter((one) => one.message.mark === mark)[0];
    store.kept.waiting = store.kept.waiting.filter((one) => one.message.mark !== mark);
    store.save();
    if (!store.kept.waiting.length) clearTimeout(watch);
    if (said) on.answered(said.message, refusal);
  }

  function send(message) {
    clearTimeout(watch);
    watch = setTimeout(again, SILENCE);
    open.send(message);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hidden = Date.now();
    else if (!open || Date.now() - hidden > ASLEEP) again();
  });
  window.addEventListener("online", again);
  window.addEventListener("offline", () => on.state(false));
  connect();

  return {
    /** Says something about a question, or at any time; what was said before of the same kind need not be heard any more. */
    say(message, question) {
      const kept = store.kept;
      kept.mark += 1;
      message.mark = kept.mark;
      kept.waiting = kept.waiting
        .filter((one) => one.message.say !== message.say)
        .concat({ message, question: question || "" });
      store.save();
      if (open && !fresh) send(message);
    },
    waits: (kind) => store.kept.waiting.some((one) => one.message.say === kind),
    close() {
      over = true;
      clearTimeout(timer);
      if (trying) trying.close();
    },
  };
}

/** Names the question of a view, so that an answer never counts for another. */
function questionOf(view) {
  const asked = view.question;
  return asked ? [asked.kind, asked.branch, asked.phase].join(":") : "";
}
