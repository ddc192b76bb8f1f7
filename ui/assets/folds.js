// Parts that somebody opens or closes: they stay so in this tab, on a reload and on the way from page to page.
const KEPT = "foresight.folds";

/** Opens a part as it was left, or as it is at first, and keeps what becomes of it. */
export function keepFold(part, name, first = false) {
  part.open = states()[name] ?? first;
  part.addEventListener("toggle", () => {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ ...states(), [name]: part.open }));
    } catch {
      // A browser that keeps nothing shows each part as it is at first.
    }
  });
  return part;
}

function states() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}
