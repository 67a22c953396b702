// The sidebar: the workspace, its channels and apps, and who the person at the page is.

import { el, onChange, uid } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, personName } from "./people.js";

/** Returns {node, draw(state)}. */
export function createSidebar({ actions }) {
  const title = el("h1");
  const domain = el("p", { class: "domain" });
  const channels = el("div");
  const apps = el("div", { class: "apps" });
  const face = el("span", { class: "face" });
  const id = uid("person");
  const select = el("select", { id, on: { change: () => actions.switchPerson(select.value) } });
  const node = el("aside", { class: "sidebar", id: "sidebar", "aria-label": "Workspace" },
    el("header", {}, title, domain),
    el("nav", { "aria-label": "Channels" }, channels),
    apps,
    el("div", { class: "you" }, face, el("div", {}, el("label", { for: id }, "You are"), select)));

  const drawWorkspace = onChange(({ workspace }) => [workspace?.name, workspace?.domain], ({ workspace }) => {
    title.textContent = workspace.name;
    domain.textContent = workspace.domain;
  });
  const drawChannels = onChange(
    ({ channels: all, channelId, unread, users }) => [all, channelId, unread, users],
    (state) => {
      const all = [...state.channels.values()];
      channels.replaceChildren(
        channelGroup("Channels", all.filter((channel) => !channel.is_im), state, actions),
        channelGroup("Direct messages", all.filter((channel) => channel.is_im), state, actions));
    });
  const drawApps = onChange(({ users, commands, bot }) => [users, commands, bot.connected], (state) => {
    apps.replaceChildren(appGroup(state));
  });
  const drawPeople = onChange(({ users, me }) => [users, me], ({ users, me }) => {
    const people = [...users.values()].filter((person) => !person.is_bot && person.id !== "USLACKBOT");
    select.replaceChildren(...people.map((person) =>
      el("option", { value: person.id, selected: person.id === me.id, title: person.tz }, personName(person))));
    face.replaceChildren(avatar(me));
  });

  function draw(state) {
    node.classList.toggle("open", state.drawer);
    for (const part of [drawWorkspace, drawChannels, drawApps, drawPeople]) part(state);
  }

  return { node, draw };
}

/** The name of a channel as people read it; a direct message is named after the other person. */
export function channelName(channel, users) {
  if (!channel.is_im) return `#${channel.name}`;
  const other = users.get(channel.user);
  return other ? personName(other) : "Direct message";
}

function channelGroup(heading, channels, state, actions) {
  if (channels.length === 0) return document.createDocumentFragment();
  const entries = channels.map((channel) => el("li", {}, entry(channel, state, actions)));
  return el("section", {}, el("h2", {}, heading), el("ul", {}, entries));
}

function entry(channel, { channelId, unread, users }, actions) {
  const count = unread[channel.id] ?? 0;
  const sign = channel.is_im
    ? avatar(users.get(channel.user) ?? { name: "?" }, "tiny") : icon(channel.is_private ? "lock" : "hash");
  const badge = count > 0 ? el("span", { class: "unread", "aria-label": `${count} unread` }, String(count)) : null;
  return el("button", {
    type: "button", class: `channel-link${count > 0 ? " has-unread" : ""}`,
    "aria-current": channel.id === channelId ? "page" : null, on: { click: () => actions.openChannel(channel.id) },
  }, sign, el("span", { class: "channel-name" }, channelName(channel, users).replace(/^#/, "")), badge);
}

/** The app's name, as far as the page can tell. */
export function appName({ users, commands }) {
  const bot = [...users.values()].find((person) => person.is_bot && person.id !== "USLACKBOT");
  return commands[0]?.app ?? (bot ? personName(bot) : "The app");
}

function appGroup(state) {
  const { connected } = state.bot;
  return el("section", {}, el("h2", {}, "Apps"), el("p", { class: "app-line" },
    el("span", { class: `presence${connected ? " on" : ""}`, "aria-hidden": "true" }), appName(state),
    el("span", { class: "presence-words" }, connected ? "connected" : "not connected")));
}
