// Live updates: a WebSocket that comes back by itself.

const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;

/**
 * Listen as `user`: `onOpen()` at every (re)connection, `onLost()` when it broke, `onEvent(event)`.
 * Returns a function that stops it.
 */
export function listen(user, { onOpen, onLost, onEvent }) {
  let socket = null;
  let wait = FIRST_WAIT;
  let timer = 0;
  let stopped = false;

  function connect() {
    const url = new URL(`/page/socket?user=${encodeURIComponent(user)}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    socket = new WebSocket(url);
    socket.addEventListener("open", () => {
      wait = FIRST_WAIT;
      if (!stopped) onOpen();
    });
    socket.addEventListener("message", (frame) => {
      if (!stopped) onEvent(JSON.parse(frame.data));
    });
    socket.addEventListener("close", () => {
      if (stopped) return;
      onLost();
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  }

  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    socket.close();
  };
}
