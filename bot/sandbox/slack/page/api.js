// The page's calls to the local workspace. Each throws an Error whose message is a sentence for the person.

const NO_ANSWER = "The local workspace did not answer. Is it still running?";

/** Fetch JSON; the answer, or an Error with the sentence it carried. */
export async function call(path, options = {}) {
  let answer;
  try {
    const response = await fetch(path, options);
    answer = await response.json();
  } catch {
    throw new Error(NO_ANSWER);
  }
  if (!answer.ok) throw new Error(answer.error || NO_ANSWER);
  return answer;
}

function get(path, parameters) {
  const known = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined);
  return call(`/page/${path}?${new URLSearchParams(known)}`);
}

/** What `call` needs to send JSON. */
export const json = (method, body) => (
  { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const post = (path, body) => call(`/page/${path}`, json("POST", body));

export const boot = (user) => get("boot", { user });
export const messages = (user, channel, threadTs) => get("messages", { user, channel, thread_ts: threadTs });
export const say = (body) => post("message", body);
export const act = (body) => post("action", body);
export const options = (body) => post("options", body);
export const submit = (body) => post("submit", body);
export const close = (body) => post("close", body);
export const shortcut = (body) => post("shortcut", body);
export const home = (body) => post("home", body);
export const im = (body) => post("im", body);
export const join = (body) => post("join", body);
export const read = (body) => post("read", body);
