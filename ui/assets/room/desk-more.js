// What belongs to the session as a whole: the way in, another facilitator, and files.
import { h } from "../dom.js";
import { download } from "../save.js";
import { button } from "./desk-button.js";
import { confirmed } from "./desk-confirm.js";

const FILES = ["session.html", "brief.html", "votes.csv", "scenarios.zip", "kit.html", "record"];
const OF_ROUNDS = ["brief.html", "scenarios.zip"]; // there is nothing in them until a round was revealed

/** Tells whether a round of any path was revealed. */
export const isPlayed = ({ branches }) => branches.some(({ revealed }) => revealed.length);

/** Makes the parts for sharing and saving. */
export function moreOf(desk) {
  return [part(desk, "files", filesOf(desk)), part(desk, "way_in", wayIn(desk)), part(desk, "helpers", helpers(desk))];
}

function part(desk, key, content) {
  const toggle = (event) => {
    desk.own[key] = event.target.open;
  };
  const summary = h("summary", { "data-focus": key }, h("h2", {}, desk.say(key)));
  return h("details", { class: "desk-part", open: Boolean(desk.own[key]), ontoggle: toggle }, summary, ...content);
}

function wayIn({ names, say }) {
  const { address, code, picture } = names.join;
  return [
    h("p", {}, h("code", {}, address)),
    h("p", { class: "desk-code" }, code),
    h("img", { class: "desk-picture", src: picture, alt: say("way_in_picture") }),
  ];
}

/** Makes what lets another facilitator in: a link that is shown once, to type or to point a camera at. */
function helpers(desk) {
  const link = desk.own.link;
  const make = async () => {
    const answer = await desk.ask({ do: "key" });
    if (!answer.link) return;
    desk.own.link = answer;
    desk.renew();
  };
  const withdraw = async () => {
    if (!(await confirmed(desk, desk.say("sure_withdraw")))) return;
    desk.own.link = null;
    await desk.ask({ do: "withdraw" });
    desk.renew();
  };
  return [
    link
      ? h(
          "textarea",
          { readonly: true, rows: "3", "aria-label": desk.say("helper_link"), onfocus: (event) => event.target.select() },
          link.link,
        )
      : null,
    link ? h("img", { class: "desk-picture", src: link.picture, alt: desk.say("way_in_picture") }) : null,
    link ? h("p", { class: "hint" }, desk.say("helper_once")) : null,
    h(
      "div",
      { class: "desk-row" },
      button(desk.say("helper_make"), "key", make),
      button(desk.say("helper_withdraw"), "withdraw", withdraw),
    ),
  ];
}

function filesOf(desk) {
  const played = isPlayed(desk.view);
  const fileOf = (name) => {
    const making = desk.own.making === name;
    const text = desk.say(making ? "making" : `file_${name.split(".")[0]}`);
    const disabled = Boolean(desk.own.making) || (!played && OF_ROUNDS.includes(name));
    return button(text, `file-${name}`, () => save(desk, name), { disabled });
  };
  const files = h("div", { class: "desk-files" }, ...FILES.map(fileOf));
  return [files, played ? null : h("p", { class: "hint" }, desk.say("files_later"))];
}

/** Says which file is being made, which may take a while. */
function making(desk, name) {
  desk.own.making = name;
  desk.renew();
}

/** Saves a file; the secret travels in the body, so that no address holds it. */
export async function save(desk, name) {
  making(desk, name);
  const body = JSON.stringify({ secret: desk.secret, name, language: desk.texts.language });
  const answer = await fetch("/room/file", { method: "POST", body }).catch(() => null);
  making(desk, null);
  if (!answer?.ok) {
    desk.tell(answer ? (await answer.json()).text : desk.say("not_sent"));
    return;
  }
  desk.tell("");
  const given = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "");
  download(given ? given[1] : name, await answer.blob());
}
