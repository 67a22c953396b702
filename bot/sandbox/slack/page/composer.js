// Where messages are written: Enter sends, Shift+Enter breaks the line; "/", "@", "#" and the bolt offer what there is.

import { createCompletions } from "./completions.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { createMenu } from "./menu.js";
import { commandOption, shortcutOption, suggestionsFor } from "./suggestions.js";

const NOTHING = { commands: [], shortcuts: [], users: new Map(), channels: new Map() };

/** `send(text)` and `runShortcut(callback_id)` throw with a sentence when they failed. */
export function createComposer({ send, runShortcut }) {
  const box = el("textarea", { class: "composer-text", rows: "1", spellcheck: "true" });
  const button = el("button", { class: "send", type: "submit", "aria-label": "Send", disabled: true }, icon("send"));
  const completions = createCompletions(box, (option) => take(option));
  const usage = el("p", { class: "usage", hidden: true });
  const failure = el("p", { class: "failure", role: "alert", hidden: true });
  const opener = el("button", { type: "button", class: "icon-button", "aria-label": "Shortcuts", title: "Shortcuts" },
    icon("bolt"));
  const menu = createMenu(opener, { label: "Shortcuts", items: () => menuItems() });
  const node = el("form", { class: "composer", on: { submit: (event) => { event.preventDefault(); submit(); } } },
    completions.node, el("div", { class: "composer-box" }, opener, menu.node, box, button), usage, failure);
  const drafts = new Map();
  let key = null;
  let known = NOTHING;
  let running = 0;
  let width = 0;

  // A thread beside it, a window that is turned, a channel that is joined: the words need other lines.
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === width) return;
    width = contentRect.width;
    requestAnimationFrame(fit);
  }).observe(box);
  box.addEventListener("input", () => {
    fail("");
    typed();
  });
  box.addEventListener("keydown", (event) => press(event));
  box.addEventListener("mousedown", () => completions.offer("", []));
  box.addEventListener("blur", () => completions.offer("", []));

  /**
   * Write for the conversation `next.key`; what was begun elsewhere waits there. `next.known` is what can be
   * completed, as in suggestions.js.
   */
  function draw(next) {
    known = next.known;
    opener.hidden = known.commands.length + known.shortcuts.length === 0;
    box.setAttribute("aria-label", next.label);
    box.placeholder = next.label;
    if (next.key === key) return;
    drafts.set(key, box.value);
    key = next.key;
    write(drafts.get(key) ?? "");
    fail("");
  }

  function write(text, caret = text.length) {
    box.value = text;
    if (document.activeElement === box) box.setSelectionRange(caret, caret);
    typed();
  }

  function typed() {
    button.disabled = box.value.trim() === "";
    fit();
    const isHere = document.activeElement === box;
    const { label, options } = suggestionsFor(box.value, box.selectionStart, known);
    completions.offer(label, isHere ? options : []);
    const command = known.commands.find((each) => box.value.startsWith(`${each.command} `));
    usage.hidden = !command?.usage_hint;
    usage.textContent = command ? `${command.command} ${command.usage_hint}` : "";
  }

  function fit() {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
  }

  function menuItems() {
    const options = [...known.shortcuts.map(shortcutOption), ...known.commands.map(commandOption)];
    return options.map((option) => (
      { text: option.text, description: option.about, from: option.from, pick: () => pick(option) }));
  }

  /** From the menu: a command takes the place of what was typed. */
  function pick(option) {
    if (option.shortcut) {
      run(option.shortcut);
      return;
    }
    box.focus();
    write(option.insert);
  }

  /** From the list: the rest of what was typed stays. */
  function take({ insert, at, shortcut }) {
    box.focus();
    if (shortcut) {
      write("");
      run(shortcut);
      return;
    }
    const rest = box.value.slice(box.selectionStart).replace(/^ /, "");
    write(`${box.value.slice(0, at)}${insert}${rest}`, at + insert.length);
  }

  async function run({ callback_id: callbackId }) {
    fail("");
    running += 1;
    opener.ariaBusy = "true";
    try {
      await runShortcut(callbackId);
    } catch (error) {
      fail(error.message);
    }
    running -= 1;
    opener.ariaBusy = String(running > 0);
  }

  function press(event) {
    if (event.isComposing || completions.press(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  }

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
