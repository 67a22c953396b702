// A list of messages that stays where the reader is: at the bottom with what is new, or where they scrolled to.

import { dayOf, dayTitle, nowSeconds } from "./dates.js";
import { el, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { drawMessage, repliesWords } from "./message.js";
import { createSurfaces } from "./surfaces.js";
import { createToolbar } from "./toolbar.js";
import { createWindow } from "./window.js";

const SAME_AUTHOR_WITHIN = 300;
const NEAR_THE_END = 48;
const NEAR_THE_TOP = 300;

const NOTHING = { key: null, channel: null, messages: null, target: null, newSince: null };

/** `thread` lists show their root, a line with the number of replies, and no threads of their own. */
export function createLog({ world, actions, thread }) {
  const list = el("div", { class: "log-list" });
  const scroller = el("div", { class: "log", role: "log", tabindex: "0" }, list);
  const jump = el("button", { type: "button", class: "jump", hidden: true, on: { click: toEnd } },
    icon("down"), "New messages");
  const openThread = (message) => actions.openThread(message.thread_ts ?? message.ts);
  const toolbar = createToolbar({ world, actions, openThread: thread ? null : openThread });
  const node = el("div", { class: "log-frame" }, scroller, toolbar.menu, jump);
  const surfaces = createSurfaces({ world, actions });
  const drawn = createWindow(thread ? 1 : 0);
  let pinned = true;
  let shown = NOTHING;

  scroller.addEventListener("scroll", () => {
    look();
    if (scroller.scrollTop < NEAR_THE_TOP) showEarlier();
  });
  scroller.addEventListener("keydown", walk);
  list.addEventListener("pointerover", (event) => toolbarOn(event.target));
  list.addEventListener("focusin", (event) => toolbarOn(event.target));
  // A finger leaves before its click comes; the toolbar under it goes with the focus.
  list.addEventListener("pointerleave", ({ pointerType }) => {
    if (pointerType !== "touch" && !toolbar.node.contains(document.activeElement)) letGo();
  });
  list.addEventListener("focusout", ({ relatedTarget }) => {
    if (document.hasFocus() && !list.contains(relatedTarget) && !list.matches(":hover")) letGo();
  });
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

  /**
   * Show `messages` (null while they are on their way) of list `key`; `target` is a ts to bring into view, once,
   * `newSince` the ts from which they were unread.
   */
  function draw(next) {
    const { key, label, messages, target, newSince } = next;
    const isNew = key !== shown.key;
    if (!isNew && messages === shown.messages && target === shown.target && newSince === shown.newSince) return;
    if (isNew) surfaces.clear();
    look();
    scroller.setAttribute("aria-label", label);
    scroller.setAttribute("aria-busy", String(messages === null));
    const before = shown;
    const isFirst = isNew || before.messages === null;
    shown = { ...next, target: before.target };
    if (isFirst) drawn.reset(messages ?? []);
    else if (pinned) drawn.trim(messages);
    if (target !== null && target !== before.target) drawn.reveal(messages ?? [], target);
    redraw();
    const last = messages?.at(-1);
    const isNews = last !== undefined && last.ts > (before.messages?.at(-1)?.ts ?? "");
    const isForMe = isNews && (last.user === world.me.id || last.is_ephemeral);
    if (isFirst || pinned || isForMe) toEnd();
    else if (isNews) jump.hidden = false;
    showTarget(target);
  }

  function redraw() {
    const wasOn = toolbar.node.closest("article")?.dataset.ts;
    const focused = toolbar.node.contains(document.activeElement) ? document.activeElement : null;
    const hadFocus = list.contains(document.activeElement);
    const flashing = [...list.querySelectorAll("article.target")].filter((article) => article.getAnimations().length > 0);
    reconcile(list, itemsOf(shown.messages ?? []));
    for (const { dataset } of flashing) articleOf(dataset.ts)?.classList.add("target");
    if (wasOn !== undefined && !toolbar.node.isConnected) {
      toolbarOn(articleOf(wasOn));
      focused?.focus({ preventScroll: true });
    }
    if (hadFocus && !list.contains(document.activeElement)) scroller.focus({ preventScroll: true });
  }

  /** The focus comes back from the thread of this message; whether the message is there. */
  function focusOn(ts) {
    const article = articleOf(ts);
    (article?.querySelector(".replies") ?? article)?.focus({ preventScroll: true });
    return article !== null;
  }

  /** Draw more above, without moving what is read. */
  function showEarlier() {
    const messages = shown.messages ?? [];
    if (drawn.cut(messages) <= (thread ? 1 : 0)) return;
    const anchor = articleOf(messages[drawn.cut(messages)].ts);
    const top = anchor.getBoundingClientRect().top;
    drawn.grow(messages);
    redraw();
    scroller.scrollTop += articleOf(anchor.dataset.ts).getBoundingClientRect().top - top;
  }

  const articleOf = (ts) => list.querySelector(`article[data-ts="${CSS.escape(ts)}"]`);

  function showTarget(target) {
    const found = target === null || target === shown.target ? null : articleOf(target);
    if (target === null || found) shown = { ...shown, target };
    if (!found) return;
    found.scrollIntoView({ block: "center" });
    found.classList.add("target");
  }

  function toolbarOn(target) {
    const article = target?.closest("article[data-ts]");
    if (!article || toolbar.isBusy()) return;
    const message = shown.messages.find(({ ts }) => ts === article.dataset.ts);
    if (!message || message.is_ephemeral || message.subtype === "tombstone") toolbar.hide();
    else toolbar.show(article, message, shown.channel);
  }

  function letGo() {
    if (!toolbar.isBusy()) toolbar.hide();
  }

  /** The arrow keys go from message to message, as long as nothing inside one is used. */
  function walk(event) {
    const from = event.target;
    if (from !== scroller && !from.matches("article[data-ts]")) return;
    const articles = [...list.querySelectorAll("article[data-ts]")];
    const at = from === scroller ? articles.length : articles.indexOf(from);
    const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: articles.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    articles[Math.max(0, Math.min(next, articles.length - 1))]?.focus();
  }

  function itemsOf(messages) {
    const items = [];
    const cut = drawn.cut(messages);
    const visible = thread ? [...messages.slice(0, 1), ...messages.slice(cut)] : messages.slice(cut);
    const newIndex = shown.newSince === null ? -1 : visible.findIndex(({ ts }) => ts >= shown.newSince);
    for (const [index, message] of visible.entries()) {
      const before = index === 0 || (thread && index === 1) ? null : visible[index - 1];
      const startsDay = !thread && isNewDay(before, message);
      if (startsDay) items.push(dayItem(message));
      if (index === newIndex) items.push(NEW);
      const compact = before !== null && !startsDay && index !== newIndex && continues(before, message);
      items.push(messageItem(message, compact));
      if (thread && index === 0) items.push(...countItems(messages));
    }
    return items;
  }

  function messageItem(message, compact) {
    const canThread = !thread && !message.is_ephemeral;
    return {
      key: message.ts,
      version: [message, compact, world.me.id],
      build: () => drawMessage(message, {
        surface: surfaces.of(message, shown.channel), compact, openThread: canThread ? () => openThread(message) : null,
      }),
    };
  }

  function dayItem(message) {
    const title = dayTitle(Number(message.ts), world.me, nowSeconds());
    return {
      key: `day ${dayOf(Number(message.ts), world.me.tz)}`, version: [title],
      build: () => el("div", { class: "day", role: "separator", "aria-label": title }, el("span", {}, title)),
    };
  }

  function isNewDay(before, message) {
    return before === null || dayOf(Number(before.ts), world.me.tz) !== dayOf(Number(message.ts), world.me.tz);
  }

  return { node, draw, focusOn };
}

const NEW = {
  key: "new", version: [],
  build: () => el("div", { class: "new-line", role: "separator", "aria-label": "New messages" }, el("span", {}, "New")),
};

/** The line below a thread's root; what only this person sees is no reply. */
function countItems(messages) {
  const count = messages.slice(1).filter((message) => !message.is_ephemeral).length;
  if (count === 0) return [];
  return [{
    key: "count", version: [count],
    build: () => el("div", { class: "reply-count" }, el("span", {}, repliesWords(count))),
  }];
}

function continues(before, message) {
  return before.user === message.user && !before.subtype && !message.subtype
    && Boolean(before.is_ephemeral) === Boolean(message.is_ephemeral) && !before.reply_count
    && Number(message.ts) - Number(before.ts) < SAME_AUTHOR_WITHIN;
}
