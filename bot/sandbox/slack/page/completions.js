// The list above the composer: arrows, Enter, Tab, Escape, or a click.

import { el, uid } from "./dom.js";
import { icon } from "./icons.js";

/** `take(option)` hears what was chosen. Returns {node, offer(label, options), press(event): was it for the list?}. */
export function createCompletions(box, take) {
  const node = el("div", {
    role: "listbox", id: uid("completions"), class: "completions", hidden: true,
    on: { mousedown: (event) => event.preventDefault() }, // the box keeps the focus
  });
  let offered = [];
  let active = 0;
  box.setAttribute("aria-controls", node.id);

  function offer(label, options) {
    offered = options;
    node.hidden = offered.length === 0;
    node.setAttribute("aria-label", label);
    node.replaceChildren(...offered.map((option, index) => (
      optionNode(option, { click: () => take(option), pointermove: () => point(index) }))));
    point(0);
  }

  function point(index) {
    active = index;
    for (const [at, option] of [...node.children].entries()) {
      option.setAttribute("aria-selected", String(at === active));
    }
    node.children[active]?.scrollIntoView({ block: "nearest" });
    if (node.hidden) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", node.children[active].id);
  }

  function press(event) {
    if (node.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) point((active + step + offered.length) % offered.length);
    else if (event.key === "Escape") offer("", []);
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) {
      // What is typed to its end is sent by Enter, unless another one was chosen from the list.
      if (event.key === "Enter" && offered[active].insert?.trim() === box.value) return false;
      take(offered[active]);
    } else {
      if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) offer("", []);
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return { node, offer, press };
}

function optionNode({ sign, text, hint, about, from }, on) {
  const line = el("span", { class: "completion-line" }, sign ? icon(sign) : null, el("strong", {}, text), " ",
    el("span", { class: "hint" }, hint ?? ""));
  const more = el("span", { class: "completion-about" }, about, el("span", { class: "completion-app" }, from ?? ""));
  return el("div", { role: "option", id: uid("completion"), class: "completion", on }, line, about ? more : null);
}
