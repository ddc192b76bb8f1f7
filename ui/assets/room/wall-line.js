// The line from the wall to its room: it says hello, hears what there is to show, and connects again by itself.

const PAUSES = [500, 1000, 2000, 4000]; // milliseconds between attempts

/** Connects to a room for as long as the page lives; `hear` gets welcomes, views and refusals, `lost` gaps in between. */
export function listen(hello, hear, lost) {
  let failures = 0;
  const open = () => {
    const address = new URL("room/live", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const line = new WebSocket(address);
    let refused = false;
    line.addEventListener("open", () => line.send(JSON.stringify({ hello })));
    line.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      failures = 0;
      refused ||= "refused" in message;
      hear(message);
    });
    line.addEventListener("close", () => {
      if (refused) return;
      lost();
      setTimeout(open, PAUSES[Math.min(failures, PAUSES.length - 1)]);
      failures += 1;
    });
  };
  open();
}
