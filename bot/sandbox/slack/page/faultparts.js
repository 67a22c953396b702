// The smaller parts of the fault panel: rates, channel, sockets, time, the bot. Each is {node, look(), draw?(state)}.

import * as control from "./control.js";
import { el, uid } from "./dom.js";
import { labelled } from "./faulteditor.js";
import { channelName } from "./people.js";

const REASONS = ["warning", "refresh_requested", "too_many_websockets", "link_disabled"];
// As far as something ends: a trigger_id and a response_url in Slack, a small restore in DBS.
const LEAPS = {
  slack: [["+4 s", 4], ["+1 min", 60], ["+31 min", 1860]],
  dbs: [["+1 min", 60], ["+10 min", 600], ["+1 h", 3600]],
};
const nothing = async () => {};

function part(title, ...children) {
  const heading = el("h3", { id: uid("part") }, title);
  return el("section", { "aria-labelledby": heading.id }, heading, ...children);
}

function button(text, act, style = "") {
  const node = el("button", {
    type: "button", class: `button ${style}`, on: { click: () => act(node) },
  }, el("span", {}, text));
  return node;
}

const row = (...children) => el("div", { class: "actions" }, ...children);
const note = () => el("p", { class: "muted", role: "status" });

/** Ask and show; a part whose service is not there says so instead. */
async function shown(node, ask, words) {
  let text;
  try {
    text = words(await ask());
  } catch (error) {
    text = error.message;
  }
  if (node.textContent !== text) node.textContent = text;
}

export function createRatesPart(attempt) {
  const box = el("input", { type: "checkbox", role: "switch", on: { change: () => change() } });
  const words = note();
  const label = el("label", { class: "choice" }, box, el("span", {}, "Enforce Slack's rate limits"));
  const node = part("Rate limits", label, words);
  const look = () => shown(words, control.rates, ({ on }) => {
    box.checked = on;
    return on ? "Too many calls get 429 with Retry-After." : "Any number of calls is answered.";
  });

  async function change() {
    await attempt.run(box, () => control.setRates(box.checked));
    await look();
  }

  return { node, look };
}

export function createChannelPart(attempt) {
  let channel = null;
  const words = note();
  const name = el("strong");
  const change = (what, said) => async (pressed) => {
    const here = name.textContent;
    if (await attempt.run(pressed, () => control.changeChannel(channel, what))) words.textContent = `${here} ${said}.`;
  };
  const node = part("This channel", el("p", {}, name), row(
    button("Archive", change({ archived: true }, "is archived")),
    button("Un-archive", change({ archived: false }, "is no longer archived")),
    button("Remove the bot", change({ bot: false }, "is without the bot")),
    button("Add the bot", change({ bot: true }, "has the bot in it"))), words);

  function draw({ channelId, channels, users, home }) {
    node.hidden = home.open || channels.get(channelId).is_im; // only a channel can be archived or left
    if (channelId !== channel) words.textContent = "";
    channel = channelId;
    name.textContent = channelName(channels.get(channelId), users);
  }

  return { node, draw, look: nothing };
}

export function createSocketPart(attempt) {
  const reason = el("select", {}, REASONS.map((each) => el("option", { value: each }, each)));
  const words = note();
  const send = button("Disconnect", async (pressed) => {
    const sent = reason.value;
    const done = await attempt.run(pressed, () => control.disconnect(sent));
    if (done) words.textContent = `The app's sockets were told: ${sent}.`;
  });
  const node = part("Socket Mode", el("div", { class: "fault-line" }, labelled("Reason", reason), send), words);
  return { node, look: nothing };
}

export function createTimePart(service, name, attempt) {
  const words = note();
  const look = () => shown(words, () => control.time(service), ({ now, speed }) => {
    const time = new Date(now * 1000).toISOString().slice(0, 19).replace("T", " ");
    return `${time} UTC, ${speed} simulated ${speed === 1 ? "second" : "seconds"} per second`;
  });
  const leaps = LEAPS[service].map(([text, seconds]) => button(text, async (pressed) => {
    await attempt.run(pressed, () => control.advance(service, seconds));
    await look();
  }));
  return { node: part(`Time of ${name}`, words, row(...leaps)), look };
}

export function createBotPart(attempt) {
  const now = note();
  const connection = note();
  const story = note();
  let known = null; // where no bot is supervised, asking once is enough
  const look = (isAgain) => (isAgain && known === null ? nothing() : shown(now, control.bot, (bot) => {
    known = bot;
    const starts = bot.starts === 1 ? "started once" : `started ${bot.starts} times`;
    return bot.running ? `The bot runs as process ${bot.pid}, ${starts}.` : `The bot does not run, ${starts}.`;
  }));
  const crash = button("Crash the bot", async (pressed) => {
    const before = known?.pid;
    story.textContent = "";
    const done = await attempt.run(pressed, control.crashBot);
    await look();
    if (done) story.textContent = `Process ${before} was killed without warning; process ${known.pid} took its place.`;
  }, "danger");
  const node = part("The bot's process", now, connection, row(crash), story);
  const draw = ({ bot }) => {
    connection.textContent = `It is ${bot.connected ? "" : "not "}connected to this workspace.`;
  };
  return { node, look, draw };
}
