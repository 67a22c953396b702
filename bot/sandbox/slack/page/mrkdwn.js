// Slack's mrkdwn as data: text in, a list of nodes out. It touches no DOM; markup.js draws the nodes.
//
// Nodes: {type: "text", text} | {type: "style", style: bold|italic|strike, children} | {type: "code", text}
//   | {type: "pre", text} | {type: "quote", children} | {type: "link", url, label} | {type: "emoji", name}
//   | {type: "user", id, label} | {type: "channel", id, label} | {type: "broadcast", name}
//   | {type: "date", epoch, format, url, fallback}

import { emoji } from "./emoji.js";

const STYLES = { "*": "bold", _: "italic", "~": "strike" };
const EMOJI = /^:([a-z0-9_+-]+(?:::skin-tone-[2-6])?):/;
const ADDRESS = /^https?:\/\/[^\s<>|`]+/;
export const SAFE_LINK = /^(https?:|mailto:|tel:|slack:)/i;
const WORD = /[\p{L}\p{N}]/u;

/** Slack escapes exactly these three. */
function decode(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Parse mrkdwn. With `verbatim`, bare addresses stay text. */
export function parse(text, { verbatim = false } = {}) {
  const nodes = [];
  const parts = text.split(/```([\s\S]+?)```/);
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1) nodes.push({ type: "pre", text: plain(part.replace(/^\n|\n$/g, "")) });
    else nodes.push(...paragraphs(besideCode(part, index > 0, index < parts.length - 1), verbatim));
  }
  return nodes;
}

// The line break between a paragraph and a block of code is the block's own.
function besideCode(part, codeBefore, codeAfter) {
  const begun = codeBefore ? part.replace(/^\n/, "") : part;
  return codeAfter ? begun.replace(/\n$/, "") : begun;
}

/** plain_text objects: three entities and, unless `emoji` is false, shortcodes. */
export function parsePlain(text, withEmoji = true) {
  if (!withEmoji) return [{ type: "text", text: decode(text) }];
  const nodes = [];
  for (const part of text.split(/(:[a-z0-9_+-]+(?:::skin-tone-[2-6])?:)/)) {
    const name = EMOJI.exec(part)?.[1];
    if (name !== undefined && emoji(name)) nodes.push({ type: "emoji", name });
    else if (part !== "") nodes.push({ type: "text", text: decode(part) });
  }
  return nodes;
}

function paragraphs(text, verbatim) {
  const nodes = [];
  const lines = text.split("\n");
  let start = 0;
  while (start < lines.length) {
    const quoted = isQuote(lines[start]);
    let end = start + 1;
    if (/^(&gt;|>){3}/.test(lines[start])) end = lines.length;
    else while (end < lines.length && isQuote(lines[end]) === quoted) end += 1;
    const run = lines.slice(start, end);
    if (quoted) {
      const inner = run.map((line) => line.replace(/^((&gt;|>){3}|&gt;|>) ?/, "")).join("\n");
      nodes.push({ type: "quote", children: inline(inner, verbatim) });
    } else if (run.join("\n") !== "") nodes.push(...inline(run.join("\n"), verbatim));
    start = end;
  }
  return nodes;
}

const isQuote = (line) => /^(&gt;|>)/.test(line);

function inline(text, verbatim) {
  const nodes = [];
  let plainFrom = 0;
  let at = 0;
  while (at < text.length) {
    const found = nodeAt(text, at, verbatim);
    if (found === null) {
      at += 1;
      continue;
    }
    if (at > plainFrom) nodes.push({ type: "text", text: decode(text.slice(plainFrom, at)) });
    nodes.push(found.node);
    at = found.end;
    plainFrom = at;
  }
  if (plainFrom < text.length) nodes.push({ type: "text", text: decode(text.slice(plainFrom)) });
  return nodes;
}

/** The node that begins at `at`, with the index after it; null where plain text goes on. */
function nodeAt(text, at, verbatim) {
  const mark = text[at];
  if (mark === "<") return reference(text, at);
  if (mark === "`") return codeAt(text, at);
  if (mark in STYLES) return styled(text, at, verbatim);
  if (mark === ":") return emojiAt(text, at);
  if (mark === "h" && !verbatim && !WORD.test(text[at - 1] ?? " ")) return bareAddress(text, at);
  return null;
}

function codeAt(text, at) {
  const end = spanEnd(text, at, "`");
  if (end === -1 || end === at + 1) return null;
  return { node: { type: "code", text: plain(text.slice(at + 1, end)) }, end: end + 1 };
}

function spanEnd(text, at, mark) {
  const end = text.indexOf(mark, at + 1);
  return end === -1 || text.slice(at, end).includes("\n") ? -1 : end;
}

function emojiAt(text, at) {
  const match = EMOJI.exec(text.slice(at, at + 80));
  if (match === null || !emoji(match[1])) return null;
  return { node: { type: "emoji", name: match[1] }, end: at + match[0].length };
}

function bareAddress(text, at) {
  const match = ADDRESS.exec(text.slice(at));
  if (match === null) return null;
  const url = match[0].replace(/(?:[.,;:!?*_~'")\]]|&gt;|&lt;)+$/, "");
  return { node: { type: "link", url: decode(url), label: decode(url) }, end: at + url.length };
}

/** Bold, italic or strike: the marks hug their words from inside and touch no word from outside. */
function styled(text, at, verbatim) {
  const mark = text[at];
  if (WORD.test(text[at - 1] ?? " ") || /[\s]/.test(text[at + 1] ?? " ") || text[at + 1] === mark) return null;
  const end = closing(text, at, mark);
  if (end === -1) return null;
  const children = inline(text.slice(at + 1, end), verbatim);
  return { node: { type: "style", style: STYLES[mark], children }, end: end + 1 };
}

function closing(text, at, mark) {
  let here = at + 1;
  while (here < text.length && text[here] !== "\n") {
    if (text[here] === "`" || text[here] === "<") {
      const end = spanEnd(text, here, text[here] === "<" ? ">" : "`");
      here = end === -1 ? here + 1 : end + 1;
      continue;
    }
    if (text[here] === mark && !/\s/.test(text[here - 1]) && !WORD.test(text[here + 1] ?? " ")) return here;
    here += 1;
  }
  return -1;
}

/** <https://…|label>, <@U…>, <#C…|name>, <!here>, <!date^…>: anything else between < and > is text. */
function reference(text, at) {
  const end = spanEnd(text, at, ">");
  if (end === -1) return null;
  const [target, ...rest] = text.slice(at + 1, end).split("|");
  const label = rest.length > 0 ? decode(rest.join("|")) : null;
  const node = referenceNode(target, label);
  return node === null ? null : { node, end: end + 1 };
}

function referenceNode(target, label) {
  if (/^@[UWB]\w+$/.test(target)) return { type: "user", id: target.slice(1), label };
  if (/^#[CGD]\w+$/.test(target)) return { type: "channel", id: target.slice(1), label };
  if (target.startsWith("!date^")) return dateNode(target, label);
  if (/^!(here|channel|everyone)$/.test(target)) return { type: "broadcast", name: target.slice(1) };
  if (target.startsWith("!")) return { type: "text", text: label ?? target.slice(1) };
  const url = decode(target);
  return SAFE_LINK.test(url) ? { type: "link", url, label: label || url.replace(/^mailto:/, "") } : null;
}

function dateNode(target, label) {
  const [, epoch, format, ...url] = target.split("^");
  if (!/^\d+$/.test(epoch ?? "") || format === undefined) return { type: "text", text: label ?? target };
  const link = decode(url.join("^"));
  const safe = SAFE_LINK.test(link) ? link : null;
  return { type: "date", epoch: Number(epoch), format: decode(format), url: safe, fallback: label };
}

/** Text inside code: references show as what a reader would see, nothing is styled. */
function plain(text) {
  const shown = text.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (whole, target, label) =>
    SAFE_LINK.test(target) ? (label ?? target) : whole);
  return decode(shown);
}
