// A list of messages that stays where the reader is: at the bottom with what is new, or where they scrolled to.

import { dayTitle, isoDate, nowSeconds } from "./dates.js";
import { el, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { drawMessage, repliesWords } from "./message.js";
import { createSurface } from "./surface.js";

const SAME_AUTHOR_WITHIN = 300;
const NEAR_THE_END = 48;

/** `thread` lists show their root, a line with the number of replies, and no threads of their own. */
export function createLog({ world, actions, thread }) {
  const list = el("div", { class: "log-list" });
  const scroller = el("div", { class: "log", role: "log", tabindex: "0" }, list);
  const jump = el("button", { type: "button", class: "jump", hidden: true, on: { click: toEnd } },
    icon("down"), "New messages");
  const node = el("div", { class: "log-frame" }, scroller, jump);
  const surfaces = new Map();
  let pinned = true;
  let shown = { key: null, messages: null, target: null };

  scroller.addEventListener("scroll", look);
  // Either may grow or shrink by itself: the window, an image, a sentence below a button.
  const sizes = new ResizeObserver(() => pinned && toEnd());
  sizes.observe(scroller);
  sizes.observe(list);

  function look() {
    pinned = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_THE_END;
    if (pinned) jump.hidden = true;
  }

  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    jump.hidden = true;
  }

  /** Show `messages` (null while they are on their way) of list `key`; `target` is a ts to bring into view, once. */
  function draw({ key, label, channel, messages, target }) {
    const isNew = key !== shown.key;
    if (!isNew && messages === shown.messages && target === shown.target) return;
    if (isNew) surfaces.clear();
    look();
    scroller.setAttribute("aria-label", label);
    scroller.setAttribute("aria-busy", String(messages === null));
    reconcile(list, itemsOf(messages ?? [], channel));
    const last = messages?.at(-1);
    const isNews = last !== undefined && last.ts > (shown.messages?.at(-1)?.ts ?? "");
    const isForMe = isNews && (last.user === world.me.id || last.is_ephemeral);
    if (isNew || pinned || isForMe) toEnd();
    else if (isNews) jump.hidden = false;
    shown = { key, messages, target: showTarget(target) };
  }

  function showTarget(target) {
    const found = target === shown.target ? null : list.querySelector(`[data-ts="${CSS.escape(target ?? "")}"]`);
    if (!found) return target === null ? null : shown.target;
    found.scrollIntoView({ block: "center" });
    found.classList.add("target");
    return target;
  }

  function itemsOf(messages, channel) {
    const items = [];
    for (const [index, message] of messages.entries()) {
      const before = index === 0 || (thread && index === 1) ? null : messages[index - 1];
      if (!thread && isNewDay(before, message)) items.push(dayItem(message));
      items.push(messageItem(message, before, channel));
      if (thread && index === 0 && messages.length > 1) items.push(countItem(messages.length - 1));
    }
    return items;
  }

  function messageItem(message, before, channel) {
    const compact = before !== null && continues(before, message) && (thread || !isNewDay(before, message));
    const canThread = !thread && !message.is_ephemeral;
    const openThread = canThread ? () => actions.openThread(message.thread_ts ?? message.ts) : null;
    return {
      key: message.ts,
      version: [message, compact, world.me.id],
      build: () => drawMessage(message, { surface: surfaceOf(message, channel), compact, openThread }),
    };
  }

  function dayItem(message) {
    const title = dayTitle(Number(message.ts), world.me, nowSeconds());
    return {
      key: `day ${isoDate(Number(message.ts), world.me.tz)}`, version: [title],
      build: () => el("div", { class: "day", role: "separator", "aria-label": title }, el("span", {}, title)),
    };
  }

  function isNewDay(before, message) {
    return before === null || isoDate(Number(before.ts), world.me.tz) !== isoDate(Number(message.ts), world.me.tz);
  }

  /** What was chosen in a message's menus outlives its updates. */
  function surfaceOf(message, channel) {
    const known = surfaces.get(message.ts);
    if (known !== undefined) {
      known.show(message);
      return known.surface;
    }
    const made = messageSurface(message, channel, { world, actions });
    surfaces.set(message.ts, made);
    return made.surface;
  }

  return { node, draw };
}

function countItem(count) {
  return {
    key: "count", version: [count],
    build: () => el("div", { class: "reply-count" }, el("span", {}, repliesWords(count))),
  };
}

function continues(before, message) {
  return before.user === message.user && before.username === message.username && !before.subtype && !message.subtype
    && Boolean(before.is_ephemeral) === Boolean(message.is_ephemeral) && !before.reply_count
    && Number(message.ts) - Number(before.ts) < SAME_AUTHOR_WITHIN;
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
