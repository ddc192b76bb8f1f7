// The scenes of a phone: what is asked, what one waits for, and what came of it.
// For old browsers too: nothing newer than ES2017.

/** Returns what is being entered for a question: what was begun on this phone, what the room has, or nothing yet. */
function draftOf(view, fresh) {
  const key = room.scene;
  const kept = room.store.kept;
  const draft = kept.draft && kept.draft.key === key ? kept.draft.value : view.mine ? fresh(view.mine) : fresh(null);
  return {
    value: draft,
    keep(value) {
      this.value = value;
      kept.draft = { key, value };
      room.store.save();
      if (room.update) room.update();
      tell();
    },
  };
}

/** Makes the button that sends, which says what is missing, or whether the room has what stands on the screen. */
function sender(kind, ready, entered, onsend, missing) {
  const question = questionOf(room.view);
  const node = button("", () => send(Object.assign({ say: kind }, entered()), question), { class: "strong send" });
  const update = () => {
    const mine = room.view.mine;
    const saved =
      mine &&
      Object.entries(entered()).every(([key, value]) => String(mine[key] === undefined ? "" : mine[key]) === String(value));
    const waits = room.line.waits(kind);
    const lacking = missing && missing();
    node.textContent = waits ? say("sending") : saved ? say("saved") : lacking || say(mine ? "send_change" : "send");
    node.disabled = waits ? !room.there : saved || !ready();
    node.classList.toggle("done", Boolean(saved && !waits));
    onsend(Boolean(saved && !waits));
  };
  return { node: make("div", { class: "sending" }, node), update };
}

function changeable(on) {
  return on ? say("change_any_time") : "";
}

// Guess ---------------------------------------------------------------------------------------------------------------

function predict(view) {
  const draft = draftOf(view, (mine) => (mine ? mine.steps : null));
  const output = make("output", { class: "guess", for: "steps" });
  const slider = make("input", {
    id: "steps",
    type: "range",
    min: "0",
    max: String(STEPS),
    step: "0.1",
    "aria-label": say("guess_label"),
  });
  slider.value = draft.value === null ? STEPS / 2 : draft.value;
  ["input", "click"].forEach((kind) => slider.addEventListener(kind, () => draft.keep(Number(slider.value))));
  const move = (by) => () => {
    slider.value = Number(slider.value) + by;
    draft.keep(Number(slider.value));
  };
  const hint = make("p", { class: "hint" });
  const send = sender(
    "predict",
    () => draft.value !== null,
    () => ({ steps: draft.value }),
    (on) => {
      hint.textContent = changeable(on);
    },
  );
  room.update = () => {
    slider.classList.toggle("untouched", draft.value === null);
    output.textContent = draft.value === null ? "?" : number(draft.value, 1);
    slider.setAttribute(
      "aria-valuetext",
      draft.value === null ? say("guess_none") : say("steps", { steps: number(draft.value, 1) }),
    );
    send.update();
  };
  return [
    heading(say("question")),
    make("p", { class: "hint" }, room.names.step),
    output,
    make(
      "div",
      { class: "slide" },
      button("−", move(-0.1), { "aria-label": say("less") }),
      slider,
      button("+", move(0.1), { "aria-label": say("more") }),
    ),
    make("p", { class: "scale" }, make("span", {}, say("scale_none")), make("span", {}, say("scale_all"))),
    send.node,
    hint,
  ];
}

// Proposal ------------------------------------------------------------------------------------------------------------

function propose(view) {
  const { levers, budget, earlier } = view.hand;
  const { years } = view.question;
  const draft = draftOf(view, (mine) =>
    mine ? { points: mine.points.slice(), reason: mine.reason } : { points: earlier || levers.map(() => 0), reason: "" },
  );
  const left = () => budget - draft.value.points.reduce((sum, one) => sum + one, 0);
  const purse = make("p", { class: "purse", role: "status" });
  const rows = levers.map((lever, at) =>
    leverOf(
      lever,
      () => draft.value.points[at],
      (points) => {
        const all = draft.value.points.slice();
        all[at] = points;
        draft.keep({ points: all, reason: draft.value.reason });
      },
      left,
    ),
  );
  const count = make("span", { class: "count" });
  const reason = make("textarea", { id: "reason", rows: "2", maxlength: String(REASON) });
  reason.value = draft.value.reason;
  reason.addEventListener("input", () => draft.keep({ points: draft.value.points, reason: reason.value }));
  const hint = make("p", { class: "hint" });
  const entered = () => ({ points: draft.value.points, reason: draft.value.reason.trim() });
  const send = sender(
    "propose",
    () => left() >= 0,
    entered,
    (on) => {
      hint.textContent = changeable(on);
    },
  );
  room.update = () => {
    showPurse(purse, left(), budget);
    rows.forEach((one) => one.update());
    count.textContent = draft.value.reason.length ? draft.value.reason.length + "/" + REASON : "";
    send.update();
  };
  // The sign before the last year keeps both on one line.
  return [
    make("div", { class: "asked" }, heading(say("propose", { first: years[0], last: "\u2060" + years[1] })), purse),
    earlier && make("p", { class: "hint" }, say("earlier")),
    rows.map((one) => one.node),
    make("label", { for: "reason", class: "why" }, say("reason"), count),
    reason,
    send.node,
    hint,
  ];
}

function showPurse(purse, left, budget) {
  const text = say("left", { left, budget });
  if (purse.dataset.text === text) return;
  purse.dataset.text = text;
  purse.textContent = "";
  const marks = make("span", { class: "marks", "aria-hidden": "true" });
  for (let at = 0; at < budget; at += 1) marks.append(make("i", { class: at < left ? "" : "spent" }));
  purse.append(marks, text);
}

/** Makes a lever with a button for each number of points; those that cannot be paid are out of reach. */
function leverOf(lever, points, choose, left) {
  const effect = make("span", { class: "effect" });
  const meaning = make(
    "p",
    { class: "hint meaning", id: "meaning-" + lever.name, hidden: true },
    room.names.meanings[lever.name],
  );
  const name = button(
    room.names.levers[lever.name],
    () => {
      meaning.hidden = !meaning.hidden;
      name.setAttribute("aria-expanded", String(!meaning.hidden));
    },
    { class: "named", "aria-expanded": "false", "aria-controls": meaning.id },
  );
  const inputs = lever.stops.map((stop, at) =>
    make("input", {
      type: "radio",
      name: "lever-" + lever.name,
      value: String(at),
      "aria-label": say("points", { points: at }) + ", " + effectOf(lever, at),
      onchange: () => choose(at),
    }),
  );
  const node = make(
    "fieldset",
    { class: "lever" },
    make("legend", {}, name),
    effect,
    meaning,
    lever.lasting && lever.free && make("p", { class: "hint meaning" }, say("lasting")),
    make(
      "div",
      { class: "stops" },
      inputs.map((input, at) => make("label", {}, input, make("span", {}, String(at)))),
    ),
  );
  const update = () => {
    inputs.forEach((input, at) => {
      input.checked = at === (lever.fixed === null ? points() : lever.fixed);
      input.disabled = !lever.free || at - points() > left();
    });
    effect.textContent = lever.free ? effectOf(lever, points()) : say("decided_once");
  };
  return { node, update };
}

/** Says what points bring: times today's pace, a share, or no more than how many of them there are. */
function effectOf(lever, points) {
  const stop = lever.stops[points];
  if (!points) return say(lever.stops[0] === 1 ? "historical_pace" : "as_before");
  if (lever.stops[0] === 1) return say("times", { times: number(stop, 1, 0) });
  const isShare = lever.name === "assistance" || lever.name === "performance_share";
  return isShare ? stop.toLocaleString(TEXTS.locale, { style: "percent" }) : say("points", { points });
}

// Ranking -------------------------------------------------------------------------------------------------------------

function rank(view) {
  const actions = ["solidarity", "transparency", "accountability", "financing", "networking"];
  const draft = draftOf(view, (mine) => (mine ? mine.order.slice() : []));
  const left = () => actions.length - draft.value.length;
  const buttons = actions.map((one) =>
    button(
      "",
      () => {
        const order = draft.value;
        draft.keep(order.includes(one) ? order.filter((other) => other !== one) : order.concat(one));
      },
      { class: "ranked" },
    ),
  );
  const hint = make("p", { class: "hint" });
  const send = sender(
    "rank",
    () => !left(),
    () => ({ order: draft.value }),
    (on) => {
      hint.textContent = changeable(on);
    },
    () => left() && say("rank_left", { n: left() }),
  );
  const groups = groupsOf(view.you.group);
  groups.node.addEventListener("change", () => describe({ group: groups.value() }));
  room.update = () => {
    buttons.forEach((one, at) => {
      const place = draft.value.indexOf(actions[at]) + 1;
      one.textContent = "";
      one.append(make("b", {}, place ? String(place) : ""), room.names.levers[actions[at]]);
      one.setAttribute("aria-pressed", String(place > 0));
    });
    send.update();
  };
  return [
    heading(say("rank")),
    make("p", { class: "hint" }, say("rank_how")),
    make("div", { class: "places" }, buttons),
    groups.node,
    send.node,
    hint,
  ];
}

function describe(change) {
  const you = room.view.you;
  send(Object.assign({ say: "describe", delegation: you.delegation, name: you.name, group: you.group }, change));
}

// Waiting, and what came of it ----------------------------------------------------------------------------------------

function wait(view) {
  const asked = view.question;
  const card = asked && asked.card && room.names.cards[asked.card.name];
  const watching = asked && asked.kind === "proposals" && view.asking && !view.hand;
  const within = () => (asked.locked ? "wait_locked" : view.mine ? "wait_closed" : view.asked ? "wait_over" : "wait_question");
  return [
    heading(say(view.working ? "working" : watching ? "wait_watching" : asked ? within() : "wait")),
    card && make("section", { class: "card" }, make("h2", {}, card.title), make("p", {}, card.text)),
    mineOf(view, view.decided, say("decided")),
    mineOf(view, view.mine, say("yours")),
    aim(view),
    view.stage === "debrief" && keepsake(),
    again(),
  ];
}

/** Tells what a delegation should find out, as its sheet does. */
function aim({ you }) {
  const text = room.names.aims[you.delegation];
  return text && make("section", { class: "aim" }, make("h2", {}, say("aim")), make("p", {}, text));
}

/** Makes what was entered, or decided, with its title. */
function mineOf(view, mine, title) {
  if (!mine) return null;
  let lines = [];
  if (mine.steps !== undefined) lines = [[say("your_guess"), say("steps", { steps: number(mine.steps, 1) })]];
  const levers = mine.points && view.hand ? view.hand.levers : [];
  if (mine.points && levers.length === mine.points.length)
    lines = levers.map((one, at) => [room.names.levers[one.name], String(one.fixed === null ? mine.points[at] : one.fixed)]);
  if (mine.order) lines = mine.order.map((one, at) => [String(at + 1), room.names.levers[one]]);
  const rows = lines.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)));
  return make("section", { class: "mine" }, make("h2", {}, title), make("dl", {}, rows));
}

function again() {
  return button(
    say("change_place"),
    () => {
      room.choosing = true;
      take(room.view);
    },
    { class: "quiet" },
  );
}

function result(view) {
  const found = view.result;
  const most =
    Math.ceil(2 * Math.max(found.region.promised, found.region.promised_base, found.own ? found.own.promised : 0)) / 2;
  const own = found.own ? [[room.names.delegations[view.you.delegation], found.own]] : [];
  const guess = room.store.kept.guess;
  return [
    heading(say("result", { year: found.last })),
    view.stage === "base" &&
      guess !== undefined &&
      make("p", {}, say("guessed", { guess: number(guess, 1), delivered: number(found.region.delivered, 2) })),
    own.concat([[say("region"), found.region]]).map(([name, numbers]) => outcome(name, numbers, most)),
    make("p", { class: "hint" }, say("result_how")),
    view.stage === "debrief" && keepsake(),
    again(),
  ];
}

function outcome(name, numbers, most) {
  return make(
    "section",
    { class: "outcome" },
    make("h2", {}, name),
    bar(say("promised"), numbers.promised, numbers.promised_base, "promised", most),
    bar(say("delivered"), numbers.delivered, numbers.delivered_base, "delivered", most),
  );
}

/** Draws steps as a bar, with a mark where they would be at historical pace. */
function bar(name, value, base, kind, most) {
  const fill = make("i", { class: kind });
  fill.style.width = (100 * value) / most + "%";
  const mark = make("b", {});
  mark.style.left = (100 * base) / most + "%";
  return make(
    "div",
    { class: "bar" },
    make("span", {}, name),
    make("strong", {}, number(value, 2)),
    make("div", { "aria-hidden": "true" }, fill, mark),
  );
}

const SCENES = { seat, predict, propose, rank, wait, result };

setInterval(tick, 500);
document.title = say("join");
if (codeOf(location.search)) join(codeOf(location.search));
else askCode();
