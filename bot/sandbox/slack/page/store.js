// The one state of the page. It changes by `set`; whoever subscribed draws once after a burst of changes.

/** App Home while another place is open. */
export const CLOSED = { open: false, view: null, busy: false };

const EMPTY = {
  workspace: null, me: null, app: null, users: new Map(), channels: new Map(), commands: [], shortcuts: [],
  bot: { connected: false }, channelId: null, threadTs: null, target: null, lists: {}, views: [],
  unread: {}, // channel -> {count, mentions: those for this person, since: ts of the first one}, kept by the server
  newSince: null, // ts of the first message of the open channel that was unread when it was opened
  home: CLOSED,
  online: true, drawer: false, faults: false,
  opened: 0, // how often a conversation was opened: each time its composer takes the focus
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
