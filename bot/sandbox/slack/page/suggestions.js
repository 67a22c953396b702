// What the composer completes, as plain data: commands and shortcuts after "/", people after "@", channels after "#".

import { channelName, personName } from "./people.js";

// A name may have several words, so what follows the sign is looked at up to the caret.
const NAME = /(?<![\p{L}\p{N}@#])([@#])([^@#\n]{0,40})$/u;
const GROUPS = [
  { name: "here", about: "Everyone who is at work in this channel" },
  { name: "channel", about: "Everyone in this channel" },
];

/**
 * {label, options} for `text` with the caret at `caret`; options are {sign, text, hint, about, from: the app}, and
 * either `insert` (what stands in place of `text` from `at` to the caret) or `shortcut` (what is run).
 * `known` is {commands, shortcuts, users, channels}, the last two as in the store.
 */
export function suggestionsFor(text, caret, known) {
  if (/^\/\S*$/.test(text)) return { label: "Commands", options: slashOptions(text, known) };
  const [whole, sign, query] = NAME.exec(text.slice(0, caret)) ?? [];
  if (whole === undefined) return { label: "", options: [] };
  const at = caret - whole.length;
  const label = sign === "@" ? "People" : "Channels";
  const all = sign === "@" ? people(known) : channels(known);
  return { label, options: all.filter(({ names }) => fits(names, query)).map((one) => ({ ...one, at })) };
}

/** What the composer knows in a channel, from the state; threads have no commands, as in Slack. */
export function completable({ commands, shortcuts, app, users, channels }, isThread = false) {
  const global = shortcuts.filter(({ type }) => type === "global").map((each) => ({ ...each, app: app.name }));
  return { commands: isThread ? [] : commands, shortcuts: global, users, channels };
}

/** Commands that begin like what is typed, then shortcuts with it anywhere in their names. */
function slashOptions(text, { commands, shortcuts }) {
  const wanted = text.slice(1).toLowerCase();
  return [
    ...commands.filter(({ command }) => command.startsWith(text)).map(commandOption),
    ...shortcuts.filter(({ name }) => name.toLowerCase().includes(wanted)).map(shortcutOption),
  ];
}

/** Everything behind "/", for the menu of the composer. */
export function commandOption({ command, usage_hint: hint, description, app }) {
  return { sign: null, text: command, hint, about: description, from: app, insert: `${command} `, at: 0 };
}

export function shortcutOption(shortcut) {
  return { sign: "bolt", text: shortcut.name, about: shortcut.description, from: shortcut.app, shortcut };
}

function people({ users }) {
  const persons = [...users.values()].filter(({ id }) => id !== "USLACKBOT").map((person) => ({
    sign: "people", text: personName(person), hint: person.name, names: [personName(person), person.name],
    insert: `@${personName(person)} `,
  }));
  const groups = GROUPS.map(({ name, about }) => (
    { sign: "people", text: `@${name}`, about, names: [name], insert: `@${name} ` }));
  return [...persons, ...groups];
}

function channels({ channels: all, users }) {
  return [...all.values()].filter(({ is_im: isIm }) => !isIm).map((channel) => ({
    sign: channel.is_private ? "lock" : "hash", text: channel.name, about: channel.topic, names: [channel.name],
    insert: `${channelName(channel, users)} `,
  }));
}

/** A name fits when it, or one of its later words, begins like what is typed. */
function fits(names, query) {
  const words = (text) => ` ${text.toLowerCase().replace(/[._-]/g, " ")}`;
  return names.some((name) => words(name).includes(words(query)));
}
