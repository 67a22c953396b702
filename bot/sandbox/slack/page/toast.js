// Sentences about what went wrong, where nothing else on the page has a place for them.

import { el } from "./dom.js";

const READING_TIME = 8000;

/** Returns {node, toast(sentence)}; it stands in the top layer, above dialogs. */
export function createToasts() {
  const node = el("div", { class: "toast", role: "alert", popover: "manual" });
  let timer = 0;

  function toast(sentence) {
    clearTimeout(timer);
    node.hidePopover();
    node.textContent = sentence;
    node.showPopover();
    timer = setTimeout(() => node.hidePopover(), READING_TIME);
  }

  return { node, toast };
}
