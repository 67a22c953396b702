// Where messages are written: Enter sends, Shift+Enter breaks the line, "/" offers commands.

import { el, uid } from "./dom.js";
import { icon } from "./icons.js";

/** `send(text)` throws with a sentence when it failed; `offersCommands` is false in threads. */
export function createComposer({ send, offersCommands }) {
  const box = el("textarea", { class: "composer-text", rows: "1", spellcheck: "true" });
  const button = el("button", { class: "send", type: "submit", "aria-label": "Send", disabled: true }, icon("send"));
  const list = el("div", {
    role: "listbox", "aria-label": "Commands", id: uid("commands"), class: "commands", hidden: true,
  });
  const usage = el("p", { class: "usage", hidden: true });
  const failure = el("p", { class: "failure", role: "alert", hidden: true });
  const node = el("form", { class: "composer", on: { submit: (event) => { event.preventDefault(); submit(); } } },
    list, el("div", { class: "composer-box" }, box, button), usage, failure);
  const drafts = new Map();
  let key = null;
  let commands = [];
  let offered = [];
  let active = 0;

  box.addEventListener("input", () => typed());
  box.addEventListener("keydown", (event) => press(event));
  box.addEventListener("blur", () => offer([]));
  list.addEventListener("mousedown", (event) => event.preventDefault());

  /** Write for the conversation `next.key`; what was begun elsewhere waits there. */
  function draw(next) {
    commands = next.commands;
    box.setAttribute("aria-label", next.label);
    box.placeholder = next.label;
    if (next.key === key) return;
    drafts.set(key, box.value);
    key = next.key;
    write(drafts.get(key) ?? "");
    fail("");
  }

  function write(text) {
    box.value = text;
    typed();
  }

  function typed() {
    button.disabled = box.value.trim() === "";
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
    const isName = offersCommands && document.activeElement === box && /^\/\S*$/.test(box.value);
    offer(isName ? commands.filter(({ command }) => command.startsWith(box.value)) : []);
    const known = commands.find(({ command }) => offersCommands && box.value.startsWith(`${command} `));
    usage.hidden = !known?.usage_hint;
    usage.textContent = known ? `${known.command} ${known.usage_hint}` : "";
  }

  function offer(next) {
    offered = next;
    active = 0;
    list.hidden = offered.length === 0;
    list.replaceChildren(...offered.map((command) => commandOption(command, () => take(command))));
    point();
  }

  function point() {
    for (const [index, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(index === active));
    }
    if (list.hidden) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", list.children[active].id);
    box.setAttribute("aria-controls", list.id);
  }

  function take({ command }) {
    write(`${command} `);
    box.focus();
  }

  function press(event) {
    if (event.isComposing) return;
    const open = !list.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : -1) + offered.length) % offered.length;
      point();
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      offer([]);
    } else if (open && (event.key === "Tab" || (event.key === "Enter" && !isWhole()))) {
      event.preventDefault();
      take(offered[active]);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  }

  // A command typed to its end is sent by Enter, unless another one was chosen from the list.
  const isWhole = () => offered[active].command === box.value;

  async function submit() {
    const text = box.value.trimEnd(); // a space before "/" makes it a message
    const sentFrom = key;
    if (text === "") return;
    write("");
    fail("");
    try {
      await send(text);
    } catch (error) {
      if (key !== sentFrom) drafts.set(sentFrom, text);
      else if (box.value === "") write(text);
      fail(error.message);
    }
  }

  function fail(sentence) {
    failure.textContent = sentence;
    failure.hidden = sentence === "";
  }

  return { node, draw, focus: () => box.focus() };
}

function commandOption(command, take) {
  const hint = el("span", { class: "hint" }, command.usage_hint ?? "");
  return el("div", { role: "option", id: uid("command"), class: "command", on: { click: take } },
    el("span", { class: "command-line" }, el("strong", {}, command.command), " ", hint),
    el("span", { class: "command-about" }, command.description, el("span", { class: "command-app" }, command.app)));
}
