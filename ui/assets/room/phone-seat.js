// Where somebody sits on a phone, who they are if they like to say, and their language.
// For old browsers too: nothing newer than ES2017.

/** Asks where somebody sits, and who they are if they like to say. */
function seat(view) {
  const you = view.you;
  const sit = (delegation) => {
    room.choosing = false;
    room.store.kept.seated = true;
    room.store.save();
    send({ say: "describe", delegation, name: name.value.trim(), group: groups.value() });
    if (!room.view) return show("joining", joining);
    room.view.you.delegation = delegation;
    if (!delegation) room.view.hand = null;
    return take(room.view);
  };
  const name = make("input", { id: "name", maxlength: "40", autocomplete: "off" });
  name.value = you.name;
  const groups = groupsOf(you.group);
  const places = Object.keys(room.names.delegations).map((one) =>
    button(room.names.delegations[one], () => sit(one), { class: "place", "aria-pressed": String(one === you.delegation) }),
  );
  return [
    heading(say("choose_place")),
    make(
      "div",
      { class: "places" },
      places,
      button(say("watch"), () => sit(""), { class: "place quiet" }),
    ),
    make("details", {}, make("summary", {}, say("who")), make("label", { for: "name" }, say("name")), name, groups.node),
    languages(),
  ];
}

function groupsOf(chosen) {
  const inputs = [];
  const node = make(
    "fieldset",
    { class: "groups" },
    make("legend", {}, say("group")),
    [""].concat(GROUPS).map((one) => {
      const input = make("input", { type: "radio", name: "group", value: one });
      input.checked = one === chosen;
      inputs.push(input);
      return make("label", {}, input, say(one ? "group_" + one : "group_none"));
    }),
  );
  return { node, value: () => inputs.filter((one) => one.checked).map((one) => one.value)[0] || "" };
}

function languages() {
  const others = Object.keys(TEXTS.languages);
  return make(
    "nav",
    { class: "languages", "aria-label": say("languages_label") },
    others.map((one) => {
      const here = one === TEXTS.language ? "true" : null;
      return make(
        "a",
        { href: addressIn(one, codeOf(location.search)), lang: one, hreflang: one, "aria-current": here },
        TEXTS.languages[one],
      );
    }),
  );
}

function addressIn(language, code) {
  return location.pathname + "?l=" + language + (code ? "&c=" + code : "");
}

function codeOf(search) {
  const found = /[?&]c=([A-Za-z]{6})(?:&|$)/.exec(search);
  return found ? found[1].toUpperCase() : "";
}
