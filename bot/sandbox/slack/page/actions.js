// Everything a person can do on the page, and everything the workspace tells it: calls out, changes of the store in.

import * as api from "./api.js";
import { apply, fetched, fetching, listKey, messagesOf } from "./lists.js";
import { listen } from "./socket.js";

/** `toast(sentence)` tells the person what went wrong where nothing else can. */
export function createActions(store, toast) {
  let stopListening = () => {};
  let justLoaded = true;
  const user = () => store.get().me.id;

  async function start(wanted) {
    const first = await api.boot(wanted.user);
    stopListening();
    justLoaded = true;
    store.set({ ...fromBoot(first), lists: {}, unread: {}, views: [], threadTs: null });
    showChannel(pickChannel(first.channels, wanted.channel), wanted.thread ?? null, wanted.message ?? null);
    stopListening = listen(first.me.id, { onOpen: catchUp, onLost: () => store.set({ online: false }), onEvent: hear });
  }

  /** After every (re)connection: what changed meanwhile is fetched, events of the socket continue from there. */
  async function catchUp() {
    try {
      store.set({ ...fromBoot(await api.boot(user())), online: true });
      const { channelId, threadTs } = store.get();
      await Promise.all([load(channelId), threadTs === null ? null : load(channelId, threadTs)]);
    } catch (error) {
      toast(error.message);
    }
  }

  async function load(channel, threadTs = null) {
    const key = listKey(channel, threadTs);
    const me = user();
    store.set({ lists: fetching(store.get().lists, key) });
    const answer = await api.messages(me, channel, threadTs);
    if (me === user()) store.set({ lists: fetched(store.get().lists, key, answer.messages) });
  }

  function loadAloud(channel, threadTs = null) {
    load(channel, threadTs).catch((error) => toast(error.message));
  }

  function hear(event) {
    const state = store.get();
    if (event.type === "view") hearViews(event.views);
    else if (event.type === "bot") store.set({ bot: { ...state.bot, connected: event.connected } });
    else if (event.type === "channel") {
      store.set({ channels: new Map(state.channels).set(event.channel.id, event.channel) });
    } else if ("channel" in event) store.set({ lists: apply(state.lists, event), unread: unreadAfter(state, event) });
  }

  /** A page that was just loaded has lost what was typed, so what is still open is closed, as Slack does. */
  function hearViews(views) {
    const stale = justLoaded && views.length > 0;
    justLoaded = false;
    if (stale) api.close({ user: user(), view_id: views[0].id, all: true }).catch((error) => toast(error.message));
    else store.set({ views });
  }

  function showChannel(channelId, threadTs = null, target = null) {
    const { lists, unread } = store.get();
    store.set({ channelId, threadTs, target, drawer: false, unread: { ...unread, [channelId]: 0 } });
    if (messagesOf(lists, channelId) === null) loadAloud(channelId);
    if (threadTs !== null) loadAloud(channelId, threadTs);
  }

  function openThread(threadTs) {
    store.set({ threadTs });
    loadAloud(store.get().channelId, threadTs);
  }

  function closeView(viewId, all = false) {
    const { views } = store.get();
    store.set({ views: all ? [] : views.slice(0, views.findIndex((view) => view.id === viewId)) });
    api.close({ user: user(), view_id: viewId, ...(all ? { all } : {}) }).catch((error) => toast(error.message));
  }

  return {
    start,
    openChannel: (id) => showChannel(id),
    openPlace: ({ channel, thread, message }) => {
      if (store.get().channels.has(channel)) showChannel(channel, thread, message);
    },
    openThread,
    closeThread: () => store.set({ threadTs: null }),
    setDrawer: (drawer) => store.set({ drawer }),
    switchPerson: (id) => start({ user: id, channel: store.get().channelId }).catch((error) => toast(error.message)),
    say: (text, threadTs = null) =>
      api.say({ user: user(), channel: store.get().channelId, text, ...(threadTs ? { thread_ts: threadTs } : {}) }),
    act: (container, action, values) => api.act({ user: user(), container, action, state_values: values }),
    options: (container, block, element, value) =>
      api.options({ user: user(), container, block_id: block.block_id, action_id: element.action_id, value }),
    submitView: (viewId, values) => api.submit({ user: user(), view_id: viewId, state_values: values }),
    closeView,
    toast,
  };
}

function fromBoot({ workspace, me, users, channels, commands, bot }) {
  return { workspace, me, users: byId(users), channels: byId(channels), commands, bot };
}

const byId = (things) => new Map(things.map((thing) => [thing.id, thing]));

function pickChannel(channels, wanted) {
  return (channels.find(({ id }) => id === wanted) ?? channels.find((channel) => channel.is_member) ?? channels[0]).id;
}

function unreadAfter({ unread, channelId, me }, { type, channel, message }) {
  const isNews = (type === "message" || type === "ephemeral") && message.user !== me.id;
  const isReply = message?.thread_ts !== undefined && message.thread_ts !== message.ts;
  if (!isNews || isReply || channel === channelId) return unread;
  return { ...unread, [channel]: (unread[channel] ?? 0) + 1 };
}
