// Slack's select menus: which choices they offer and how a choice becomes an entry.

import { Combobox } from "./combobox.js";
import { entryOf, valueOf } from "./form.js";
import { plainWords } from "./markup.js";
import { channelName, personName } from "./people.js";

const SLACKS_MIN_QUERY = 3;

const EVERY_KIND = ["public", "private", "im"];
const NO_FILTER = { include: EVERY_KIND, exclude_bot_users: false };

// type without "multi_" -> how its choices come: given with the element, asked of the app, or from the workspace
const SOURCES = {
  static_select: { choices: (element) => groupsOf(element), byOption: true },
  external_select: { byOption: true },
  users_select: { choices: (_, world) => [ungrouped([...world.users.values()].map(personChoice))] },
  channels_select: { choices: (_, world) => [ungrouped(channelChoices(world, ["public"]))] },
  conversations_select: { choices: (element, world) => [ungrouped(conversationChoices(element, world))] },
};

/** A select menu, single or multi; `field` as inputs.js describes it. */
export function selectControl(element, field) {
  const multiple = element.type.startsWith("multi_");
  const source = SOURCES[element.type.replace("multi_", "")];
  const all = source.choices?.(element, field.world) ?? null;
  const chosen = [valueOf(field.entry) ?? []].flat().map((value) => chosenChoice(value, source, all));
  const combobox = new Combobox({
    attributes: { ...field.attributes, placeholder: placeholder(element) },
    name: field.name,
    chosen,
    multiple,
    remote: all === null,
    least: element.min_query_length ?? SLACKS_MIN_QUERY,
    most: element.max_selected_items ?? Infinity,
    clearable: field.optional,
    load: all === null ? async (query) => groupsOf(await field.options(query)) : (query) => narrow(all, query),
    changed: (choices) => {
      const values = choices.map((choice) => (source.byOption ? choice.option : choice.key));
      field.change(entryOf(element, multiple ? values : values[0]), { settled: true });
    },
  });
  return combobox.node;
}

function placeholder(element) {
  return element.placeholder ? plainWords(element.placeholder) : "Choose an option";
}

function groupsOf({ options, option_groups: groups }) {
  if (groups) return groups.map((group) => ({ label: plainWords(group.label), choices: group.options.map(optionChoice) }));
  return [ungrouped((options ?? []).map(optionChoice))];
}

const ungrouped = (choices) => ({ label: null, choices });

function optionChoice(option) {
  const description = option.description ? plainWords(option.description) : null;
  return { key: option.value, text: plainWords(option.text), description, option };
}

function chosenChoice(value, source, all) {
  if (source.byOption) return optionChoice(value);
  const known = all.flatMap((group) => group.choices).find((choice) => choice.key === value);
  return known ?? { key: value, text: value };
}

const personChoice = (person) => ({ key: person.id, text: personName(person) });

function channelChoices(world, kinds) {
  return [...world.channels.values()]
    .filter((channel) => kinds.includes(channel.is_im ? "im" : channel.is_private ? "private" : "public"))
    .map((channel) => ({ key: channel.id, text: channelName(channel, world.users), with: channel.user }));
}

function conversationChoices({ filter }, world) {
  const { include, exclude_bot_users: excludeBots } = { ...NO_FILTER, ...filter };
  return channelChoices(world, include).filter((choice) => !excludeBots || !world.users.get(choice.with)?.is_bot);
}

/**
 * The conversation a menu with `default_to_current_conversation` begins with, as the value of an entry: the one the
 * person looks at, if the menu offers it and nothing else is chosen for it. Undefined if there is none.
 */
export function currentConversation(element, world) {
  const { default_to_current_conversation: wanted, type } = element;
  if (!wanted || element.initial_conversation || element.initial_conversations) return undefined;
  if (!conversationChoices(element, world).some(({ key }) => key === world.here)) return undefined;
  return type.startsWith("multi_") ? [world.here] : world.here;
}

function narrow(groups, query) {
  const wanted = query.toLowerCase();
  return groups
    .map(({ label, choices }) => ({ label, choices: choices.filter(({ text }) => text.toLowerCase().includes(wanted)) }))
    .filter(({ choices }) => choices.length > 0);
}
