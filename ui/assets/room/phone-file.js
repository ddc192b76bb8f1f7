// The session page, which everybody may have once the room looks back.
// For old browsers too: nothing newer than ES2017.

/** Makes the button that saves the session page; making it may take a while. */
function keepsake() {
  const node = button(say("session_page"), () => {
    const asked = { code: room.names.join.code, token: room.store.kept.token, name: "session.html", language: TEXTS.language };
    node.disabled = true;
    node.textContent = say("making");
    fetch("/room/file", { method: "POST", body: JSON.stringify(asked) })
      .then((answer) => (answer.ok ? answer.blob() : Promise.reject(answer)))
      .then((page) => saveAs(page, room.names.join.code + "-session.html"))
      .catch(() => {
        room.note = say("not_made");
        tell();
      })
      .then(() => {
        node.disabled = false;
        node.textContent = say("session_page");
      });
  });
  return node;
}

function saveAs(page, name) {
  const link = make("a", { href: URL.createObjectURL(page), download: name });
  document.body.append(link);
  link.click();
  link.remove();
}
