// Dates in a person's own time zone and clock, in Slack's words. Epochs are seconds; a person is {tz, locale}.

const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];
const HALF_A_YEAR = 183 * 86400;
const formatters = new Map();
const clocks = new Map();

export const nowSeconds = () => Date.now() / 1000;

/** What calendar and clock show in `tz`: {year, month 1-12, day, hour, minute, second, weekday}. */
function localParts(epoch, tz) {
  if (!formatters.has(tz)) {
    formatters.set(tz, new Intl.DateTimeFormat("en-US", {
      timeZone: tz, hourCycle: "h23", weekday: "long", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    }));
  }
  const parts = {};
  for (const { type, value } of formatters.get(tz).formatToParts(epoch * 1000)) {
    if (type !== "literal") parts[type] = type === "weekday" ? value : Number(value);
  }
  return parts;
}

/** "YYYY-MM-DD" as a date input wants it. */
export function isoDate(epoch, tz) {
  const { year, month, day } = localParts(epoch, tz);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

const QUARTER = 900; // every zone's midnight falls on one
const days = new Map();

/** The day a message belongs to, as `isoDate` but remembered: a long list asks for it again and again. */
export function dayOf(epoch, tz) {
  const key = `${tz} ${Math.floor(epoch / QUARTER)}`;
  if (!days.has(key)) days.set(key, isoDate(epoch, tz));
  return days.get(key);
}

/** "HH:MM" as a time input wants it. */
export function isoTime(epoch, tz) {
  const { hour, minute } = localParts(epoch, tz);
  return `${two(hour)}:${two(minute)}`;
}

/** The epoch at which `tz` shows that date and time; a time skipped by summer time moves on by the gap. */
export function toEpoch(date, time, tz) {
  const [year, month, day] = date.split("-").map(Number);
  const [hour, minute] = time.split(":").map(Number);
  const wall = Date.UTC(year, month - 1, day, hour, minute) / 1000;
  const guess = wall - offsetAt(wall, tz);
  return wall - offsetAt(guess, tz);
}

function offsetAt(epoch, tz) {
  const parts = localParts(epoch, tz);
  const wall = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) / 1000;
  return wall - Math.floor(epoch);
}

/** "UTC+08:00" for the person's zone at that time. */
export function zoneName(epoch, tz) {
  const minutes = Math.round(offsetAt(epoch, tz) / 60);
  const sign = minutes < 0 ? "-" : "+";
  return `UTC${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** The time of day on the person's kind of clock: "5:02 PM" or "17:02". */
export function clock(epoch, person, withSeconds = false) {
  const { hour, minute, second } = localParts(epoch, person.tz);
  const rest = `:${two(minute)}${withSeconds ? `:${two(second)}` : ""}`;
  if (!usesTwelveHours(person.locale)) return `${two(hour)}${rest}`;
  return `${hour % 12 || 12}${rest} ${hour < 12 ? "AM" : "PM"}`;
}

function usesTwelveHours(locale) {
  const known = locale || "en-US";
  if (!clocks.has(known)) {
    const { hour12 } = new Intl.DateTimeFormat(known, { hour: "numeric" }).resolvedOptions();
    clocks.set(known, hour12);
  }
  return clocks.get(known);
}

/** "today", "yesterday" or "tomorrow" in the person's zone, else null. */
function relativeDay(epoch, person, now) {
  const days = Math.round((dayNumber(epoch, person.tz) - dayNumber(now, person.tz)) / 86400);
  return { [-1]: "yesterday", 0: "today", 1: "tomorrow" }[days] ?? null;
}

function dayNumber(epoch, tz) {
  const { year, month, day } = localParts(epoch, tz);
  return Date.UTC(year, month - 1, day) / 1000;
}

/** The words on the line between two days: "Today", "Thursday, November 20th". */
export function dayTitle(epoch, person, now) {
  return formatDate("{day_divider_pretty}", epoch, person, now);
}

/** "today at 17:02", "Nov 18th at 17:02": when the last reply came. */
export function momentWords(epoch, person, now) {
  const { month, day } = localParts(epoch, person.tz);
  const date = relativeDay(epoch, person, now) ?? `${MONTHS[month - 1].slice(0, 3)} ${ordinal(day)}`;
  return `${date} at ${clock(epoch, person)}`;
}

const TOKENS = {
  date: (epoch, person, now) => longDate(epoch, person, now),
  date_num: (epoch, person) => isoDate(epoch, person.tz),
  date_slash: (epoch, person) => isoDate(epoch, person.tz).split("-").reverse().join("/"),
  date_short: (epoch, person, now) => shortDate(epoch, person, now),
  date_long: (epoch, person, now) => fullDate(epoch, person, now),
  date_long_full: (epoch, person) => longDate(epoch, person, Infinity),
  date_pretty: (epoch, person, now) => relativeDay(epoch, person, now) ?? longDate(epoch, person, now),
  date_short_pretty: (epoch, person, now) => relativeDay(epoch, person, now) ?? shortDate(epoch, person, now),
  date_long_pretty: (epoch, person, now) => relativeDay(epoch, person, now) ?? fullDate(epoch, person, now),
  day_divider_pretty: (epoch, person, now) => relativeDay(epoch, person, now) ?? fullDate(epoch, person, now),
  time: (epoch, person) => clock(epoch, person),
  time_secs: (epoch, person) => clock(epoch, person, true),
  ago: (epoch, person, now) => ago(epoch, now),
};

/**
 * Slack's date templates (docs.slack.dev, "Formatting message text"). Unknown tokens stay as written. Slack leaves
 * the year out within half a year, and begins a text that starts with a day with a capital letter.
 */
export function formatDate(format, epoch, person, now) {
  const text = format.replace(/\{(\w+)\}/g, (token, name) => TOKENS[name]?.(epoch, person, now) ?? token);
  return /^\{d/.test(format) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

function longDate(epoch, person, now) {
  const { month, day } = localParts(epoch, person.tz);
  return `${MONTHS[month - 1]} ${ordinal(day)}${yearWhenFar(epoch, person, now)}`;
}

function shortDate(epoch, person, now) {
  const { month, day } = localParts(epoch, person.tz);
  return `${MONTHS[month - 1].slice(0, 3)} ${day}${yearWhenFar(epoch, person, now)}`;
}

function fullDate(epoch, person, now) {
  return `${localParts(epoch, person.tz).weekday}, ${longDate(epoch, person, now)}`;
}

function yearWhenFar(epoch, person, now) {
  return Math.abs(epoch - now) < HALF_A_YEAR ? "" : `, ${localParts(epoch, person.tz).year}`;
}

const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];

function ago(epoch, now) {
  const seconds = Math.abs(now - epoch);
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? ["", 0];
  const count = Math.floor(seconds / length);
  const span = unit === "" ? "a few seconds" : `${count} ${unit}${count === 1 ? "" : "s"}`;
  return epoch > now ? `in ${span}` : `${span} ago`;
}

const two = (number) => String(number).padStart(2, "0");

function ordinal(day) {
  const teen = day >= 11 && day <= 13;
  return `${day}${teen ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th")}`;
}
