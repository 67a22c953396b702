// The chosen channel: its header, what to know before writing, its messages, and where to write.

import { createComposer } from "./composer.js";
import { el, onChange } from "./dom.js";
import { icon } from "./icons.js";
import { listKey, messagesOf } from "./lists.js";
import { createLog } from "./log.js";
import { draw as drawNodes } from "./markup.js";
import { parse } from "./mrkdwn.js";
import { appName, channelName } from "./sidebar.js";

/** Returns {node, draw(state)}. */
export function createChannel({ world, actions }) {
  const menu = el("button", {
    type: "button", class: "icon-button menu",
    "aria-label": "Show channels", "aria-controls": "sidebar", "aria-expanded": "false",
    on: { click: (event) => { event.stopPropagation(); actions.setDrawer(true); } },
  }, icon("menu"));
  const name = el("h2");
  const topic = el("p", { class: "topic" });
  const members = el("span", { class: "members" });
  const offline = el("p", { class: "banner offline", role: "status", hidden: true });
  const unplugged = el("p", { class: "banner unplugged", role: "status", hidden: true });
  const log = createLog({ world, actions, thread: false });
  const composer = createComposer({ send: (text) => actions.say(text), offersCommands: true });
  const header = el("header", {}, menu, el("div", { class: "channel-title" }, name, topic), members);
  const node = el("main", { class: "channel" }, header, offline, log.node, unplugged, composer.node);

  const drawHeader = onChange(({ channels, channelId, users }) => [channels.get(channelId), users], (state) => {
    const { channels, channelId, users } = state;
    const channel = channels.get(channelId);
    const title = channelName(channel, users);
    const sign = channel.is_im ? "" : icon(channel.is_private ? "lock" : "hash");
    name.replaceChildren(sign, title.replace(/^#/, ""));
    topic.replaceChildren(...drawNodes(parse(channel.topic ?? ""), world));
    members.replaceChildren(...(channel.num_members ? [icon("people"), String(channel.num_members)] : []));
    members.title = channel.num_members ? `${channel.num_members} members` : "";
  });
  const bannersNeed = ({ online, bot, users, commands }) => [online, bot.connected, users, commands];
  const drawBanners = onChange(bannersNeed, (state) => {
    offline.hidden = state.online;
    offline.textContent = state.online ? "" : "You are offline: the local workspace cannot be reached. Trying again…";
    unplugged.hidden = state.bot.connected;
    unplugged.textContent = state.bot.connected ? ""
      : `${appName(state)} is not connected. Its commands and buttons will not work until it is.`;
  });

  function draw(state) {
    const key = listKey(state.channelId);
    const title = channelName(state.channels.get(state.channelId), state.users);
    menu.setAttribute("aria-expanded", String(state.drawer));
    drawHeader(state);
    drawBanners(state);
    log.draw({
      key: `${state.me.id} ${key}`, label: `Messages in ${title}`, channel: state.channelId,
      messages: messagesOf(state.lists, key), target: state.target,
    });
    composer.draw({ key, label: `Message ${title}`, commands: state.commands });
  }

  return { node, draw, focus: composer.focus };
}
