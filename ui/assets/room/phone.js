// What a phone shows: one thing at a time. All that others have typed is put in as text, never as markup.
// For old browsers too: nothing newer than ES2017.
const TEXTS = JSON.parse(document.getElementById("texts").textContent);
const STEPS = 4; // of each action
const GROUPS = ["official", "government_expert", "other_expert"];
const REASON = 280;

const room = {
  names: null,
  view: null,
  line: null,
  store: null,
  shift: 0,
  there: false,
  choosing: false,
  note: "",
  scene: "",
  update: null,
};

/** Returns a text with its gaps filled. */
function say(key, values) {
  return TEXTS[key].replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
}

/** Writes a number as the language does, with so many decimals; the least of them is none where they are not needed. */
function number(value, digits, least) {
  return value.toLocaleString(TEXTS.locale, {
    minimumFractionDigits: least === undefined ? digits : least,
    maximumFractionDigits: digits,
  });
}

/** Makes an element: attributes, `on…` listeners, and children; null and false leave things out. */
function make(name, attributes) {
  const node = document.createElement(name);
  Object.entries(attributes || {}).forEach(([key, value]) => {
    if (value === null || value === undefined || value === false) return;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  });
  for (let at = 2; at < arguments.length; at += 1) add(node, arguments[at]);
  return node;
}

function add(node, child) {
  if (Array.isArray(child)) child.forEach((one) => add(node, one));
  else if (child !== null && child !== undefined && child !== false) node.append(child);
}

function button(text, onclick, attributes) {
  return make("button", Object.assign({ type: "button", onclick }, attributes), text);
}

/** Makes the heading of a scene, which takes the focus when the scene begins. */
function heading(text) {
  return make("h1", { tabindex: "-1" }, text);
}

// Joining -------------------------------------------------------------------------------------------------------------

/** Asks for the code, with what was wrong with the last one. */
function askCode(wrong, code) {
  const plain = { autocapitalize: "characters", autocomplete: "off", autocorrect: "off", spellcheck: "false" };
  const field = make("input", Object.assign({ id: "code", required: true }, plain));
  field.value = code || "";
  const form = make(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        join(field.value.replace(/[^A-Za-z]/g, "").toUpperCase());
      },
    },
    heading(say("join")),
    make("label", { for: "code" }, say("code")),
    field,
    make("p", { class: "wrong", role: "alert" }, wrong || ""),
    make("button", { class: "strong" }, say("join_room")),
  );
  show("code:" + (wrong || ""), () => [form, languages()]);
  field.focus();
}

/** Goes to a room; a phone that was there before comes back as who it was. */
function join(code) {
  if (room.line) room.line.close();
  room.store = storeOf("foresight.room." + code);
  begin(code);
  room.line = lineTo(
    room.store,
    { face: "phone", code, language: TEXTS.language },
    {
      welcome(welcome) {
        history.replaceState(null, "", addressIn(TEXTS.language, code));
        room.names = welcome.names;
        room.shift = welcome.now - Date.now() / 1000;
      },
      view: take,
      state(there) {
        room.there = there;
        tell();
      },
      answered(message, refusal) {
        room.note = refusal || "";
        if (!refusal) keep(message);
        take(room.view);
      },
      late() {
        room.note = say("late");
      },
      refused(data) {
        if (data.refused === "sent_away") room.store.forget();
        room.view = null;
        askCode(data.text, code);
      },
    },
  );
}

/** Shows what is known before the line is open: to somebody new the delegations, which came with the page. */
function begin(code) {
  const known = TEXTS.known;
  if (!known || known.code !== code || room.store.kept.token) return show("joining", joining);
  room.names = known;
  document.getElementById("place").textContent = known.title;
  return show("seat", () => seat({ you: { delegation: "", name: "", group: "" } }));
}

function joining() {
  return [heading(say("joining"))];
}

/** Shows at once what the room has heard; the next view will have it too. */
function keep(message) {
  if (message.say === "describe") {
    Object.assign(room.view.you, { delegation: message.delegation, group: message.group, name: message.name });
    return;
  }
  room.view.mine = message;
  if (message.say !== "predict") return;
  room.store.kept.guess = message.steps;
  room.store.save();
}

// What is shown -------------------------------------------------------------------------------------------------------

/** Shows a view of the room; what somebody is about to enter stays as it is while the question is the same. */
function take(view) {
  room.view = view;
  const scene = sceneOf(view);
  show(scene, SCENES[scene.split(":")[0]]);
  document.getElementById("place").textContent = placeOf(view);
  if (room.update) room.update();
  tell();
  tick();
}

/** Names the scene, and all that makes it another one. */
function sceneOf(view) {
  const asked = view.question;
  const you = view.you;
  if (room.scene === "joining" && room.line.waits("describe")) return "joining";
  if (room.choosing || !(room.store.kept.seated || you.delegation)) return "seat";
  if (asked && view.asking && asked.kind === "predict") return "predict:";
  if (asked && view.asking && asked.kind === "survey") return "rank:";
  if (asked && view.asking && asked.kind === "proposals" && view.hand)
    return "propose:" + questionOf(view) + ":" + you.delegation;
  const shown = [
    view.stage,
    view.asking,
    view.asked,
    you.delegation,
    you.name,
    asked && [questionOf(view), asked.locked, asked.card],
    view.mine,
    view.decided,
    view.seen,
  ];
  if (view.result && !asked) return "result:" + JSON.stringify([shown, view.result]);
  return "wait:" + JSON.stringify([shown, Boolean(view.working)]);
}

function show(scene, build) {
  if (scene === room.scene) return;
  const kind = scene.split(":")[0];
  const other = kind !== room.scene.split(":")[0];
  room.scene = scene;
  room.update = null;
  const main = document.getElementById("main");
  main.textContent = "";
  add(main, build(room.view));
  main.className = kind;
  if (!other) return;
  window.scrollTo(0, 0);
  const title = main.querySelector("h1");
  if (title) title.focus();
}

function placeOf(view) {
  const own = view.you.delegation;
  const place = own ? room.names.delegations[own] : room.store.kept.seated ? say("watching") : view.title;
  return (view.stage === "practice" ? say("stage_practice") + " · " : "") + place;
}

/** Says whether what was entered is safe, and whether the line is there. */
function tell() {
  const state = document.getElementById("state");
  const waits = ["predict", "propose", "rank", "describe"].some((kind) => room.line && room.line.waits(kind));
  const text = !room.there && room.view ? say(waits ? "kept" : "away") : waits ? say("sending") : room.note;
  if (state.textContent !== text) state.textContent = text;
  document.body.className = text ? "told" : "";
  state.className = !room.there && room.view ? "away" : room.note ? "note" : "";
}

function tick() {
  const until = room.view && room.view.until;
  const left = until ? Math.max(0, Math.round(until - Date.now() / 1000 - room.shift)) : 0;
  const text = until ? Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0") : "";
  const clock = document.getElementById("clock");
  if (clock.textContent !== text) clock.textContent = text;
  clock.className = until && left <= 10 ? "short" : "";
}

function send(message, question) {
  room.note = "";
  room.line.say(message, question);
  if (room.update) room.update();
  tell();
}
