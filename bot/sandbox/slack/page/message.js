// One message: who, when, what, and the thread below it.

import { drawBlock } from "./blocks.js";
import { clock, formatDate, momentWords, nowSeconds } from "./dates.js";
import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { draw, link } from "./markup.js";
import { parse } from "./mrkdwn.js";
import { author, avatar, personName } from "./people.js";

const COLORS = { good: "#2eb67d", warning: "#daa038", danger: "#e01e5a" };

/**
 * An article for `message`. `compact` leaves the author out (the message above has the same one);
 * `openThread` is null where no thread can be shown below it (in a thread, on ephemeral notes).
 */
export function drawMessage(message, { surface, compact, openThread }) {
  const { world } = surface;
  const writer = author(message, world.users);
  const time = timeOf(message, world.me);
  const gutter = compact
    ? el("span", { class: "gutter-time", "aria-hidden": "true" }, time.cloneNode(true)) : avatar(writer);
  const badge = writer.is_bot || message.bot_id ? el("span", { class: "badge" }, "APP") : null;
  const heading = compact ? null : el("header", {}, el("strong", { class: "author" }, personName(writer)), badge, time);
  const footer = openThread ? threadFooter(message, world, openThread) : null;
  return el("article", {
    class: `message${compact ? " compact" : ""}${message.is_ephemeral ? " ephemeral" : ""}`,
    "aria-label": `${personName(writer)}, ${time.textContent}`, "data-ts": message.ts,
    "data-focus": `message/${message.ts}`, tabindex: "-1",
  }, message.is_ephemeral ? onlyYou() : null, el("div", { class: "gutter" }, gutter),
  el("div", { class: "body" }, heading, broadcast(message, world, openThread), contentOrExcuse(message, surface), reactions(message, world), footer));
}

function timeOf(message, me) {
  const epoch = Number(message.ts);
  const title = formatDate("{date_long_full} at {time_secs}", epoch, me, nowSeconds());
  return el("time", { class: "time", datetime: new Date(epoch * 1000).toISOString(), title }, clock(epoch, me));
}

/** A reply that was sent to the channel as well says so in both places; in the channel it leads to its thread. */
function broadcast({ subtype, root, ts }, world, openThread) {
  if (subtype !== "thread_broadcast") return null;
  if (openThread === null) return el("p", { class: "broadcast" }, "Also sent to the channel");
  const words = plainLine(root?.text ?? "", world) || "this thread";
  const open = el("button", {
    type: "button", class: "link", "data-focus": `thread-of/${ts}`, on: { click: openThread },
  }, words);
  return el("p", { class: "broadcast" }, "replied to a thread: ", open);
}

/** Text on one line as a reader sees it, without its styles and links. */
function plainLine(text, world) {
  return el("span", {}, draw(parse(text), world)).textContent.replace(/\s+/g, " ").trim();
}

function onlyYou() {
  return el("p", { class: "only-you" }, icon("eye"), "Only visible to you");
}

/** One message that cannot be drawn must not take the others with it. */
function contentOrExcuse(message, surface) {
  try {
    return content(message, surface);
  } catch (error) {
    console.warn("A message cannot be drawn.", message, error);
    return el("p", { class: "unknown" }, "This message cannot be shown here.");
  }
}

function content(message, surface) {
  const { world } = surface;
  if (message.subtype === "tombstone") return el("p", { class: "tombstone" }, "This message was deleted.");
  const edited = message.edited ? el("span", { class: "edited" }, "(edited)") : null;
  const parts = [];
  if (message.blocks?.length) parts.push(...message.blocks.map((block) => drawBlock(block, surface)));
  else if (message.text) {
    parts.push(el("div", { class: "mrkdwn" }, draw(parse(message.text), world), edited ? " " : null, edited));
  }
  parts.push(...(message.attachments ?? []).map((attachment) => drawAttachment(attachment, surface)));
  if (edited !== null && edited.parentNode === null) parts.push(edited);
  return el("div", { class: "content" }, parts);
}

/** An attachment: a coloured bar with blocks, or with the older title and text. */
function drawAttachment(attachment, surface) {
  const { world } = surface;
  const inside = attachment.blocks?.length
    ? attachment.blocks.map((block) => drawBlock(block, surface))
    : [
      attachment.pretext ? el("div", { class: "mrkdwn" }, draw(parse(attachment.pretext), world)) : null,
      attachment.title ? el("strong", {}, attachmentTitle(attachment)) : null,
      el("div", { class: "mrkdwn" }, draw(parse(attachment.text ?? attachment.fallback ?? ""), world)),
    ];
  const box = el("div", { class: "attachment" }, inside);
  const color = COLORS[attachment.color] ?? (attachment.color ? `#${attachment.color.replace("#", "")}` : "");
  box.style.borderLeftColor = color;
  return box;
}

function attachmentTitle({ title, title_link: url }) {
  return /^https?:/i.test(url ?? "") ? link(url, title) : title;
}

function threadFooter(message, world, openThread) {
  const count = message.reply_count ?? 0;
  if (count === 0) return null;
  const faces = (message.reply_users ?? []).slice(0, 5).map((id) => avatar(author({ user: id }, world.users), "tiny"));
  const open = el("button", {
    type: "button", class: "replies", "data-focus": `replies/${message.ts}`, on: { click: openThread },
  }, repliesWords(count));
  const words = momentWords(Number(message.latest_reply ?? message.ts), world.me, nowSeconds());
  const last = el("span", { class: "last-reply" }, `Last reply ${words}`);
  return el("div", { class: "thread-footer" }, el("span", { class: "faces" }, faces), open, last);
}

export const repliesWords = (count) => (count === 1 ? "1 reply" : `${count} replies`);

function reactions({ reactions: all = [] }, world) {
  if (all.length === 0) return null;
  return el("div", { class: "reactions" }, all.map(({ name, users, count }) => {
    const people = users.map((id) => personName(author({ user: id }, world.users))).join(", ");
    const label = `${people} reacted with :${name}:`;
    const words = `${emoji(name) ?? `:${name}:`} ${count}`;
    return el("span", { class: "reaction", role: "img", "aria-label": label, title: label }, words);
  }));
}
