// The control API: faults of both services, time, rates, and the bot's process. Errors as in api.js.

import { call, json } from "./api.js";

const post = (path, body) => call(`/control/${path}`, json("POST", body));

export const faults = (service) => call(`/control/${service}/faults`);
export const addFault = (service, fault) => post(`${service}/faults`, fault);
export const clearFault = (service, id) => call(`/control/${service}/faults/${id}`, { method: "DELETE" });
export const clearFaults = (service) => call(`/control/${service}/faults`, { method: "DELETE" });
export const time = (service) => call(`/control/${service}/time`);
export const advance = (service, seconds) => post(`${service}/time`, { advance: seconds });
export const rates = () => call("/control/slack/rates");
export const setRates = (on) => post("slack/rates", { on });
export const disconnect = (reason) => post("slack/disconnect", { reason });
export const changeChannel = (channel, change) => post("slack/channel", { channel, ...change });
export const deleteMessage = (channel, ts) => post("slack/message", { channel, ts });
export const bot = () => call("/control/bot");
export const crashBot = () => post("bot", { do: "crash" });
