// The modal: a native dialog that shows the top of the person's stack of views.

import { el } from "./dom.js";
import { createFaultsOpener } from "./sidebar.js";
import { createFrame } from "./view.js";

/**
 * Returns {node, draw(state)}. Frames below the top keep their fields and scroll positions. Nothing behind a modal
 * can be used, so it brings a way to the fault panel, which stands in it while it is open.
 */
export function createModal({ world, actions }) {
  const stage = el("div", { class: "stage" });
  const faults = createFaultsOpener(actions);
  const dialog = el("dialog", { class: "dialog", "aria-modal": "true", tabindex: "-1" }, stage, faults.node);
  const frames = new Map();
  let stack = [];

  const top = () => stack.at(-1);
  const isOpen = (id) => stack.some((view) => view.id === id);
  const close = (all) => {
    const typed = Object.fromEntries(stack.map(({ id }) => [id, frames.get(id).values()]));
    actions.closeView(top().id, typed, all && stack.length > 1);
  };

  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    close(false);
  });
  dialog.addEventListener("cancel", (event) => event.target === dialog && event.preventDefault());
  dialog.addEventListener("close", (event) => event.target === dialog && stack.length > 0 && close(false));

  function draw({ views, faults: hasPanel }) {
    faults.draw({ faults: hasPanel });
    if (views === stack) return;
    const before = top()?.id;
    stack = views;
    for (const id of frames.keys()) if (!views.some((view) => view.id === id)) frames.delete(id);
    for (const [depth, view] of views.entries()) {
      const frame = frames.get(view.id);
      if (frame === undefined) frames.set(view.id, frameOf(view, depth));
      else frame.update(view);
    }
    if (stack.length === 0) giveBack();
    else if (top().id !== before) showTop();
  }

  function frameOf(view, depth) {
    return createFrame(view, { world, actions, close, isPushed: depth > 0, isOpen: () => isOpen(view.id) });
  }

  function showTop() {
    const frame = frames.get(top().id);
    stage.replaceChildren(frame.node);
    dialog.setAttribute("aria-labelledby", frame.titleId);
    if (!dialog.open) dialog.showModal();
    frame.focus();
    if (!dialog.contains(document.activeElement)) dialog.focus();
  }

  /** Chromium gives the focus back while what is behind still counts as unusable, and then nothing can be typed there. */
  function giveBack() {
    dialog.close();
    const focused = document.activeElement;
    focused.blur();
    focused.focus({ preventScroll: true });
  }

  return { node: dialog, draw };
}
