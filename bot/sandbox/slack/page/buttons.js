// Buttons and overflow menus: elements that act and hold no value.

import { confirmed } from "./confirm.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { drawText, plainWords } from "./markup.js";
import { createMenu } from "./menu.js";

const WEB = /^https?:\/\//i;
const MORE = "More options";

/** A Block Kit button; with `url` it is a link that also tells the app. */
export function button(block, element, surface) {
  const isLink = WEB.test(element.url ?? "");
  const node = el(isLink ? "a" : "button", {
    class: `button ${element.style ?? ""}`,
    "aria-label": element.accessibility_label,
    "data-focus": surface.focusKey(block, element),
    ...(isLink ? { href: element.url, target: "_blank", rel: "noopener noreferrer" } : { type: "button" }),
  }, el("span", {}, drawText(element.text, surface.world)));
  node.addEventListener("click", async (event) => {
    if (element.confirm) {
      event.preventDefault();
      if (!(await confirmed(element.confirm, surface.world))) return;
      if (isLink) window.open(element.url, "_blank", "noopener");
    }
    surface.dispatch(block, element, { value: element.value ?? null }, node);
  });
  return node;
}

/** The "…" menu. */
export function overflow(block, element, surface) {
  const opener = el("button", {
    type: "button", class: "button overflow", "data-focus": surface.focusKey(block, element), "aria-label": MORE,
  }, icon("more"));
  const pick = async (option) => {
    if (WEB.test(option.url ?? "")) window.open(option.url, "_blank", "noopener");
    if (element.confirm && !(await confirmed(element.confirm, surface.world))) return;
    surface.dispatch(block, element, { selected_option: option }, opener);
  };
  const items = () => element.options.map((option) => ({
    text: plainWords(option.text),
    description: option.description ? plainWords(option.description) : null,
    pick: () => pick(option),
  }));
  return el("span", { class: "overflow-box" }, opener, createMenu(opener, { label: MORE, items }).node);
}
