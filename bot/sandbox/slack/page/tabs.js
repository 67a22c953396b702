// A row of tabs: click, or the arrow keys.

import { el } from "./dom.js";

/** `tabs` are [{key, text, panel?: id of what it shows}]; `choose(key)` hears of it. Returns {node, mark(key)}. */
export function createTabs({ label, tabs, choose }) {
  const buttons = new Map(tabs.map(({ key, text, panel }) => [key, el("button", {
    type: "button", role: "tab", class: "tab", "aria-controls": panel, on: { click: () => choose(key) },
  }, text)]));
  const node = el("div", {
    role: "tablist", class: "tabs", "aria-label": label, on: { keydown: press },
  }, [...buttons.values()]);

  function mark(chosen) {
    for (const [key, button] of buttons) {
      button.setAttribute("aria-selected", String(key === chosen));
      button.tabIndex = key === chosen ? 0 : -1;
    }
  }

  function press(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const all = [...buttons.keys()];
    const at = all.findIndex((key) => buttons.get(key) === event.target);
    if (!step || at === -1) return;
    event.preventDefault();
    const next = all[(at + step + all.length) % all.length];
    buttons.get(next).focus();
    choose(next);
  }

  return { node, mark };
}
