// The page's few icons: strokes on a 20 x 20 grid, in the colour of the text around them.

import { el } from "./dom.js";

const PATHS = {
  back: "M12 4 6 10l6 6",
  chevron: "m5 7.5 5 5 5-5",
  close: "m5 5 10 10M15 5 5 15",
  bolt: "M11 2.5 4.5 11.5H9.5L8.5 17.5 15.5 8.5H10.5z",
  down: "M10 4v11m-5-5 5 5 5-5",
  eye: "M2 10s3-5.5 8-5.5 8 5.5 8 5.5-3 5.5-8 5.5S2 10 2 10zM10 12.4a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z",
  hash: "M8 3 6 17M14 3l-2 14M3.5 7.5h14M2.5 12.5h14",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  plus: "M10 4v12M4 10h12",
  people: "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 17c0-3 2.5-5 5.5-5s5.5 2 5.5 5M13 4a3 3 0 0 1 0 5.3M15 12.6q3 1.4 3 4.4",
  send: "M3 4l14 6-14 6 2.2-6zM5.2 10H11",
  thread: "M3 4h14v9.5H9L5.5 17v-3.5H3zM6.5 7.5h7M6.5 10.2h4.5",
  warning: "M10 3 1.8 17h16.4zM10 8v4.2M10 14.6v.1",
};

const SVG = "http://www.w3.org/2000/svg";

/** A decorative icon (hidden from assistive technology: the control around it carries the name). */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon", `icon-${name}`);
  svg.append(path);
  return svg;
}

/** A small button that shows only an icon; `label` is its name. */
export function iconButton(name, label, act) {
  return el("button", { class: "icon-button", type: "button", "aria-label": label, on: { click: act } }, icon(name));
}
