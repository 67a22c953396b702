// Where messages are written: Enter sends, Shift+Enter breaks the line, "/" and the bolt offer commands and shortcuts.

import { el, uid } from "./dom.js";
import { icon } from "./icons.js";
import { createMenu } from "./menu.js";

/**
 * `send(text)` and `runShortcut(callback_id)` throw with a sentence when they failed; `offersCommands` is false in
 * threads, which have neither commands nor shortcuts.
 */
export function createComposer({ send, runShortcut, offersCommands }) {
  const box = el("textarea", { class: "composer-text", rows: "1", spellcheck: "true" });
  const button = el("button", { class: "send", type: "submit", "aria-label": "Send", disabled: true }, icon("send"));
  const list = el("div", {
    role: "listbox", "aria-label": "Commands", id: uid("commands"), class: "commands", hidden: true,
  });
  const usage = el("p", { class: "usage", hidden: true });
  const failure = el("p", { class: "failure", role: "alert", hidden: true });
  const opener = el("button", { type: "button", class: "icon-button", "aria-label": "Shortcuts", title: "Shortcuts" },
    icon("bolt"));
  const menu = createMenu(opener, { label: "Shortcuts", items: () => menuItems() });
  const node = el("form", { class: "composer", on: { submit: (event) => { event.preventDefault(); submit(); } } },
    list, el("div", { class: "composer-box" }, offersCommands ? [opener, menu.node] : null, box, button),
    usage, failure);
  const drafts = new Map();
  let key = null;
  let commands = [];
  let shortcuts = [];
  let offered = [];
  let active = 0;

  box.addEventListener("input", () => typed());
  box.addEventListener("keydown", (event) => press(event));
  box.addEventListener("blur", () => offer([]));
  list.addEventListener("mousedown", (event) => event.preventDefault());

  /** Write for the conversation `next.key`; what was begun elsewhere waits there. */
  function draw(next) {
    commands = next.commands;
    shortcuts = next.shortcuts;
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
    offer(isName ? completions() : []);
    const known = commands.find(({ command }) => offersCommands && box.value.startsWith(`${command} `));
    usage.hidden = !known?.usage_hint;
    usage.textContent = known ? `${known.command} ${known.usage_hint}` : "";
  }

  /** Commands that begin like what is typed, then shortcuts with it anywhere in their names. */
  function completions() {
    const wanted = box.value.slice(1).toLowerCase();
    const found = shortcuts.filter(({ name }) => name.toLowerCase().includes(wanted));
    return [...commands.filter(({ command }) => command.startsWith(box.value)), ...found];
  }

  function menuItems() {
    const items = shortcuts.map((shortcut) => ({
      text: shortcut.name, description: shortcut.description, from: shortcut.app, pick: () => run(shortcut),
    }));
    return [...items, ...commands.map((command) => ({
      text: command.command, description: command.description, from: command.app, pick: () => take(command),
    }))];
  }

  function offer(next) {
    offered = next;
    active = 0;
    list.hidden = offered.length === 0;
    list.replaceChildren(...offered.map((one) => completion(one, () => take(one))));
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

  function take(one) {
    box.focus();
    write(one.command ? `${one.command} ` : "");
    if (!one.command) run(one);
  }

  async function run({ callback_id: callbackId }) {
    if (opener.ariaBusy === "true") return;
    fail("");
    opener.ariaBusy = "true";
    try {
      await runShortcut(callbackId);
    } catch (error) {
      fail(error.message);
    }
    opener.ariaBusy = "false";
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

function completion({ command, usage_hint: hint, name, description, app }, take) {
  return el("div", { role: "option", id: uid("command"), class: "command", on: { click: take } },
    el("span", { class: "command-line" }, command ? null : icon("bolt"), el("strong", {}, command ?? name), " ",
      el("span", { class: "hint" }, hint ?? "")),
    el("span", { class: "command-about" }, description, el("span", { class: "command-app" }, app)));
}
