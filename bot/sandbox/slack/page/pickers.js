// Native inputs for dates and times, and what Slack's pickers are made of them.

import { isoDate, isoTime, nowSeconds, toEpoch, zoneName } from "./dates.js";
import { el, uid } from "./dom.js";
import { entryOf, valueOf } from "./form.js";

const FIRST_YEAR = 1000; // A year that is still being typed comes before it: 0002, 0020, 0202.
const LAST_DAY = "9999-12-31";

/** A datepicker or a timepicker. */
export function nativePicker(type, element, field) {
  const { attributes } = field;
  const node = nativeInput({ ...attributes, type, class: "text-input short", value: valueOf(field.entry) }, field,
    (settled) => field.change(entryOf(element, node.value), { settled }));
  if (!element.timezone) return node;
  const zone = el("span", { class: "zone", id: uid("zone") }, zoneWords(element.timezone));
  node.setAttribute("aria-describedby", [attributes["aria-describedby"], zone.id].filter(Boolean).join(" "));
  return el("div", { class: "moment" }, node, zone);
}

/** A date and a time in the person's zone that together are one moment, in epoch seconds. */
export function momentPicker(element, field) {
  const { tz } = field.world.me;
  const moment = valueOf(field.entry);
  const { id, "data-focus": focus, "aria-label": name, "aria-labelledby": labelId, ...shared } = field.attributes;
  const zone = el("span", { class: "zone" });
  const read = () => (date.value && time.value ? toEpoch(date.value, time.value, tz) : null);
  const showZone = () => {
    zone.textContent = zoneWords(tz, read() ?? nowSeconds());
  };
  const changed = (settled) => {
    showZone();
    field.change(entryOf(element, read()), { settled: settled && read() !== null });
  };
  const date = nativeInput({
    ...shared, id, type: "date", class: "text-input", "aria-label": "Date", "data-focus": `${focus}/date`,
    value: moment === null ? null : isoDate(moment, tz),
  }, field, changed);
  const time = nativeInput({
    ...shared, type: "time", class: "text-input", "aria-label": "Time", "data-focus": `${focus}/time`,
    value: moment === null ? null : isoTime(moment, tz),
  }, field, changed);
  showZone();
  const group = { role: "group", "aria-labelledby": labelId, "aria-label": name, class: "moment" };
  return el("div", group, date, time, zone);
}

/**
 * An input whose browser reports a change with every key. `changed(settled)` hears of what is typed once it can be
 * meant; it is settled when it was picked, by Enter, and when the focus leaves.
 */
function nativeInput(attributes, { dispatches }, changed) {
  const node = el("input", { ...attributes, max: attributes.type === "date" ? LAST_DAY : null });
  let told = node.value;
  let typing = false;

  function settle() {
    typing = false;
    told = node.value;
    changed(true);
  }
  // Browsers report changes and lost focus also while the page takes the node away: nobody means that.
  const ifStillHere = (react) => () => queueMicrotask(() => node.isConnected && react());

  node.addEventListener("pointerdown", () => { typing = false; });
  node.addEventListener("keydown", (event) => {
    typing = !opensCalendar(event);
    if (event.key !== "Enter") return;
    if (dispatches) event.preventDefault();
    settle();
  });
  node.addEventListener("change", ifStillHere(() => {
    if (!typing) settle();
    else if (!isHalfTyped(node)) changed(false);
  }));
  node.addEventListener("blur", ifStillHere(() => {
    if (node.value !== told) settle();
    typing = false;
  }));
  return node;
}

const opensCalendar = ({ key, altKey }) => altKey || key === " " || key === "F4";

const isHalfTyped = ({ type, value }) => type === "date" && value !== "" && Number.parseInt(value, 10) < FIRST_YEAR;

/** "Europe/Berlin (UTC+01:00)"; a zone nobody knows is shown as it was given. */
function zoneWords(tz, epoch = nowSeconds()) {
  try {
    return `${tz.replaceAll("_", " ")} (${zoneName(epoch, tz)})`;
  } catch {
    return tz;
  }
}
