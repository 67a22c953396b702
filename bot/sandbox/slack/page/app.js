// Where the page is put together: store, actions, and the parts that draw the state.

import { createActions } from "./actions.js";
import { createChannel } from "./channel.js";
import { onChange } from "./dom.js";
import { createFaults } from "./faults.js";
import { createHome } from "./home.js";
import { refreshDates } from "./markup.js";
import { createModal } from "./modal.js";
import { channelName } from "./people.js";
import { isPermalink, readPlace, writePlace } from "./place.js";
import { createSidebar } from "./sidebar.js";
import { createStore } from "./store.js";
import { createThread } from "./thread.js";
import { createToasts } from "./toast.js";
import { unreadSign } from "./unread.js";

const store = createStore();
const toasts = createToasts();
const actions = createActions(store, toasts.toast);

// What drawing needs to know of the workspace, always as it is now.
const world = {
  get me() { return store.get().me; },
  get users() { return store.get().users; },
  get channels() { return store.get().channels; },
  get shortcuts() { return store.get().shortcuts; },
  get app() { return store.get().app; },
  get here() { return store.get().home.open ? null : store.get().channelId; },
  openChannel: actions.openChannel,
};

const sidebar = createSidebar({ world, actions });
const channel = createChannel({ world, actions });
const thread = createThread({ world, actions, threadTs: () => store.get().threadTs, giveBackFocus: channel.focusOn });
const home = createHome({ world, actions });
const modal = createModal({ world, actions });
const faults = createFaults({ actions });

const drawModal = onChange(({ views, faults: hasPanel }) => [views, hasPanel], modal.draw);
/** A modal makes everything behind it unusable, so an open fault panel moves into it. */
const hostFaults = onChange(({ views, faults: hasPanel }) => [views.length > 0 && hasPanel], (state) => {
  const focused = faults.node.contains(document.activeElement) ? document.activeElement : null;
  (state.views.length > 0 && state.faults ? modal.node : document.body).append(faults.node);
  focused?.focus();
});
const drawTitle = onChange(
  ({ app, channels, channelId, home, users, unread, workspace }) =>
    [app, channels, channelId, home.open, users, unread, workspace],
  ({ app, channels, channelId, home, users, unread, workspace }) => {
    const name = home.open ? app.name : channelName(channels.get(channelId), users);
    document.title = `${unreadSign(unread)}${name} · ${workspace.name}`;
  },
);

const drawAddress = onChange(
  ({ me, channelId, threadTs, home }) => [me.id, channelId, threadTs, home.open], writePlace);

function draw(state) {
  if (state.me === null) return;
  hostFaults(state);
  for (const part of [sidebar, channel, home, thread, faults]) part.draw(state);
  for (const drawPart of [drawModal, drawTitle, drawAddress]) drawPart(state);
}

const workspace = document.getElementById("workspace");
workspace.append(sidebar.node, channel.node, home.node, thread.node);
document.body.append(modal.node, toasts.node);
document.addEventListener("click", (event) => {
  if (store.get().drawer && !sidebar.node.contains(event.target)) actions.setDrawer(false);
  const link = event.target.closest("a[href]");
  if (link === null || event.ctrlKey || event.metaKey || !isPermalink(link.href)) return;
  event.preventDefault();
  actions.openPlace(readPlace(link.href));
});
document.addEventListener("visibilitychange", () => store.get().me && actions.read());
store.subscribe(draw);
setInterval(() => store.get().me && refreshDates(document.body, store.get().me), 30_000);

try {
  await actions.start(readPlace(location.href));
  workspace.removeAttribute("aria-busy");
  channel.focus();
} catch (error) {
  toasts.toast(error.message);
}
