// What a person has entered, in Slack's shape of `state.values`, as plain data: no DOM here.

// type -> [key of the value, key of its initial value]
const VALUE_KEYS = {
  plain_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  radio_buttons: ["selected_option", "initial_option"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_external_select: ["selected_options", "initial_options"],
  checkboxes: ["selected_options", "initial_options"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  users_select: ["selected_user", "initial_user"],
  channels_select: ["selected_channel", "initial_channel"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  multi_users_select: ["selected_users", "initial_users"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
};

/** The types of elements that hold a value. */
export const VALUE_TYPES = new Set(Object.keys(VALUE_KEYS));

/** The key under which an element's value stands in an entry. */
function valueKey(type) {
  return VALUE_KEYS[type][0];
}

/** An entry of `state.values`: {type, <value key>: value}; nothing entered is null, or [] for several. */
export function entryOf(element, value) {
  const several = valueKey(element.type).endsWith("s");
  const empty = value === "" || value === undefined || value === null;
  return { type: element.type, [valueKey(element.type)]: empty ? (several ? [] : null) : value };
}

function initialEntry(element) {
  return entryOf(element, element[VALUE_KEYS[element.type][1]]);
}

export function valueOf(entry) {
  return entry[valueKey(entry.type)];
}

/** Every element that holds a value, as [{block, element}], in the order of the blocks. */
export function fields(blocks) {
  return blocks.flatMap((block) => elementsOf(block)
    .filter((element) => VALUE_TYPES.has(element.type))
    .map((element) => ({ block, element })));
}

function elementsOf(block) {
  if (block.type === "input") return [block.element];
  if (block.type === "actions") return block.elements;
  return block.type === "section" && block.accessory ? [block.accessory] : [];
}

/** Entries of one message or view, kept while its blocks come and go. */
export class Entries {
  #entries = new Map();

  /** What was entered, else the element's initial value. */
  get(block, element) {
    const kept = this.#entries.get(keyOf(block, element));
    return kept?.type === element.type ? kept : initialEntry(element);
  }

  set(block, element, entry) {
    this.#entries.set(keyOf(block, element), entry);
  }

  /** Take up what was entered before the page was loaded anew. */
  restore(blocks, values) {
    for (const { block, element } of fields(blocks)) {
      const entry = values[block.block_id]?.[element.action_id];
      if (entry !== undefined) this.set(block, element, entry);
    }
  }

  /** Forget what the new blocks no longer ask; hold on to initial values a person has seen and not changed. */
  carry(oldBlocks, newBlocks) {
    const seen = new Map(
      fields(oldBlocks).map(({ block, element }) => [keyOf(block, element), this.get(block, element)]));
    const asked = fields(newBlocks).map(({ block, element }) => keyOf(block, element));
    this.#entries = new Map(asked.filter((key) => seen.has(key)).map((key) => [key, seen.get(key)]));
  }

  /** `state.values`: {block_id: {action_id: entry}}. */
  collect(blocks) {
    const values = {};
    for (const { block, element } of fields(blocks)) {
      values[block.block_id] = { ...values[block.block_id], [element.action_id]: this.get(block, element) };
    }
    return values;
  }
}

function keyOf(block, element) {
  return JSON.stringify([block.block_id, element.action_id]);
}

/** What Slack's client refuses before it asks the app: {block_id: sentence}. */
export function problems(blocks, entries) {
  const found = {};
  for (const { block, element } of fields(blocks)) {
    if (block.type !== "input") continue;
    const value = valueOf(entries.get(block, element));
    const sentence = isEmpty(value) ? missing(block) : CHECKS[element.type]?.(value, element) ?? null;
    if (sentence !== null) found[block.block_id] = sentence;
  }
  return found;
}

const isEmpty = (value) => value === null || value.length === 0;
const missing = (block) => (block.optional ? null : "Please complete this required field.");

const CHECKS = {
  plain_text_input: textProblem,
  number_input: numberProblem,
  email_text_input: (value) => (/^\S+@\S+\.\S+$/.test(value) ? null : "Please enter a valid email address."),
  url_text_input: (value) => (/^https?:\/\/\S+$/.test(value) ? null : "Please enter a valid URL."),
};

function textProblem(value, { min_length: least, max_length: most }) {
  if (most !== undefined && value.length > most) return `Please enter no more than ${most} characters.`;
  if (least !== undefined && value.length < least) return `Please enter at least ${least} characters.`;
  return null;
}

function numberProblem(value, { is_decimal_allowed: decimals, min_value: least, max_value: most }) {
  if (!/^[+-]?\d*\.?\d+$/.test(value)) return "Please enter a valid number.";
  if (!decimals && value.includes(".")) return "Please enter a whole number.";
  if (least !== undefined && Number(value) < Number(least)) return `Please enter a number no less than ${least}.`;
  if (most !== undefined && Number(value) > Number(most)) return `Please enter a number no greater than ${most}.`;
  return null;
}
