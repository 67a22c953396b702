// Block Kit: one block in, one node out. `surface` is the message or modal they stand in (surface.js).

import { button, overflow } from "./buttons.js";
import { el, uid } from "./dom.js";
import { VALUE_TYPES } from "./form.js";
import { control, isGroup } from "./inputs.js";
import { drawText, plainWords } from "./markup.js";
import { richText } from "./richtext.js";

const BLOCKS = {
  section,
  context: (block, surface) => row("context", block, (item) => contextItem(item, surface)),
  divider: () => el("hr"),
  header: (block, surface) => el("h3", { class: "header-block" }, drawText(block.text, surface.world)),
  actions: (block, surface) => row("actions", block, (item) => element(block, item, surface)),
  image: imageBlock,
  input: inputBlock,
  rich_text: (block, surface) => richText(block, surface.world),
};

/** Items for `reconcile`: a block is drawn anew only when its JSON changed. */
export function blockItems(blocks, surface) {
  return blocks.map((block, index) => ({
    key: block.block_id ?? String(index),
    version: [JSON.stringify(block), surface],
    build: () => drawBlock(block, surface),
  }));
}

export function drawBlock(block, surface) {
  const make = BLOCKS[block.type];
  const content = make ? make(block, surface) : unknown(block, "block");
  return el("div", { class: `block block-${block.type}`, "data-block": block.block_id }, content);
}

const row = (kind, block, drawItem) => el("div", { class: kind }, block.elements.map(drawItem));

function unknown({ type }, what) {
  return el("span", { class: "unknown" }, `A “${type}” ${what} is not shown here.`);
}

function section(block, surface) {
  const words = (object) => el("div", { class: "mrkdwn" }, drawText(object, surface.world));
  const text = block.text ? words(block.text) : null;
  const pairs = block.fields ? el("div", { class: "fields" }, block.fields.map(words)) : null;
  const accessory = block.accessory
    ? el("div", { class: "accessory" }, element(block, block.accessory, surface)) : null;
  return el("div", { class: "section" }, el("div", { class: "section-body" }, text, pairs), accessory);
}

function contextItem(item, surface) {
  if (item.type === "image") return image(item, "context-image");
  return el("span", { class: "mrkdwn" }, drawText(item, surface.world));
}

function imageBlock(block, surface) {
  const title = block.title ? el("figcaption", {}, drawText(block.title, surface.world)) : null;
  return el("figure", {}, title, image(block, "block-image"));
}

function image(item, kind) {
  return el("img", { src: item.image_url, alt: item.alt_text, title: item.alt_text, class: kind, loading: "lazy" });
}

/** An element of an actions block or a section's accessory. */
function element(block, item, surface) {
  if (item.type === "button") return button(block, item, surface);
  if (item.type === "overflow") return overflow(block, item, surface);
  if (item.type === "image") return image(item, "accessory-image");
  if (!VALUE_TYPES.has(item.type)) return unknown(item, "element");
  const name = plainWords(item.placeholder ?? block.text ?? { text: "Choose" }).replace(/[*_~`]/g, "");
  const box = el("div", { class: `element element-${item.type}` });
  box.append(control(item, fieldOf(block, item, surface, { box, name, attributes: { "aria-label": name } })));
  return box;
}

function inputBlock(block, surface) {
  const item = block.element;
  const name = plainWords(block.label);
  const id = uid("field");
  const grouped = isGroup(item);
  const label = el(grouped ? "span" : "label", { class: "label", id: uid("label"), for: grouped ? null : id },
    drawText(block.label, surface.world));
  const optional = block.optional ? el("span", { class: "optional" }, "(optional)") : null;
  const hint = block.hint ? el("p", { class: "hint", id: uid("hint") }, drawText(block.hint, surface.world)) : null;
  const box = el("div", { class: `field field-${item.type}` }, el("div", { class: "label-row" }, label, optional));
  const attributes = {
    id, "aria-required": block.optional ? null : "true", "aria-describedby": hint?.id,
    "aria-labelledby": grouped ? label.id : null,
  };
  const field = fieldOf(block, item, surface, { box, name, attributes });
  box.append(VALUE_TYPES.has(item.type) ? control(item, field) : unknown(item, "element"), hint ?? "");
  return box;
}

function fieldOf(block, item, surface, { box, name, attributes }) {
  return {
    name,
    optional: block.type === "input" && block.optional === true,
    dispatches: block.type !== "input" || block.dispatch_action === true,
    attributes: { ...attributes, "data-control": true, "data-focus": surface.focusKey(block, item) },
    entry: VALUE_TYPES.has(item.type) ? surface.entries.get(block, item) : null,
    change: (entry, { settled }) => surface.change(block, item, entry, settled, box),
    options: (query) => surface.options(block, item, query),
    world: surface.world,
  };
}

/** Say under a field what is wrong with it, or take that back with null. */
export function markField(blockNode, sentence) {
  const field = blockNode.querySelector(".field");
  if (field === null) return; // What stood there before is still being entered.
  const old = field.querySelector(".field-error");
  old?.remove();
  const error = sentence === null ? null : el("p", { class: "field-error", role: "alert", id: uid("error") }, sentence);
  if (error !== null) field.append(error);
  for (const node of field.querySelectorAll("[data-control]")) {
    const others = (node.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== old?.id);
    const ids = error === null ? others : [...others, error.id];
    if (ids.length > 0) node.setAttribute("aria-describedby", ids.join(" "));
    else node.removeAttribute("aria-describedby");
    if (error === null) node.removeAttribute("aria-invalid");
    else node.setAttribute("aria-invalid", "true");
  }
}
