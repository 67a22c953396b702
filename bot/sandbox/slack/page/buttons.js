// Buttons and overflow menus: elements that act and hold no value.

import { confirmed } from "./confirm.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { drawText, plainWords } from "./markup.js";
import { createPopup } from "./popup.js";

const WEB = /^https?:\/\//i;

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
    type: "button", class: "button overflow", "data-focus": surface.focusKey(block, element),
    "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false",
  }, icon("more"));
  const popup = createPopup(opener, { onClose: () => opener.setAttribute("aria-expanded", "false") });
  const pick = async (option) => {
    popup.close();
    opener.focus();
    if (WEB.test(option.url ?? "")) window.open(option.url, "_blank", "noopener");
    if (element.confirm && !(await confirmed(element.confirm, surface.world))) return;
    surface.dispatch(block, element, { selected_option: option }, opener);
  };
  const items = element.options.map((option) => menuItem(option, pick));
  const menu = el("div", { role: "menu", "aria-label": "More actions" }, items);
  popup.node.append(menu);
  popup.node.addEventListener("keydown", (event) => menuKey(event, menu, () => { popup.close(); opener.focus(); }));
  opener.addEventListener("click", () => {
    if (popup.isOpen()) {
      popup.close();
      return;
    }
    popup.open();
    opener.setAttribute("aria-expanded", "true");
    menu.firstElementChild?.focus();
  });
  return el("span", { class: "overflow-box" }, opener, popup.node);
}

function menuItem(option, pick) {
  const description = option.description
    ? el("span", { class: "option-description" }, plainWords(option.description)) : null;
  return el("button", { type: "button", role: "menuitem", tabindex: "-1", on: { click: () => pick(option) } },
    plainWords(option.text), description);
}

function menuKey(event, menu, leave) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    items[(at + step + items.length) % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    leave();
  }
}
