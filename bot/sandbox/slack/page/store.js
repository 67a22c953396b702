// The one state of the page. It changes by `set`; whoever subscribed draws once after a burst of changes.

const EMPTY = {
  workspace: null, me: null, users: new Map(), channels: new Map(), commands: [], bot: { connected: false },
  channelId: null, threadTs: null, target: null, lists: {}, unread: {}, views: [], online: true, drawer: false,
};

export function createStore() {
  let state = EMPTY;
  let due = false;
  const subscribers = [];

  function set(patch) {
    state = { ...state, ...patch };
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      for (const draw of subscribers) draw(state);
    });
  }

  return { get: () => state, set, subscribe: (draw) => subscribers.push(draw) };
}
