// Where on the page the person is, as an address: a reload, a second window and a permalink find the same place.

/** {user, channel, thread, message} of "/?user=…&channel=…&thread=…" or "/archives/C…/p<ts>?thread_ts=…". */
export function readPlace(address) {
  const { pathname, searchParams } = new URL(address, location.href);
  const permalink = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(pathname);
  const user = searchParams.get("user");
  if (permalink === null) {
    return { user, channel: searchParams.get("channel"), thread: searchParams.get("thread"), message: null };
  }
  const [, channel, seconds, rest] = permalink;
  return { user, channel, thread: searchParams.get("thread_ts"), message: `${seconds}.${rest}` };
}

/** Is this a permalink into this very workspace? */
export function isPermalink(address) {
  const { origin, pathname } = new URL(address, location.href);
  return origin === location.origin && pathname.startsWith("/archives/");
}

export function writePlace({ me, channelId, threadTs }) {
  const place = new URLSearchParams({ user: me.id, channel: channelId, ...(threadTs ? { thread: threadTs } : {}) });
  history.replaceState(null, "", `/?${place}`);
}
