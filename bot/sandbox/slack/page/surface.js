// What a message or a modal offers to the elements inside it: the values entered, and a way to the app.

import { el } from "./dom.js";
import { Entries } from "./form.js";

/**
 * A surface for one message or view.
 * `act(action)` tells the app and throws with a sentence when it could not; `options(block, element, query)` asks it.
 * `edited(block)` hears of every change of a value; `toast(sentence)` is told what no longer has a place on the page.
 * `isOpen()` says whether there is still somebody to tell of values.
 */
export function createSurface({ key, world, act, options, toast, edited = () => {}, isOpen = () => true }) {
  const entries = new Entries();
  const waiting = new Map(); // focus key of an element that is busy -> its last value that came since, or null

  async function dispatch(block, element, payload, node) {
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    node.closest(".block")?.querySelector(".action-failure")?.remove();
    try {
      await act({ type: element.type, block_id: block.block_id, action_id: element.action_id, ...payload });
    } catch (error) {
      showFailure(node, error.message, toast);
    } finally {
      node.removeAttribute("aria-busy");
    }
  }

  /** Tell the app of a value. Those that come before it has acknowledged the last one wait; the newest is told. */
  async function dispatchValue(block, element, entry, node) {
    const field = focusKey(block, element);
    const isBusy = waiting.has(field);
    waiting.set(field, isBusy ? [block, element, entry, node] : null);
    if (isBusy) return;
    await dispatch(block, element, entry, node);
    const next = waiting.get(field);
    waiting.delete(field);
    if (next !== null && isOpen()) dispatchValue(...next);
  }

  function change(block, element, entry, settled, node) {
    entries.set(block, element, entry);
    edited(block);
    if (settled && (block.type !== "input" || block.dispatch_action)) dispatchValue(block, element, entry, node);
  }

  /** Names an element across rebuilds, so that the focus finds it again. */
  const focusKey = (block, element) => `${key}/${block.block_id}/${element.action_id}`;

  return { world, entries, change, dispatch, options, focusKey };
}

function showFailure(node, sentence, toast) {
  const block = node.isConnected ? node.closest(".block") : null;
  if (block === null) toast(sentence);
  else block.append(el("p", { class: "action-failure", role: "alert" }, sentence));
}
