// One view of a modal: its form, what was entered, its errors, and sending it.

import { blockItems, markField } from "./blocks.js";
import { el, reconcile, uid } from "./dom.js";
import { entryOf, fields } from "./form.js";
import { iconButton } from "./icons.js";
import { drawText } from "./markup.js";
import { avatar } from "./people.js";
import { currentConversation } from "./selects.js";
import { createSurface } from "./surface.js";

const APP_COLOR = "#4a154b";

/**
 * A frame for `first` view; `close(all)` leaves it, `isPushed` says that another view lies below, `isOpen()` whether
 * it is still in the stack.
 */
export function createFrame(first, { world, actions, close, isPushed, isOpen }) {
  let view = first;
  let errors = {};
  let busy = false;
  const surface = createSurface({
    key: view.id,
    world,
    toast: actions.toast,
    act: (action) => actions.act(container(), action, surface.entries.collect(view.blocks)),
    options: (block, element, query) => actions.options(container(), block, element, query),
    edited: (block) => setErrors({ ...errors, [block.block_id]: undefined }),
    isOpen,
  });
  const container = () => ({ type: "view", view_id: view.id });

  const title = el("h2", { id: uid("title") });
  const app = avatar({ real_name: view.app?.name ?? "App", color: APP_COLOR }, "small");
  const back = isPushed ? iconButton("back", "Back", () => close(false)) : null;
  const body = el("div", { class: "dialog-body" });
  const failure = el("p", { class: "failure", role: "alert", hidden: true });
  const send = el("button", { class: "button primary submit" }, el("span"));
  const footer = el("footer");
  const form = el("form", { class: "view", novalidate: true },
    el("header", {}, back, app, title, iconButton("close", "Close dialog", () => close(true))), body, failure, footer);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });

  /** Show a newer state of the view; what was typed stays wherever its field does. */
  function update(next) {
    const asked = next === view ? [] : fields(view.blocks).map(nameOf);
    if (next !== view) surface.entries.carry(view.blocks, next.blocks);
    view = next;
    fillIn(asked);
    title.replaceChildren(...drawText(view.title, world));
    drawFooter();
    reconcile(body, blockItems(view.blocks, surface).map(withError));
  }

  /** Some are built long after they are asked for, and with the errors of then. */
  function withError(item, index) {
    const block = view.blocks[index];
    const build = () => {
      const node = item.build();
      if (block.type === "input") markField(node, errors[block.block_id] ?? null);
      return node;
    };
    return { ...item, build };
  }

  /** Menus that begin with the conversation the person looks at do so when they first appear. */
  function fillIn(asked) {
    for (const { block, element } of fields(view.blocks).filter((field) => !asked.includes(nameOf(field)))) {
      const here = currentConversation(element, world);
      if (here !== undefined) surface.entries.set(block, element, entryOf(element, here));
    }
  }

  const nameOf = ({ block, element }) => surface.focusKey(block, element);

  function drawFooter() {
    const focused = footer.contains(document.activeElement) ? document.activeElement : null;
    const closeWords = view.close ? drawText(view.close, world) : view.submit ? "Cancel" : "Close";
    footer.replaceChildren(
      el("button", { class: "button", type: "button", on: { click: () => close(false) } }, closeWords));
    if (view.submit) {
      send.firstElementChild.replaceChildren(...drawText(view.submit, world));
      footer.append(send);
    }
    // What is drawn anew loses the focus, and with it the way out by Escape.
    if (focused) (focused === send && send.isConnected ? send : footer.firstElementChild).focus({ preventScroll: true });
  }

  function setBusy(next) {
    busy = next;
    send.disabled = busy;
    send.ariaBusy = busy ? "true" : null;
  }

  function setErrors(next) {
    errors = next;
    markErrors();
  }

  function markErrors() {
    for (const [index, block] of view.blocks.entries()) {
      if (block.type === "input") markField(body.children[index], errors[block.block_id] ?? null);
    }
  }

  function fail(sentence) {
    failure.textContent = sentence;
    failure.hidden = sentence === "";
  }

  async function submit() {
    if (busy || !view.submit) return;
    fail("");
    setErrors({});
    setBusy(true);
    try {
      const answer = await actions.submitView(view.id, surface.entries.collect(view.blocks));
      setErrors(answer.errors ?? {});
    } catch (error) {
      fail(error.message);
    }
    setBusy(false);
    focusFirstError();
    if (form.isConnected && !form.contains(document.activeElement)) footer.lastElementChild.focus();
  }

  function focusFirstError() {
    const field = body.querySelector(".field:has(.field-error)");
    field?.querySelector("input, textarea")?.focus();
    field?.scrollIntoView({ block: "nearest" });
  }

  function focus() {
    const wanted = view.blocks.findIndex((block) => block.element?.focus_on_load);
    const from = wanted === -1 ? body : body.children[wanted];
    const target = from.querySelector("input, textarea") ?? footer.lastElementChild;
    target.focus({ preventScroll: wanted === -1 });
  }

  surface.entries.restore(view.blocks, view.state?.values ?? {});
  update(view);
  const values = () => surface.entries.collect(view.blocks);

  return { node: form, titleId: title.id, update, focus, values };
}
