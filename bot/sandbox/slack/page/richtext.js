// rich_text blocks: the same nodes as mrkdwn, so they are drawn by the same hands.

import { el } from "./dom.js";
import { draw } from "./markup.js";
import { SAFE_LINK } from "./mrkdwn.js";

const STYLES = ["bold", "italic", "strike"];

const CONTAINERS = {
  rich_text_section: (part, world) => el("div", { class: "mrkdwn" }, draw(inline(part), world)),
  rich_text_preformatted: (part) => el("pre", {}, part.elements.map((item) => item.text ?? item.url ?? "").join("")),
  rich_text_quote: (part, world) => el("blockquote", { class: "mrkdwn" }, draw(inline(part), world)),
  rich_text_list: (part, world) => list(part, world),
};

/** The nodes of one rich_text block. */
export function richText(block, world) {
  return el("div", { class: "rich-text" }, block.elements.map((part) => CONTAINERS[part.type]?.(part, world) ?? null));
}

function list(part, world) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const items = part.elements.map((item) => el("li", {}, draw(inline(item), world)));
  const start = tag === "ol" && part.offset ? part.offset + 1 : null;
  return el(tag, { class: `indent-${Math.min(part.indent ?? 0, 8)}`, start }, items);
}

function inline(part) {
  const unknown = (item) => ({ type: "text", text: item.text ?? "" });
  return part.elements.map((item) => styled((NODES[item.type] ?? unknown)(item), item.style));
}

const NODES = {
  text: (item) => (item.style?.code ? { type: "code", text: item.text } : { type: "text", text: item.text }),
  link: (item) => (SAFE_LINK.test(item.url)
    ? { type: "link", url: item.url, label: item.text || item.url }
    : { type: "text", text: item.text || item.url }),
  emoji: (item) => ({ type: "emoji", name: item.name }),
  user: (item) => ({ type: "user", id: item.user_id, label: null }),
  channel: (item) => ({ type: "channel", id: item.channel_id, label: null }),
  broadcast: (item) => ({ type: "broadcast", name: item.range }),
  color: (item) => ({ type: "code", text: item.value }),
  date: ({ timestamp, format, fallback }) => ({ type: "date", epoch: timestamp, format, url: null, fallback }),
};

function styled(node, style = {}) {
  const wrap = (inner, name) => ({ type: "style", style: name, children: [inner] });
  return STYLES.filter((name) => style[name]).reduce(wrap, node);
}
