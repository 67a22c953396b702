// The app's own place has two sides, as in Slack: its Home, and the direct conversation with it.

import { createTabs } from "./tabs.js";

/** Tabs for the header of either side. */
export function createAppTabs(actions) {
  return createTabs({
    label: "App",
    tabs: [{ key: "home", text: "Home" }, { key: "messages", text: "Messages" }],
    choose: (key) => (key === "home" ? actions.openHome() : actions.openApp()),
  });
}

/** Is this channel the person's direct conversation with the app? */
export function isWithApp(channel, app) {
  return channel?.is_im === true && channel.user === app.bot_user;
}
