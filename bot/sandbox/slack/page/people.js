// How people and apps are shown: names, initials, avatars.

import { el } from "./dom.js";

const UNKNOWN = { id: "", name: "unknown", real_name: "Unknown person", color: "#77727a", is_bot: false };

export function personName(person) {
  return person.display_name || person.real_name || person.name;
}

/** The name of a channel as people read it; a direct message is named after the other person. */
export function channelName(channel, users) {
  if (!channel.is_im) return `#${channel.name}`;
  const other = users.get(channel.user);
  return other ? personName(other) : "Direct message";
}

/** Who wrote a message, even when nobody of that id is known. */
export function author(message, users) {
  return users.get(message.user) ?? { ...UNKNOWN, id: message.user };
}

/** A rounded square with the person's initials; decoration beside the written name. */
export function avatar(person, size = "") {
  const box = el("span", { class: `avatar ${size}`, "aria-hidden": "true" }, initials(personName(person)));
  box.style.backgroundColor = person.color || UNKNOWN.color;
  return box;
}

function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)].map((word) => word[0]) : [name.slice(0, 2)];
  return letters.join("").toUpperCase();
}
