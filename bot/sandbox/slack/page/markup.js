// Draws the nodes of mrkdwn.js. `world` is {me, users: Map, channels: Map, openChannel(id)}.

import { formatDate, nowSeconds } from "./dates.js";
import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { parse, parsePlain } from "./mrkdwn.js";
import { personName } from "./people.js";

const STYLE_TAGS = { bold: "strong", italic: "em", strike: "s" };

const DRAW = {
  text: (node) => document.createTextNode(node.text),
  style: (node, world) => el(STYLE_TAGS[node.style], {}, draw(node.children, world)),
  code: (node) => el("code", {}, node.text),
  pre: (node) => el("pre", {}, node.text),
  quote: (node, world) => el("blockquote", {}, draw(node.children, world)),
  link: (node) => link(node.url, node.label),
  emoji: (node) => drawEmoji(node.name),
  user: (node, world) => mention(node, world),
  channel: (node, world) => channelLink(node, world),
  broadcast: (node) => el("span", { class: "mention mention-me" }, `@${node.name}`),
  date: (node, world) => drawDate(node, world),
};

/** DOM nodes for parsed nodes. */
export function draw(nodes, world) {
  return nodes.map((node) => DRAW[node.type](node, world));
}

/** DOM nodes for a Slack text object ({type: mrkdwn|plain_text, text}). */
export function drawText(object, world) {
  if (object.type === "mrkdwn") return draw(parse(object.text, { verbatim: object.verbatim === true }), world);
  return draw(parsePlain(object.text, object.emoji !== false), world);
}

/** The words of a text object as a string, for names and native controls. */
export function plainWords(object) {
  return parsePlain(object.text).map((node) => node.text ?? emoji(node.name)).join("");
}

/** A link to elsewhere; it opens beside the page and tells nothing about it. */
export function link(url, label) {
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

function drawEmoji(name) {
  const character = emoji(name);
  if (character === undefined) return document.createTextNode(`:${name}:`);
  const words = name.replace(/::.*/, "").replaceAll("_", " ");
  return el("span", { class: "emoji", role: "img", "aria-label": words, title: `:${name}:` }, character);
}

function mention({ id, label }, world) {
  const person = world.users.get(id);
  const name = person ? personName(person) : (label ?? id);
  const mine = id === world.me.id ? " mention-me" : "";
  return el("span", { class: `mention${mine}` }, `@${name}`);
}

function channelLink({ id, label }, world) {
  const channel = world.channels.get(id);
  if (channel === undefined) return el("span", { class: "mention" }, `#${label || "private-channel"}`);
  const open = () => world.openChannel(id);
  return el("button", { class: "mention mention-link", type: "button", on: { click: open } }, `#${channel.name}`);
}

// Beyond it a Date is invalid.
const LAST_EPOCH = 8.64e12;

function drawDate({ epoch, format, url, fallback }, world) {
  if (!(Math.abs(epoch) <= LAST_EPOCH)) return document.createTextNode(fallback ?? format);
  const text = formatDate(format, epoch, world.me, nowSeconds());
  const time = el("time", {
    datetime: new Date(epoch * 1000).toISOString(),
    title: formatDate("{date_long_full} at {time_secs}", epoch, world.me, nowSeconds()),
    "data-epoch": epoch, "data-format": format, "data-fallback": fallback,
  }, text);
  return url === null ? time : link(url, time);
}

/** Relative words ("today", "3 minutes ago") age: write them anew. */
export function refreshDates(root, person) {
  for (const time of root.querySelectorAll("time[data-format]")) {
    const text = formatDate(time.dataset.format, Number(time.dataset.epoch), person, nowSeconds());
    if (time.textContent !== text) time.textContent = text;
  }
}

