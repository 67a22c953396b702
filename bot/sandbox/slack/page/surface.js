// What a message or a modal offers to the elements inside it: the values entered, and a way to the app.

import { el } from "./dom.js";
import { Entries } from "./form.js";

/**
 * A surface for one message or view.
 * `act(action)` tells the app and throws with a sentence when it could not; `options(block, element, query)` asks it.
 * `edited(block)` hears of every change of a value; `toast(sentence)` is told what no longer has a place on the page.
 */
export function createSurface({ key, world, act, options, toast, edited = () => {} }) {
  const entries = new Entries();

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

  function change(block, element, entry, settled, node) {
    entries.set(block, element, entry);
    edited(block);
    if (settled && (block.type !== "input" || block.dispatch_action)) dispatch(block, element, entry, node);
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
