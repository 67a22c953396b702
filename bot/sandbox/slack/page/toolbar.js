// The small bar on the message under the pointer or the focus: its thread, and a menu of what else can be done.

import { confirmed } from "./confirm.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { createMenu } from "./menu.js";
import { permalink } from "./place.js";

const plain = (text) => ({ type: "plain_text", text });
const DELETE = {
  title: plain("Delete message"), style: "danger", confirm: plain("Delete"), deny: plain("Cancel"),
  text: plain("Are you sure you want to delete this message? This cannot be undone."),
};

/** `openThread(message)` is null in a thread. Returns {nodes to stand beside the list, show, hide}. */
export function createToolbar({ world, actions, openThread }) {
  const thread = el("button", { type: "button", on: { click: () => openThread(message) } }, icon("thread"));
  const more = el("button", { type: "button", "aria-label": "More actions", title: "More actions" }, icon("more"));
  const menu = createMenu(more, { label: "Message actions", items });
  const node = el("div", { class: "toolbar", role: "toolbar", "aria-label": "Message" },
    openThread ? thread : null, more);
  let message = null;
  let channel = null;

  function items() {
    const target = message;
    const where = { channel, message_ts: target.ts };
    const offered = world.shortcuts.filter(({ type }) => type === "message").map((shortcut) => ({
      text: shortcut.name, description: shortcut.description, from: world.app.name,
      pick: () => run(shortcut.callback_id, where),
    }));
    const copy = { text: "Copy link", pick: () => copyLink(permalink(where.channel, target)) };
    return [...offered, copy, ...removals(target, where.channel)];
  }

  /** People delete what is theirs; that the app's messages can go as well is a way to disturb it. */
  function removals({ ts, user }, where) {
    const remove = () => actions.deleteMessage(where, ts);
    const ask = async () => await confirmed(DELETE, world) && remove();
    if (user === world.me.id) return [{ text: "Delete message", danger: true, pick: ask }];
    return user === world.app.bot_user ? [{ text: "Delete as a fault", danger: true, pick: remove }] : [];
  }

  async function run(callbackId, where) {
    more.ariaBusy = "true";
    try {
      await actions.runShortcut(callbackId, where);
    } catch (error) {
      actions.toast(error.message);
    }
    more.ariaBusy = "false";
  }

  async function copyLink(address) {
    try {
      await navigator.clipboard.writeText(address);
      actions.toast("Link copied.");
    } catch {
      actions.toast(`The browser does not let this page copy. The link is ${address}`);
    }
  }

  /** Stand on the article of this message. */
  function show(article, nextMessage, nextChannel) {
    message = nextMessage;
    channel = nextChannel;
    const name = message.reply_count ? "View thread" : "Start a thread";
    thread.ariaLabel = name;
    thread.title = name;
    if (node.parentNode === article) return;
    if (node.contains(document.activeElement)) article.focus({ preventScroll: true });
    article.append(node);
  }

  return { node, menu: menu.node, show, hide: () => node.remove(), isBusy: () => menu.isOpen() };
}
