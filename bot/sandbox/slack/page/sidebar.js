// The sidebar: the workspace, its channels and apps, and who the person at the page is.

import { isWithApp } from "./apptabs.js";
import { el, onChange, uid } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, channelName, personName } from "./people.js";

/** Returns {node, draw(state)}. */
export function createSidebar({ actions }) {
  const title = el("h1");
  const domain = el("p", { class: "domain" });
  const channels = el("div");
  const apps = el("div", { class: "apps" });
  const face = el("span", { class: "face" });
  const id = uid("person");
  const select = el("select", { id, on: { change: () => actions.switchPerson(select.value) } });
  const faults = el("button", {
    type: "button", class: "faults-opener", "aria-controls": "faults", title: "Make the services fail",
    on: { click: (event) => { event.stopPropagation(); actions.setFaults(faults.ariaExpanded !== "true"); } },
  }, icon("warning"), "Faults");
  const node = el("aside", { class: "sidebar", id: "sidebar", "aria-label": "Workspace" },
    el("header", {}, title, domain),
    el("nav", { "aria-label": "Channels" }, channels),
    apps,
    el("div", { class: "you" }, face, el("div", {}, el("label", { for: id }, "You are"), select), faults));

  const drawWorkspace = onChange(({ workspace }) => [workspace?.name, workspace?.domain], ({ workspace }) => {
    title.textContent = workspace.name;
    domain.textContent = workspace.domain;
  });
  const drawChannels = onChange(
    ({ channels: all, channelId, unread, users, home }) => [all, channelId, unread, users, home.open],
    (state) => {
      const all = [...state.channels.values()].filter((channel) => !isWithApp(channel, state.app)
        && (!channel.is_archived || channel.id === state.channelId));
      channels.replaceChildren(
        channelGroup("Channels", all.filter((channel) => !channel.is_im), state, actions),
        channelGroup("Direct messages", all.filter((channel) => channel.is_im), state, actions));
    });
  const drawApps = onChange(
    ({ app, channels: all, channelId, unread, bot, home }) => [app, all, channelId, unread, bot.connected, home.open],
    (state) => apps.replaceChildren(appGroup(state, actions)));
  const drawPeople = onChange(({ users, me }) => [users, me], ({ users, me }) => {
    const people = [...users.values()].filter((person) => !person.is_bot && person.id !== "USLACKBOT");
    select.replaceChildren(...people.map((person) =>
      el("option", { value: person.id, selected: person.id === me.id, title: person.tz }, personName(person))));
    face.replaceChildren(avatar(me));
  });

  function draw(state) {
    node.classList.toggle("open", state.drawer);
    faults.ariaExpanded = String(state.faults);
    for (const part of [drawWorkspace, drawChannels, drawApps, drawPeople]) part(state);
  }

  return { node, draw };
}

function channelGroup(heading, channels, state, actions) {
  if (channels.length === 0) return document.createDocumentFragment();
  const entries = channels.map((channel) => el("li", {}, channelEntry(channel, state, actions)));
  return el("section", {}, el("h2", {}, heading), el("ul", {}, entries));
}

function channelEntry(channel, { channelId, unread, users, home }, actions) {
  const sign = channel.is_im
    ? avatar(users.get(channel.user) ?? { name: "?" }, "tiny") : icon(channel.is_private ? "lock" : "hash");
  return entry({
    sign, name: channelName(channel, users).replace(/^#/, ""), count: unread[channel.id]?.count ?? 0,
    isOpen: !home.open && channel.id === channelId, open: () => actions.openChannel(channel.id),
  });
}

function entry({ sign, name, count, isOpen, open, more = null }) {
  const badge = count > 0 ? el("span", { class: "unread", "aria-label": `${count} unread` }, String(count)) : null;
  return el("button", {
    type: "button", class: `channel-link${count > 0 ? " has-unread" : ""}`, "data-focus": `sidebar/${name}`,
    "aria-current": isOpen ? "page" : null, on: { click: open },
  }, sign, el("span", { class: "channel-name" }, name), more, badge);
}

function appGroup({ app, channels, channelId, unread, users, bot, home }, actions) {
  const im = [...channels.values()].find((channel) => isWithApp(channel, app));
  const words = bot.connected ? "connected" : "not connected";
  return el("section", {}, el("h2", {}, "Apps"), entry({
    sign: avatar(users.get(app.bot_user) ?? app, "tiny"), name: app.name, count: unread[im?.id]?.count ?? 0,
    isOpen: home.open || (im !== undefined && im.id === channelId), open: () => actions.openHome(),
    more: el("span", { class: "presence-words" },
      el("span", { class: `presence${bot.connected ? " on" : ""}`, "aria-hidden": "true" }), words),
  }));
}

/** The button that shows the sidebar on narrow screens. Returns {node, draw(state)}. */
export function createMenuButton(actions) {
  const node = el("button", {
    type: "button", class: "icon-button menu", "aria-label": "Show channels", "aria-controls": "sidebar",
    on: { click: (event) => { event.stopPropagation(); actions.setDrawer(true); } },
  }, icon("menu"));
  return { node, draw: ({ drawer }) => { node.ariaExpanded = String(drawer); } };
}
