// Lists of messages as plain data: a channel's under its id, a thread's under "channel/thread_ts".
//
// A list is {messages: [Message]|null, waiting: [event]|null}. Events that arrive while a list is being fetched
// wait and are applied to what was fetched, so nothing is lost in between.

export const listKey = (channel, threadTs = null) => (threadTs === null ? channel : `${channel}/${threadTs}`);

export const messagesOf = (lists, key) => lists[key]?.messages ?? null;

/** A fetch begins. */
export function fetching(lists, key) {
  return { ...lists, [key]: { messages: messagesOf(lists, key), waiting: [] } };
}

/** A fetch has ended; unchanged messages stay the same objects, so they are not drawn again. */
export function fetched(lists, key, messages) {
  const known = new Map((messagesOf(lists, key) ?? []).map((message) => [message.ts, message]));
  const reused = messages.map((message) => {
    const old = known.get(message.ts);
    return old !== undefined && JSON.stringify(old) === JSON.stringify(message) ? old : message;
  });
  const current = (lists[key]?.waiting ?? []).reduce(change, reused);
  return { ...lists, [key]: { messages: current, waiting: null } };
}

/** Apply an event of the socket to every list it touches. */
export function apply(lists, event) {
  const touched = Object.keys(lists).filter((key) => touches(event, key));
  const changed = touched.map((key) => {
    const { messages, waiting } = lists[key];
    return [key, { messages: messages && change(messages, event), waiting: waiting && [...waiting, event] }];
  });
  return { ...lists, ...Object.fromEntries(changed) };
}

function touches({ type, channel, message }, key) {
  if (type === "message_deleted") return key === channel || key.startsWith(`${channel}/`);
  if (type === "read") return false;
  const root = message.thread_ts ?? message.ts;
  if (key === listKey(channel, root)) return true;
  return key === channel && (root === message.ts || message.subtype === "thread_broadcast" || type === "message_changed");
}

function change(messages, event) {
  if (event.type === "message_deleted") return messages.filter((message) => message.ts !== event.ts);
  const { message } = event;
  if (event.type === "message_changed") messages = messages.map((old) => withRoot(old, message));
  if (messages.some(({ ts }) => ts === message.ts)) {
    return messages.map((old) => (old.ts === message.ts ? message : old));
  }
  if (event.type === "message_changed") return messages;
  const after = messages.findIndex(({ ts }) => ts > message.ts);
  return after === -1 ? [...messages, message] : messages.toSpliced(after, 0, message);
}

/** A reply that stands in the channel as well shows what its thread began with, as that is now. */
function withRoot(reply, root) {
  return reply.root?.ts === root.ts ? { ...reply, root } : reply;
}
