// What a person has entered, in Slack's shape of `state.values`, as plain data: no DOM here.

import ELEMENTS from "/page/elements.json" with { type: "json" };

/** The types of elements that hold a value. */
export const VALUE_TYPES = new Set(Object.keys(ELEMENTS));

/** An entry of `state.values`: {type, <value key>: value}; nothing entered is null, or [] for several. */
export function entryOf(element, value) {
  const { key, several } = ELEMENTS[element.type];
  const empty = value === "" || value === undefined || value === null;
  return { type: element.type, [key]: empty ? (several ? [] : null) : value };
}

function initialEntry(element) {
  return entryOf(element, element[ELEMENTS[element.type].initial]);
}

export function valueOf(entry) {
  return entry[ELEMENTS[entry.type].key];
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

  /** What was entered, as long as it fits, else the element's initial value. */
  get(block, element) {
    const kept = this.#entries.get(keyOf(block, element));
    return kept?.type === element.type && isListed(element, kept) ? kept : initialEntry(element);
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

/** What was chosen is still among the options, where the element lists them. */
function isListed({ options, option_groups: groups }, entry) {
  if (!options && !groups) return true;
  const listed = [...(options ?? []), ...(groups ?? []).flatMap((group) => group.options)].map(({ value }) => value);
  return [valueOf(entry) ?? []].flat().every(({ value }) => listed.includes(value));
}

function keyOf(block, element) {
  return JSON.stringify([block.block_id, element.action_id]);
}
