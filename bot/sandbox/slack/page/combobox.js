// An editable combobox over a list that may come from elsewhere: type to narrow, arrows, Enter, Escape.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { createListbox } from "./listbox.js";
import { createPopup } from "./popup.js";

const PAUSE = 150;

/**
 * A choice is {key, text, description?}. `load(query)` gives groups ([{label, choices}]) or a promise of them;
 * `remote` waits for a pause in typing and for `least` characters. `changed(choices)` hears of every change.
 */
export class Combobox {
  #options;
  #chosen;
  #listbox;
  #popup;
  #timer = 0;
  #asked = 0;

  /** options: {input attributes, name, chosen, multiple, most, remote, least, clearable, load, changed}. */
  constructor(options) {
    this.#options = options;
    this.#chosen = options.chosen;
    const { name, multiple } = options;
    this.#listbox = createListbox({ name, multiple, pick: (choice) => this.#pick(choice) });
    this.input = el("input", {
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", class: "select-input",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.#listbox.id, ...options.attributes,
      on: {
        click: () => this.#open(), input: () => this.#typed(),
        keydown: (event) => this.#key(event), blur: () => this.#close(),
      },
    });
    this.chips = el("span", { class: "chips" });
    this.clear = el("button", {
      type: "button", class: "select-clear", "aria-label": `Clear ${options.name}`, hidden: true,
      on: { click: () => this.#clear() },
    }, icon("close"));
    this.node = el("div", { class: "select" }, this.chips, this.input, this.clear, icon("chevron"));
    this.node.querySelector(".icon-chevron").addEventListener("click", () => { this.input.focus(); this.#open(); });
    this.#popup = createPopup(this.node, { matchWidth: true, onClose: () => this.#closed() });
    this.#popup.node.append(...this.#listbox.nodes);
    // The input keeps the focus while its list is clicked or scrolled.
    this.#popup.node.addEventListener("mousedown", (event) => event.preventDefault());
    this.#popup.node.addEventListener("pointermove", () => this.#pointAtActive());
    this.node.append(this.#popup.node);
    this.#draw();
  }

  #open() {
    if (this.#popup.isOpen()) return;
    this.#popup.open();
    this.input.setAttribute("aria-expanded", "true");
    this.input.select();
    this.#load("");
  }

  #close() {
    this.#popup.close();
  }

  #closed() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.#draw();
  }

  #typed() {
    const query = this.input.value;
    if (!this.#popup.isOpen()) {
      this.#popup.open();
      this.input.setAttribute("aria-expanded", "true");
    }
    clearTimeout(this.#timer);
    if (this.#options.remote) this.#timer = setTimeout(() => this.#load(query.trim()), PAUSE);
    else this.#load(query.trim());
  }

  async #load(query) {
    const { remote, least } = this.#options;
    this.#asked += 1;
    const asked = this.#asked;
    if (remote && query.length < least) {
      this.#show([], `Type ${least === 1 ? "a character" : `at least ${least} characters`} to search`);
      return;
    }
    if (remote) this.#show([], "Loading…");
    try {
      const groups = await this.#options.load(query);
      if (asked !== this.#asked) return;
      this.#show(groups, groups.some((group) => group.choices.length > 0) ? "" : "No results");
    } catch (error) {
      if (asked === this.#asked) this.#show([], error.message, true);
    }
  }

  #show(groups, sentence, isError = false) {
    this.#listbox.show(groups, this.#chosen.map((choice) => choice.key));
    this.#listbox.say(sentence, isError);
    this.#pointAtActive();
    this.#popup.place();
  }

  #pointAtActive() {
    const id = this.#listbox.activeId();
    if (id === null) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", id);
  }

  #key(event) {
    const open = this.#popup.isOpen();
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.#arrow(event, open);
    else if (event.key === "Enter") this.#enter(event, open);
    else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (event.key === "Backspace" && this.#options.multiple && this.input.value === "") {
      this.#remove(this.#chosen.at(-1));
    }
  }

  #arrow(event, open) {
    event.preventDefault();
    if (!open) {
      this.#open();
      return;
    }
    this.#listbox.move(event.key === "ArrowDown" ? 1 : -1);
    this.#pointAtActive();
  }

  #enter(event, open) {
    event.preventDefault();
    const choice = this.#listbox.activeChoice();
    if (!open) this.#open();
    else if (choice !== null) this.#pick(choice);
  }

  #pick(choice) {
    if (this.#options.multiple) {
      const searched = this.input.value !== "";
      const without = this.#chosen.filter((one) => one.key !== choice.key);
      const isFull = without.length === this.#options.most;
      if (without.length < this.#chosen.length) this.#change(without);
      else if (!isFull) this.#change([...this.#chosen, choice]);
      if (searched) this.#load("");
      this.#listbox.say(isFull ? `You can choose ${this.#options.most} at most.` : "");
    } else {
      this.#change([choice]);
      this.#close();
    }
    this.input.focus();
  }

  #remove(choice) {
    if (choice !== undefined) this.#change(this.#chosen.filter((one) => one.key !== choice.key));
  }

  #clear() {
    this.#change([]);
    this.input.focus();
  }

  #change(chosen) {
    this.#chosen = chosen;
    this.#listbox.mark(chosen.map((choice) => choice.key));
    this.#draw();
    this.#options.changed(chosen);
    if (this.#popup.isOpen()) this.#popup.place(); // the chips may have made the field taller
  }

  #draw() {
    const { multiple, clearable } = this.#options;
    this.input.value = multiple ? "" : (this.#chosen[0]?.text ?? "");
    this.clear.hidden = multiple || !clearable || this.#chosen.length === 0;
    if (!multiple) return;
    this.chips.replaceChildren(...this.#chosen.map((choice) => el("span", { class: "chip" }, choice.text, el("button", {
      type: "button", "aria-label": `Remove ${choice.text}`,
      on: { click: () => { this.#remove(choice); this.input.focus(); } },
    }, icon("close")))));
  }
}
