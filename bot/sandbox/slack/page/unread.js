// What is unread, over all channels, as plain data.

/** {count, mentions} of `unread` (channel -> {count, mentions, since} or undefined). */
export function allUnread(unread) {
  const known = Object.values(unread).filter((one) => one !== undefined);
  const sum = (name) => known.reduce((total, one) => total + one[name], 0);
  return { count: sum("count"), mentions: sum("mentions") };
}

/** What the window's title begins with: the number of messages for this person, or a star for other news. */
export function unreadSign(unread) {
  const { count, mentions } = allUnread(unread);
  if (mentions > 0) return `(${mentions}) `;
  return count > 0 ? "* " : "";
}
