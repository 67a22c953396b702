// The panel beside the channel with one thread: its root, its replies, and where to answer.

import { createComposer } from "./composer.js";
import { el } from "./dom.js";
import { iconButton } from "./icons.js";
import { listKey, messagesOf } from "./lists.js";
import { createJoin } from "./join.js";
import { createLog } from "./log.js";
import { channelName } from "./people.js";
import { completable } from "./suggestions.js";

/** `giveBackFocus(ts)` takes it when the thread closes. Returns {node, draw(state)}; hidden while no thread is open. */
export function createThread({ world, actions, threadTs, giveBackFocus }) {
  const where = el("span", { class: "thread-where" });
  const log = createLog({ world, actions, thread: true });
  const composer = createComposer({
    send: (text) => actions.say(text, threadTs()), runShortcut: actions.runShortcut,
  });
  const join = createJoin({ actions });
  const close = iconButton("close", "Close thread", () => actions.closeThread());
  const node = el("aside", {
    class: "thread", role: "complementary", "aria-label": "Thread", hidden: true,
    on: { keydown: (event) => event.key === "Escape" && !event.defaultPrevented && actions.closeThread() },
  }, el("header", {}, el("h2", {}, "Thread"), where, close), log.node, join.node, composer.node);
  let shown = null;
  let root = null;

  function draw(state) {
    const key = state.threadTs === null ? null : listKey(state.channelId, state.threadTs);
    const hadFocus = node.contains(document.activeElement);
    node.hidden = key === null;
    if (key === null && hadFocus) giveBackFocus(root);
    if (key !== null) {
      where.textContent = channelName(state.channels.get(state.channelId), state.users);
      log.draw({
        key: `${state.me.id} ${key}`, label: "Thread messages", channel: state.channelId,
        messages: messagesOf(state.lists, key), target: state.target, newSince: null,
      });
      const joins = join.node.contains(document.activeElement);
      join.draw(state);
      composer.node.hidden = !join.node.hidden || state.channels.get(state.channelId).is_archived;
      if (joins && join.node.hidden) composer.focus();
      composer.draw({ key: `${state.me.id} ${key}`, label: "Reply in thread", known: completable(state, true) });
      if (key !== shown && matchMedia("(pointer: fine)").matches) composer.focus();
    }
    shown = key;
    root = state.threadTs;
  }

  return { node, draw };
}
