// Which part of a long list is drawn: its end, and as far up as the reader has gone.

const STEP = 100;

/** The first `heads` messages (a thread's root) are always drawn. Messages are ordered by ts. */
export function createWindow(heads) {
  let from = null; // ts of the first message drawn

  const cutOf = (messages) => {
    const cut = from === null ? 0 : messages.findIndex(({ ts }, index) => index >= heads && ts >= from);
    return Math.max(cut === -1 ? messages.length - STEP : cut, heads);
  };
  const startAt = (messages, index) => { from = index <= heads ? "0" : messages[index].ts; };

  return {
    /** Index of the first message drawn after the heads. */
    cut: cutOf,
    reset: (messages) => startAt(messages, messages.length - STEP),
    grow: (messages) => startAt(messages, cutOf(messages) - STEP),
    /** Let go of what lies far above a reader who is at the end. */
    trim: (messages) => messages.length - cutOf(messages) > 2 * STEP && startAt(messages, messages.length - STEP),
    reveal: (messages, ts) => {
      const index = messages.findIndex((message) => message.ts === ts);
      if (index !== -1 && index < cutOf(messages)) startAt(messages, Math.max(index - STEP / 2, 0));
    },
  };
}
