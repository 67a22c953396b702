// Menus that open from a button: arrows, Home, End, Enter, Escape.

import { el } from "./dom.js";
import { createPopup } from "./popup.js";

/**
 * A menu that `opener` opens and closes; append `node` near it. `items()` is asked at every opening and gives
 * [{text, description?, from?: the app it belongs to, danger?, pick()}]. `isOpen()` tells how it stands.
 */
export function createMenu(opener, { label, items }) {
  const menu = el("div", { role: "menu", "aria-label": label });
  const popup = createPopup(opener, { onClose: () => opener.setAttribute("aria-expanded", "false") });
  popup.node.classList.add("menu-popup");
  popup.node.append(menu);
  opener.setAttribute("aria-haspopup", "menu");
  opener.setAttribute("aria-expanded", "false");

  function leave() {
    popup.close();
    opener.focus({ preventScroll: true });
  }

  function choose(item) {
    leave();
    item.pick();
  }

  opener.addEventListener("click", () => {
    if (popup.isOpen()) {
      popup.close();
      return;
    }
    menu.replaceChildren(...items().map((item) => menuItem(item, () => choose(item))));
    popup.open();
    opener.setAttribute("aria-expanded", "true");
    menu.firstElementChild?.focus();
  });
  popup.node.addEventListener("keydown", (event) => press(event, menu, leave));
  return { node: popup.node, isOpen: popup.isOpen };
}

function menuItem({ text, description, from, danger }, choose) {
  return el("button", {
    type: "button", role: "menuitem", tabindex: "-1", class: danger ? "danger" : null, on: { click: choose },
  }, el("span", { class: "menu-text" }, text), " ", from ? el("span", { class: "menu-from" }, from) : null, " ",
  description ? el("span", { class: "option-description" }, description) : null);
}

function press(event, menu, leave) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const next = {
    ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1,
  }[event.key];
  if (next !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    items[next].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    leave();
  }
}
