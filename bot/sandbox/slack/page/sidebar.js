// The sidebar: the workspace, its channels and apps, and who the person at the page is.

import { isWithApp } from "./apptabs.js";
import { el, onChange, redraw, uid } from "./dom.js";
import { icon } from "./icons.js";
import { createMenu } from "./menu.js";
import { avatar, channelName, personName } from "./people.js";
import { allUnread } from "./unread.js";

/** Returns {node, draw(state)}. */
export function createSidebar({ world, actions }) {
  const title = el("h1");
  const domain = el("p", { class: "domain" });
  const channels = el("ul");
  const browse = entry({ sign: icon("plus"), name: "Browse channels", key: "browse" });
  const browser = createMenu(browse, { label: "Channels to join", items: () => channelsToJoin(world, actions) });
  const apps = el("div", { class: "apps" });
  const face = el("span", { class: "face" });
  const id = uid("person");
  const select = el("select", { id, on: { change: () => actions.switchPerson(select.value) } });
  const faults = createFaultsOpener(actions);
  const node = el("aside", {
    class: "sidebar", id: "sidebar", "aria-label": "Workspace",
    on: { keydown: (event) => isOpen() && event.key === "Escape" && actions.setDrawer(false) },
  }, el("header", {}, title, domain),
  el("nav", { "aria-label": "Channels" }, el("h2", {}, "Channels"), channels, browse, browser.node),
  apps,
  el("div", { class: "you" }, face, el("div", {}, el("label", { for: id }, "You are"), select), faults.node));
  const isOpen = () => node.classList.contains("open");

  const drawWorkspace = onChange(({ workspace }) => [workspace?.name, workspace?.domain], ({ workspace }) => {
    title.textContent = workspace.name;
    domain.textContent = workspace.domain;
  });
  const drawChannels = onChange(
    ({ channels: all, channelId, unread, home }) => [all, channelId, unread, home.open],
    (state) => {
      const listed = [...state.channels.values()].filter((channel) => !channel.is_im
        && (channel.id === state.channelId || (channel.is_member && !channel.is_archived)));
      redraw(channels, ...listed.map((channel) => el("li", {}, channelEntry(channel, state, actions))));
    });
  const drawApps = onChange(
    ({ app, channels: all, channelId, unread, bot, home }) => [app, all, channelId, unread, bot.connected, home.open],
    (state) => redraw(apps, appGroup(state, actions)));
  const drawPeople = onChange(({ users, me }) => [users, me], ({ users, me }) => {
    const people = [...users.values()].filter((person) => !person.is_bot);
    select.replaceChildren(...people.map((person) =>
      el("option", { value: person.id, selected: person.id === me.id, title: person.tz }, personName(person))));
    face.replaceChildren(avatar(me));
  });

  /** On narrow screens the sidebar comes and goes, and the focus with it. */
  function drawDrawer({ drawer }) {
    const leaves = isOpen() && !drawer && node.contains(document.activeElement);
    const comes = !isOpen() && drawer;
    node.classList.toggle("open", drawer);
    if (comes) (node.querySelector("[aria-current]") ?? browse).focus();
    if (leaves) [...document.querySelectorAll(".menu")].find((button) => button.checkVisibility())?.focus();
  }

  function draw(state) {
    faults.draw(state);
    for (const part of [drawWorkspace, drawChannels, drawApps, drawPeople, drawDrawer]) part(state);
  }

  return { node, draw };
}

function channelEntry(channel, { channelId, unread, users, home }, actions) {
  return entry({
    sign: icon(channel.is_private ? "lock" : "hash"), name: channelName(channel, users).replace(/^#/, ""),
    key: channel.id, unread: unread[channel.id],
    isOpen: !home.open && channel.id === channelId, open: () => actions.openChannel(channel.id),
  });
}

/** Bold when something is unread; the number is for what was said to this very person. */
function entry({ sign, name, key, unread, isOpen = false, open = () => {}, more = null }) {
  const count = unread?.count ?? 0;
  const mentions = unread?.mentions ?? 0;
  const words = count > 0 ? el("span", { class: "unseen" }, `${count} unread`) : null;
  const badge = mentions > 0
    ? el("span", { class: "unread", role: "img", "aria-label": `${mentions} for you` }, String(mentions)) : null;
  return el("button", {
    type: "button", class: `channel-link${count > 0 ? " has-unread" : ""}`, "data-focus": `sidebar/${key}`,
    "aria-current": isOpen ? "page" : null, on: { click: open },
  }, sign, el("span", { class: "channel-name" }, name), " ", more, " ", words, badge);
}

function channelsToJoin({ channels }, actions) {
  const others = [...channels.values()].filter((channel) => !channel.is_member && !channel.is_archived);
  if (others.length === 0) return [{ text: "You are in every channel.", pick: () => {} }];
  return others.map(({ id, name, topic }) => (
    { text: `#${name}`, description: topic, pick: () => actions.openChannel(id) }));
}

function appGroup({ app, channels, channelId, unread, users, bot, home }, actions) {
  const im = [...channels.values()].find((channel) => isWithApp(channel, app));
  const words = bot.connected ? "connected" : "not connected";
  return el("section", {}, el("h2", {}, "Apps"), entry({
    sign: avatar(users.get(app.bot_user) ?? app, "tiny"), name: app.name, key: "app", unread: unread[im?.id],
    isOpen: home.open || (im !== undefined && im.id === channelId), open: () => actions.openHome(),
    more: el("span", { class: "presence-words" },
      el("span", { class: `presence${bot.connected ? " on" : ""}`, "aria-hidden": "true" }), words),
  }));
}

/** The button that shows the sidebar on narrow screens, with a mark when something there is unread. */
export function createMenuButton(actions) {
  const node = el("button", {
    type: "button", class: "icon-button menu", "aria-controls": "sidebar",
    on: { click: (event) => { event.stopPropagation(); actions.setDrawer(true); } },
  }, icon("menu"));

  function draw({ drawer, unread }) {
    const { count, mentions } = allUnread(unread);
    const words = mentions > 0 ? `${mentions} for you` : "something is unread";
    node.ariaLabel = `Show channels${count > 0 ? ` (${words})` : ""}`;
    node.ariaExpanded = String(drawer);
    node.classList.toggle("has-unread", count > 0);
    node.classList.toggle("has-mentions", mentions > 0);
  }

  return { node, draw };
}

/** The button that shows the fault panel; a modal carries one too, as nothing behind it can be used. */
export function createFaultsOpener(actions) {
  const node = el("button", {
    type: "button", class: "faults-opener", "aria-controls": "faults", title: "Make the services fail",
    on: { click: (event) => { event.stopPropagation(); actions.setFaults(node.ariaExpanded !== "true"); } },
  }, icon("warning"), "Faults");
  return { node, draw: ({ faults }) => { node.ariaExpanded = String(faults); } };
}
