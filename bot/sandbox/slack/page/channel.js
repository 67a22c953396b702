// The chosen channel: its header, what to know before writing, its messages, and where to write.

import { createAppTabs, isWithApp } from "./apptabs.js";
import { createComposer } from "./composer.js";
import { el, onChange } from "./dom.js";
import { icon } from "./icons.js";
import { createJoin } from "./join.js";
import { listKey, messagesOf } from "./lists.js";
import { createLog } from "./log.js";
import { draw as drawNodes } from "./markup.js";
import { parse } from "./mrkdwn.js";
import { avatar, channelName } from "./people.js";
import { createMenuButton } from "./sidebar.js";
import { completable } from "./suggestions.js";

/** Returns {node, draw(state)}. */
export function createChannel({ world, actions }) {
  const menu = createMenuButton(actions);
  const name = el("h2");
  const topic = el("p", { class: "topic" });
  const members = el("span", { class: "members" });
  const offline = el("p", { class: "banner offline", role: "status", hidden: true });
  const archived = el("p", { class: "banner archived", role: "status", hidden: true },
    "This channel is archived. Nobody can write in it.");
  const unplugged = el("p", { class: "banner unplugged", role: "status", hidden: true });
  const log = createLog({ world, actions, thread: false });
  const composer = createComposer({ send: (text) => actions.say(text), runShortcut: actions.runShortcut });
  const join = createJoin({ actions });
  let opened = 0;
  const tabs = createAppTabs(actions);
  const header = el("header", {}, menu.node, el("div", { class: "channel-title" }, name, topic), tabs.node, members);
  const node = el("main", { class: "channel" }, header, offline, log.node, unplugged, archived, join.node, composer.node);

  const drawHeader = onChange(({ channels, channelId, users }) => [channels.get(channelId), users], (state) => {
    const { channels, channelId, users, app } = state;
    const channel = channels.get(channelId);
    const title = channelName(channel, users);
    const withApp = isWithApp(channel, app);
    tabs.node.hidden = !withApp;
    tabs.mark("messages");
    const sign = channel.is_im
      ? avatar(users.get(channel.user) ?? { name: title }, "tiny") : icon(channel.is_private ? "lock" : "hash");
    name.replaceChildren(sign, title.replace(/^#/, ""));
    topic.replaceChildren(...drawNodes(parse(channel.topic ?? ""), world));
    const isCounted = channel.num_members && !channel.is_im;
    members.replaceChildren(...(isCounted ? [icon("people"), String(channel.num_members)] : []));
    members.title = channel.num_members ? `${channel.num_members} members` : "";
  });
  const bannersNeed = ({ online, bot, app }) => [online, bot.connected, app];
  const drawBanners = onChange(bannersNeed, (state) => {
    offline.hidden = state.online;
    offline.textContent = state.online ? "" : "You are offline: the local workspace cannot be reached. Trying again…";
    unplugged.hidden = state.bot.connected;
    unplugged.textContent = state.bot.connected ? ""
      : `${state.app.name} is not connected. Its commands and buttons will not work until it is.`;
  });

  function draw(state) {
    node.hidden = state.home.open;
    if (node.hidden) return;
    const key = listKey(state.channelId);
    const title = channelName(state.channels.get(state.channelId), state.users);
    menu.draw(state);
    archived.hidden = !state.channels.get(state.channelId).is_archived;
    const joins = join.node.contains(document.activeElement);
    join.draw(state);
    composer.node.hidden = !archived.hidden || !join.node.hidden;
    if (joins && join.node.hidden) composer.focus();
    drawHeader(state);
    drawBanners(state);
    log.draw({
      key: `${state.me.id} ${key}`, label: `Messages in ${title}`, channel: state.channelId,
      messages: messagesOf(state.lists, key), target: state.target,
      newSince: state.newSince,
    });
    composer.draw({ key: `${state.me.id} ${key}`, label: `Message ${title}`, known: completable(state) });
    if (state.opened !== opened && matchMedia("(pointer: fine)").matches) focus();
    opened = state.opened;
  }

  function focus() {
    if (!node.hidden) (join.node.hidden ? composer : join).focus();
  }

  return { node, draw, focus, focusOn: (ts) => log.focusOn(ts) || focus() };
}
