// One surface for each message of a list: what was chosen in a message's menus outlives its updates.

import { createSurface } from "./surface.js";

/** Returns {of(message, channel), clear()}. */
export function createSurfaces({ world, actions }) {
  const known = new Map();

  function of(message, channel) {
    const old = known.get(message.ts);
    if (old !== undefined) {
      old.show(message);
      return old.surface;
    }
    const made = messageSurface(message, channel, { world, actions });
    known.set(message.ts, made);
    return made.surface;
  }

  return { of, clear: () => known.clear() };
}

function messageSurface(first, channel, { world, actions }) {
  let message = first;
  const container = () => ({
    type: "message", channel, message_ts: message.ts,
    ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
    ...(message.is_ephemeral ? { is_ephemeral: true } : {}),
  });
  const blocks = () => [...(message.blocks ?? []), ...(message.attachments ?? []).flatMap((one) => one.blocks ?? [])];
  const surface = createSurface({
    key: message.ts,
    world,
    toast: actions.toast,
    act: (action) => actions.act(container(), action, surface.entries.collect(blocks())),
    options: (block, element, query) => actions.options(container(), block, element, query),
  });
  return { surface, show: (next) => { message = next; } };
}
