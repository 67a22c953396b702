// The panel beside the channel with one thread: its root, its replies, and where to answer.

import { createComposer } from "./composer.js";
import { el } from "./dom.js";
import { iconButton } from "./icons.js";
import { listKey, messagesOf } from "./lists.js";
import { createLog } from "./log.js";
import { channelName } from "./people.js";

/** Returns {node, draw(state)}; the node is hidden while no thread is open. */
export function createThread({ world, actions, threadTs }) {
  const where = el("span", { class: "thread-where" });
  const log = createLog({ world, actions, thread: true });
  const composer = createComposer({ send: (text) => actions.say(text, threadTs()), offersCommands: false });
  const close = iconButton("close", "Close thread", () => actions.closeThread());
  const node = el("aside", {
    class: "thread", role: "complementary", "aria-label": "Thread", hidden: true,
    on: { keydown: (event) => event.key === "Escape" && !event.defaultPrevented && actions.closeThread() },
  }, el("header", {}, el("h2", {}, "Thread"), where, close), log.node, composer.node);
  let shown = null;

  function draw(state) {
    const key = state.threadTs === null ? null : listKey(state.channelId, state.threadTs);
    node.hidden = key === null;
    if (key !== null) {
      where.textContent = channelName(state.channels.get(state.channelId), state.users);
      log.draw({
        key: `${state.me.id} ${key}`, label: "Thread messages", channel: state.channelId,
        messages: messagesOf(state.lists, key), target: state.target, newSince: null,
      });
      composer.draw({ key, label: "Reply in thread", commands: [], shortcuts: [] });
      if (key !== shown && matchMedia("(pointer: fine)").matches) composer.focus();
    }
    shown = key;
  }

  return { node, draw };
}
