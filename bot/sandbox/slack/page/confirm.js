// Slack's confirmation dialogs, as a promise of yes or no.

import { el, uid } from "./dom.js";
import { drawText } from "./markup.js";

/** Ask the person; `confirm` is Slack's confirm object. */
export function confirmed(confirm, world) {
  const title = el("h2", { id: uid("confirm") }, drawText(confirm.title, world));
  const text = el("div", { class: "confirm-text mrkdwn", id: uid("confirm") }, drawText(confirm.text, world));
  const style = confirm.style === "danger" ? "danger" : "primary";
  const deny = el("button", { value: "no", class: "button" }, drawText(confirm.deny, world));
  const accept = el("button", { value: "yes", class: `button ${style}` }, drawText(confirm.confirm, world));
  const dialog = el("dialog", {
    class: "dialog confirm", "aria-modal": "true", "aria-labelledby": title.id, "aria-describedby": text.id,
  }, el("form", { method: "dialog" }, title, text, el("footer", {}, deny, accept)));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
