// What stands in place of the composer in a channel the person is not in.

import { el } from "./dom.js";
import { channelName } from "./people.js";

/** Returns {node, draw(state), focus}; the node is hidden where the person is a member. */
export function createJoin({ actions }) {
  const words = el("p");
  const button = el("button", {
    type: "button", class: "button primary", on: { click: () => actions.join(channelId) },
  }, el("span"));
  const node = el("div", { class: "join", hidden: true }, words, button);
  let channelId = null;

  function draw({ channelId: id, channels, users }) {
    const channel = channels.get(id);
    const name = channelName(channel, users);
    channelId = id;
    node.hidden = channel.is_member || channel.is_archived;
    words.textContent = `You are looking at ${name}.`;
    button.firstElementChild.textContent = `Join ${name}`;
  }

  return { node, draw, focus: () => button.focus() };
}
