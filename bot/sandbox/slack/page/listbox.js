// The list of a combobox: options in groups, one of them active, and a line that says how it stands.

import { el, uid } from "./dom.js";

/**
 * `groups` are [{label: string|null, choices: [{key, text, description}]}]; `pick(choice)` hears of clicks.
 * The active option is told by id, for the combobox's aria-activedescendant.
 */
export function createListbox({ name, multiple, pick }) {
  const list = el("div", {
    role: "listbox", id: uid("listbox"), "aria-label": name, "aria-multiselectable": multiple ? "true" : null,
  });
  const status = el("div", { class: "listbox-status", role: "status", hidden: true });
  let options = [];
  let active = -1;

  function show(groups, chosenKeys) {
    options = [];
    const nodes = groups.map((group) => {
      const rows = group.choices.map((choice) => row(choice, chosenKeys.includes(choice.key)));
      if (group.label === null) return rows;
      const label = el("div", { class: "listbox-group-label", id: uid("group"), role: "presentation" }, group.label);
      return el("div", { role: "group", "aria-labelledby": label.id }, label, rows);
    });
    list.replaceChildren(...nodes.flat());
    active = -1;
    const chosen = options.findIndex(({ choice }) => chosenKeys.includes(choice.key));
    activate(options.length > 0 ? Math.max(chosen, 0) : -1);
  }

  function row(choice, chosen) {
    const description = choice.description ? el("span", { class: "option-description" }, choice.description) : null;
    const node = el("div", {
      role: "option", id: uid("option"), "aria-selected": String(chosen),
      on: { click: () => pick(choice), pointermove: () => activate(index) },
    }, el("span", { class: "option-text" }, choice.text), description);
    const index = options.push({ choice, node }) - 1;
    return node;
  }

  function mark(chosenKeys) {
    for (const { choice, node } of options) node.setAttribute("aria-selected", String(chosenKeys.includes(choice.key)));
  }

  function activate(index) {
    if (index === active) return;
    options[active]?.node.classList.remove("active");
    active = index;
    options[active]?.node.classList.add("active");
    options[active]?.node.scrollIntoView({ block: "nearest" });
  }

  function say(sentence, isError = false) {
    status.textContent = sentence;
    status.hidden = sentence === "";
    status.classList.toggle("error", isError);
  }

  return {
    nodes: [list, status],
    id: list.id,
    show,
    mark,
    say,
    move: (step) => options.length > 0 && activate((active + step + options.length) % options.length),
    activeId: () => options[active]?.node.id ?? null,
    activeChoice: () => options[active]?.choice ?? null,
  };
}
