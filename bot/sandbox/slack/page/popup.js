// A floating box beside a control, in the browser's top layer, so no scrolling parent cuts it off.

import { el } from "./dom.js";

const GAP = 4;
const MARGIN = 8;
const NARROW = 720; // as in the style sheets

/**
 * A popup beside `anchor`; append `node` near the anchor, so that it stays usable inside a modal dialog.
 * `matchWidth` makes it at least as wide as the anchor. `onClose` hears of every closing.
 */
export function createPopup(anchor, { matchWidth = false, onClose = () => {} } = {}) {
  const node = el("div", { class: "popup", popover: "manual" });
  const place = () => position(node, anchor, matchWidth);
  const outside = (event) => {
    if (!node.contains(event.target) && !anchor.contains(event.target)) close();
  };

  function open() {
    if (node.matches(":popover-open")) return;
    node.showPopover();
    place();
    document.addEventListener("pointerdown", outside, true);
    document.addEventListener("scroll", place, true);
    window.addEventListener("resize", place);
  }

  function close() {
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("scroll", place, true);
    window.removeEventListener("resize", place);
    if (!node.isConnected || !node.matches(":popover-open")) return;
    node.hidePopover();
    onClose();
  }

  return { node, open, close, place, isOpen: () => node.isConnected && node.matches(":popover-open") };
}

function position(node, anchor, matchWidth) {
  if (!anchor.isConnected) return;
  const box = anchor.getBoundingClientRect();
  node.style.maxHeight = "";
  node.style.left = `${MARGIN}px`; // where nothing keeps it from being as wide as it wants
  if (matchWidth) {
    node.style.minWidth = `${box.width}px`;
    node.style.maxWidth = window.innerWidth <= NARROW ? `${box.width}px` : "";
  }
  const { offsetWidth: width, offsetHeight: height } = node;
  const below = box.bottom + GAP;
  const fits = below + height <= window.innerHeight || box.top < height + GAP;
  node.style.top = `${fits ? below : box.top - GAP - height}px`;
  node.style.maxHeight = fits ? `${Math.max(120, window.innerHeight - below - MARGIN)}px` : "";
  node.style.left = `${Math.max(MARGIN, Math.min(box.left, window.innerWidth - width - MARGIN))}px`;
}
