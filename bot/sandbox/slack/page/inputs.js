// Native controls for Slack's input elements.
//
// A control is made by (element, field) -> Node. A field is {attributes: for the focusable node, name, optional, dispatches,
// entry: what stands in it now, change(entry, {settled}), options(query), world}.

import { el, uid } from "./dom.js";
import { entryOf, valueOf } from "./form.js";
import { drawText, plainWords } from "./markup.js";
import { momentPicker, nativePicker } from "./pickers.js";
import { selectControl } from "./selects.js";

const CONTROLS = {
  plain_text_input: textControl,
  number_input: textControl,
  email_text_input: textControl,
  url_text_input: textControl,
  radio_buttons: choiceControl,
  checkboxes: choiceControl,
  datepicker: (element, field) => nativePicker("date", element, field),
  timepicker: (element, field) => nativePicker("time", element, field),
  datetimepicker: momentPicker,
};

/** The control of an element that holds a value. */
export function control(element, field) {
  const make = CONTROLS[element.type] ?? selectControl;
  return make(element, field);
}

/** Is this element a group of native controls, named by aria-labelledby instead of a label's `for`? */
export function isGroup(element) {
  return ["radio_buttons", "checkboxes", "datetimepicker"].includes(element.type);
}

const KEYBOARDS = { number_input: "decimal", email_text_input: "email", url_text_input: "url" };

function textControl(element, field) {
  const placeholder = element.placeholder ? plainWords(element.placeholder) : null;
  const value = valueOf(field.entry) ?? "";
  const attributes = { ...field.attributes, placeholder, autocomplete: "off" };
  const node = element.multiline
    ? el("textarea", { ...attributes, class: "text-input", rows: "3" }, value)
    : el("input", { ...attributes, class: "text-input", type: "text", inputmode: KEYBOARDS[element.type], value });
  const counter = lengthCounter(element);
  const onEach = element.dispatch_action_config?.trigger_actions_on?.includes("on_character_entered") ?? false;
  node.addEventListener("input", () => {
    counter.show(node.value.length);
    field.change(entryOf(element, node.value), { settled: onEach });
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || element.multiline || !field.dispatches) return;
    event.preventDefault();
    field.change(entryOf(element, node.value), { settled: true });
  });
  counter.show(value.length);
  return el("div", { class: "text-field" }, node, counter.node);
}

// Slack counts down only once the end is in sight, and lets people type past it.
function lengthCounter({ max_length: most }) {
  const node = el("span", { class: "counter", "aria-live": "polite", hidden: true });
  function show(length) {
    if (most === undefined) return;
    const left = most - length;
    node.hidden = left > Math.max(20, most * 0.1) || (length === 0 && left > 0);
    node.textContent = String(left);
    node.title = left < 0 ? `${-left} characters too many` : `${left} characters left`;
    node.classList.toggle("over", left < 0);
  }
  return { node, show };
}

/** Radio buttons and checkboxes, each with its words and description. */
function choiceControl(element, field) {
  const single = element.type === "radio_buttons";
  const group = uid("choices");
  const chosen = [valueOf(field.entry) ?? []].flat().map((option) => option.value);
  const inputs = new Map();
  const rows = element.options.map((option, index) => {
    const row = choiceRow(option, {
      type: single ? "radio" : "checkbox", name: group, checked: chosen.includes(option.value),
      "data-focus": `${field.attributes["data-focus"]}/${index}`,
    }, field.world);
    inputs.set(option, row.input);
    return row.node;
  });
  const changed = () => {
    const options = element.options.filter((option) => inputs.get(option).checked);
    field.change(entryOf(element, single ? options[0] : options), { settled: true });
  };
  return el("div", {
    ...field.attributes, class: "choices", role: single ? "radiogroup" : "group", "data-focus": null,
    on: { change: changed },
  }, rows);
}

function choiceRow(option, attributes, world) {
  const words = el("span", { class: "choice-text", id: uid("choice") }, drawText(option.text, world));
  const description = option.description
    ? el("span", { class: "choice-description", id: uid("description") }, drawText(option.description, world)) : null;
  const input = el("input", { ...attributes, "aria-labelledby": words.id, "aria-describedby": description?.id });
  return { input, node: el("label", { class: "choice" }, input, el("span", {}, words, description)) };
}
