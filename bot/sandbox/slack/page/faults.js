// The fault panel: what the two services and the bot can be made to suffer. It floats, so the chat stays usable.

import { el } from "./dom.js";
import { createFaultEditor } from "./faulteditor.js";
import { iconButton } from "./icons.js";
import { createBotPart, createChannelPart, createRatesPart, createSocketPart, createTimePart } from "./faultparts.js";
import { createTabs } from "./tabs.js";

const LOOK_EVERY = 2000;

/** Returns {node, draw(state)}. */
export function createFaults({ actions }) {
  const attempt = createAttempt();
  const parts = {
    slack: [
      createFaultEditor("slack", attempt), createTimePart("slack", "Slack", attempt), createRatesPart(attempt),
      createChannelPart(attempt), createSocketPart(attempt),
    ],
    dbs: [createFaultEditor("dbs", attempt), createTimePart("dbs", "DBS", attempt)],
    bot: [createBotPart(attempt)],
  };
  const texts = { slack: "Slack", dbs: "DBS", bot: "Bot" };
  const panel = el("div", { id: "faults-panel", role: "tabpanel", class: "faults-body" });
  const tabs = createTabs({
    label: "What to disturb", choose,
    tabs: Object.entries(texts).map(([key, text]) => ({ key, text, panel: "faults-panel" })),
  });
  const close = iconButton("close", "Close faults", () => actions.setFaults(false));
  const node = el("section", {
    class: "faults", id: "faults", role: "dialog", "aria-label": "Faults", hidden: true,
    on: { keydown: (event) => event.key === "Escape" && leave(event) },
  }, el("header", {}, el("h2", {}, "Faults"), tabs.node, close), panel, attempt.node);
  let chosen = "slack";
  let timer = 0;
  let opener = null;

  function leave(event) {
    event.preventDefault(); // a modal below it stays
    actions.setFaults(false);
  }

  function choose(key) {
    chosen = key;
    attempt.clear();
    tabs.mark(key);
    panel.ariaLabel = texts[key];
    panel.replaceChildren(...parts[key].map((part) => part.node));
    look(false);
  }

  /** Counts and clocks move by themselves: look at them while they are seen. */
  async function look(isAgain) {
    clearTimeout(timer);
    await Promise.all(parts[chosen].map((part) => part.look(isAgain)));
    clearTimeout(timer);
    if (!node.hidden) timer = setTimeout(() => look(true), LOOK_EVERY);
  }

  function draw(state) {
    const opens = node.hidden && state.faults;
    const closes = !node.hidden && !state.faults;
    node.hidden = !state.faults;
    for (const part of Object.values(parts).flat()) part.draw?.(state);
    if (opens) {
      opener = document.activeElement;
      choose(chosen);
      tabs.node.querySelector("[aria-selected=true]").focus();
    } else if (closes) {
      clearTimeout(timer);
      if (node.contains(document.activeElement) || document.activeElement === document.body) giveBackFocus();
    }
  }

  /** To where it was opened from; a modal may have come or gone since. */
  function giveBackFocus() {
    const openers = [opener, ...document.querySelectorAll(".faults-opener, .menu")];
    openers.find((one) => one !== document.body && one.checkVisibility({ visibilityProperty: true }))?.focus();
  }

  return { node, draw };
}

/** Runs what a button asks for and says in words what went wrong. */
function createAttempt() {
  const node = el("p", { class: "failure", role: "alert", hidden: true });

  function clear() {
    node.hidden = true;
  }

  /** `work` with `button` marked as busy; whether it went well. */
  async function run(button, work) {
    if (button.ariaBusy === "true") return false;
    clear();
    button.ariaBusy = "true";
    try {
      await work();
      return true;
    } catch (error) {
      node.textContent = error.message;
      node.hidden = false;
      return false;
    } finally {
      button.ariaBusy = null;
    }
  }

  return { node, run, clear };
}
