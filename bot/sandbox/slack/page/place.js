// Where on the page the person is, as an address: a reload, a second window and a permalink find the same place.

/** {user, channel, thread, message, home} of "/?user=…&channel=…&thread=…" or "/archives/C…/p<ts>?thread_ts=…". */
export function readPlace(address) {
  const { pathname, searchParams } = new URL(address, location.href);
  const permalink = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(pathname);
  const user = searchParams.get("user");
  if (permalink === null) {
    const home = searchParams.has("home");
    return { user, channel: searchParams.get("channel"), thread: searchParams.get("thread"), message: null, home };
  }
  const [, channel, seconds, rest] = permalink;
  return { user, channel, thread: searchParams.get("thread_ts"), message: `${seconds}.${rest}`, home: false };
}

/** Is this a permalink into this very workspace? */
export function isPermalink(address) {
  const { origin, pathname } = new URL(address, location.href);
  return origin === location.origin && pathname.startsWith("/archives/");
}

/** The permalink of a message, as the Web API gives it. */
export function permalink(channel, { ts, thread_ts: threadTs }) {
  const inThread = threadTs && threadTs !== ts ? `?${new URLSearchParams({ thread_ts: threadTs, cid: channel })}` : "";
  return `${location.origin}/archives/${channel}/p${ts.replace(".", "")}${inThread}`;
}

export function writePlace({ me, channelId, threadTs, home }) {
  const where = home.open ? { home: "" } : threadTs ? { thread: threadTs } : {};
  const place = new URLSearchParams({ user: me.id, channel: channelId, ...where });
  history.replaceState(null, "", `/?${place}`);
}
