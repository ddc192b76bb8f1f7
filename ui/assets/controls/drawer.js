// The drawer of levers: beside the page where there is room, and on a phone below what answers them.
import { h } from "../dom.js";

const PHONE = matchMedia("(max-width: 800px)");

/** Makes the drawer of a page; `answer` is what stays in sight while it is open on a phone, `told` hears when it does. */
export function leverDrawer(app, page, answer, content, told = () => {}) {
  const drawer = h("details", { class: "drawer", open: !PHONE.matches }, h("summary", {}, app.say("levers")), content);
  drawer.addEventListener("toggle", () => {
    page.classList.toggle("levers-open", drawer.open);
    told(drawer.open && PHONE.matches);
    if (drawer.open && PHONE.matches) answer().scrollIntoView({ block: "start", behavior: "instant" });
  });
  return drawer;
}
