// Everything a person can do on the page, and everything the workspace tells it: calls out, changes of the store in.

import * as api from "./api.js";
import * as control from "./control.js";
import { apply, fetched, fetching, listKey, messagesOf } from "./lists.js";
import { listen } from "./socket.js";
import { CLOSED } from "./store.js";

/** `toast(sentence)` tells the person what went wrong where nothing else can. */
export function createActions(store, toast) {
  let stopListening = () => {};
  let justLoaded = true;
  const user = () => store.get().me.id;

  async function start(wanted) {
    const first = await api.boot(wanted.user);
    stopListening();
    justLoaded = true;
    store.set({ ...fromBoot(first), lists: {}, views: [], threadTs: null, newSince: null, home: CLOSED });
    const channelId = pickChannel(first.channels, wanted.channel);
    // Home is fetched once the socket hears, and the channel behind it too.
    if (wanted.home) store.set({ channelId, home: { open: true, view: null, busy: true } });
    else showChannel(channelId, wanted.thread ?? null, wanted.message ?? null);
    stopListening = listen(first.me.id, { onOpen: catchUp, onLost: () => store.set({ online: false }), onEvent: hear });
  }

  /** After every (re)connection: what changed meanwhile is fetched, events of the socket continue from there. */
  async function catchUp() {
    try {
      const now = fromBoot(await api.boot(user()));
      const isGone = !now.channels.has(store.get().channelId); // archived meanwhile, or no longer theirs
      const elsewhere = isGone ? { channelId: pickChannel([...now.channels.values()]), threadTs: null } : {};
      store.set({ ...now, ...elsewhere, online: true });
      const { channelId, threadTs } = store.get();
      if (store.get().home.open) openHome();
      read();
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
    else if (event.type === "home") store.set({ home: { ...state.home, view: event.view, busy: false } });
    else if (event.type === "bot") store.set({ bot: { ...state.bot, connected: event.connected } });
    else if (event.type === "channel") {
      store.set({ channels: new Map(state.channels).set(event.channel.id, event.channel) });
    } else if ("channel" in event) hearOfMessages(event);
  }

  /** Every event about a channel's messages says what is unread there; what stands before the person is read. */
  function hearOfMessages(event) {
    const { lists, unread, channelId, newSince } = store.get();
    store.set({ lists: apply(lists, event), unread: { ...unread, [event.channel]: event.unread ?? undefined } });
    if (event.channel !== channelId || isSeen()) read();
    else store.set({ newSince: newSince ?? event.unread?.since ?? null });
  }

  const isSeen = () => !store.get().home.open && document.visibilityState === "visible";

  /** The open channel is read, if it is seen. */
  function read() {
    const { channelId: channel, unread } = store.get();
    if (unread[channel] === undefined || !isSeen()) return;
    store.set({ unread: { ...unread, [channel]: undefined } });
    api.read({ user: user(), channel }).catch((error) => toast(error.message));
  }

  /** A page that was just loaded has lost what was typed, so what is still open is closed, as Slack does. */
  function hearViews(views) {
    const stale = justLoaded && views.length > 0;
    justLoaded = false;
    if (stale) api.close({ user: user(), view_id: views[0].id, all: true }).catch((error) => toast(error.message));
    else store.set({ views });
  }

  function showChannel(channelId, threadTs = null, target = null) {
    const { lists, unread, home } = store.get();
    store.set({
      channelId, threadTs, target, drawer: false, home: { ...home, open: false },
      newSince: unread[channelId]?.since ?? null,
    });
    read();
    if (messagesOf(lists, channelId) === null) loadAloud(channelId);
    if (threadTs !== null) loadAloud(channelId, threadTs);
  }

  /** As `showChannel`, to write there. */
  function openChannel(channelId) {
    showChannel(channelId);
    store.set({ opened: store.get().opened + 1 });
  }

  /** App Home; what the app publishes while we ask is newer than the answer. */
  async function openHome() {
    const before = store.get().home.view;
    store.set({ home: { open: true, view: before, busy: true }, threadTs: null, drawer: false });
    try {
      const { view } = await api.home({ user: user() });
      const { home } = store.get();
      store.set({ home: { ...home, busy: false, view: home.view === before ? view : home.view } });
    } catch (error) {
      store.set({ home: { ...store.get().home, busy: false } });
      toast(error.message);
    }
  }

  /** The direct conversation with the app. */
  async function openApp() {
    try {
      const { channel } = await api.im({ user: user() });
      store.set({ channels: new Map(store.get().channels).set(channel.id, channel) });
      openChannel(channel.id);
    } catch (error) {
      toast(error.message);
    }
  }

  function openThread(threadTs) {
    store.set({ threadTs });
    loadAloud(store.get().channelId, threadTs);
  }

  /** Close this view, or all; `typed` is what stands in each one, by its id. */
  function closeView(viewId, typed, all = false) {
    const { views } = store.get();
    store.set({ views: all ? [] : views.slice(0, views.findIndex((view) => view.id === viewId)) });
    api.close({ user: user(), view_id: viewId, typed, ...(all ? { all } : {}) }).catch((error) => toast(error.message));
  }

  return {
    start,
    openChannel,
    join: (channel) => api.join({ user: user(), channel }).catch((error) => toast(error.message)),
    read,
    openPlace: ({ channel, thread, message }) => {
      if (store.get().channels.has(channel)) showChannel(channel, thread, message);
    },
    openHome,
    openApp,
    runShortcut: (callbackId, place = {}) => api.shortcut({ user: user(), callback_id: callbackId, ...place }),
    deleteMessage: (channel, ts) => control.deleteMessage(channel, ts).catch((error) => toast(error.message)),
    openThread,
    closeThread: () => store.set({ threadTs: null }),
    setDrawer: (drawer) => store.set({ drawer }),
    setFaults: (faults) => store.set({ faults, drawer: false }),
    switchPerson: (id) => start({ user: id, channel: store.get().channelId, home: store.get().home.open })
      .catch((error) => toast(error.message)),
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

function fromBoot({ workspace, me, app, users, channels, commands, shortcuts, bot, unread }) {
  return { workspace, me, app, users: byId(users), channels: byId(channels), commands, shortcuts, bot, unread };
}

const byId = (things) => new Map(things.map((thing) => [thing.id, thing]));

function pickChannel(channels, wanted) {
  return (channels.find(({ id }) => id === wanted) ?? channels.find((channel) => channel.is_member) ?? channels[0]).id;
}
