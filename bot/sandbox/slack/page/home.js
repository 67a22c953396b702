// App Home: what the app has published for this person, with elements that work as in a message.

import { createAppTabs } from "./apptabs.js";
import { blockItems } from "./blocks.js";
import { el, onChange, reconcile } from "./dom.js";
import { avatar } from "./people.js";
import { createMenuButton } from "./sidebar.js";
import { createSurface } from "./surface.js";

/** Returns {node, draw(state)}; the node is hidden while Home is closed. */
export function createHome({ world, actions }) {
  const menu = createMenuButton(actions);
  const name = el("h2");
  const tabs = createAppTabs(actions);
  const body = el("div", { class: "home-body" });
  const empty = el("p", { class: "home-empty", role: "status" });
  const pane = el("div", { class: "home-pane", tabindex: "0", role: "tabpanel", "aria-label": "Home" }, empty, body);
  const node = el("main", { class: "channel home", hidden: true },
    el("header", {}, menu.node, el("div", { class: "channel-title" }, name), tabs.node), pane);
  let surface = null;
  let shown = null;

  function makeSurface(view) {
    const container = { type: "view", view_id: view.id };
    const made = createSurface({
      key: view.id,
      world,
      toast: actions.toast,
      act: (action) => actions.act(container, action, made.entries.collect(shown.blocks)),
      options: (block, element, query) => actions.options(container, block, element, query),
    });
    made.entries.restore(view.blocks, view.state?.values ?? {});
    return made;
  }

  /** What was chosen or typed stays wherever its field does. */
  function show(view) {
    if (view !== null && view.id === shown?.id) surface.entries.carry(shown.blocks, view.blocks);
    else surface = view === null ? null : makeSurface(view);
    shown = view;
    reconcile(body, view === null ? [] : blockItems(view.blocks, surface));
  }

  const drawHead = onChange(({ app, users }) => [app, users], ({ app, users }) => {
    name.replaceChildren(avatar(users.get(app.bot_user) ?? app, "tiny"), app.name);
  });
  const drawBody = onChange(({ home, me }) => [home.view, home.busy, me], ({ home, app }) => {
    pane.setAttribute("aria-busy", String(home.busy));
    empty.hidden = home.view !== null;
    empty.textContent = home.busy ? "Loading…" : `${app.name} has not published anything for you here yet.`;
    show(home.view);
  });

  function draw(state) {
    const opens = node.hidden && state.home.open;
    node.hidden = !state.home.open;
    if (node.hidden) return;
    menu.draw(state);
    tabs.mark("home");
    drawHead(state);
    drawBody(state);
    if (opens && matchMedia("(pointer: fine)").matches) pane.focus({ preventScroll: true });
  }

  return { node, draw };
}
