// Small helpers to build DOM nodes and to change only what changed. Text always becomes text nodes, never HTML.

let lastId = 0;

/** A new id for elements that refer to each other (labels, descriptions). */
export function uid(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/**
 * An element. `props` are attributes (null, undefined and false are left out, true is an empty attribute);
 * `on` holds event listeners. Children are nodes or strings; empty ones are left out.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") listen(node, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function listen(node, listeners) {
  for (const [event, listener] of Object.entries(listeners)) node.addEventListener(event, listener);
}

const drawn = new WeakMap();

/**
 * Make `parent` show `items` in order: [{key, version: [values], build() -> Element}].
 * A node stays as it is while every value of its version is the same; focus and caret survive a rebuild when
 * the new node has an element with the same `data-focus`.
 */
export function reconcile(parent, items) {
  const before = drawn.get(parent) ?? new Map();
  const after = new Map();
  for (const item of items) {
    const old = before.get(item.key);
    const kept = old !== undefined && same(old.version, item.version);
    after.set(item.key, kept ? old : { version: item.version, node: item.build() });
  }
  drawn.set(parent, after);
  keepingFocus(parent, () => {
    for (const [key, { node }] of before) if (after.get(key)?.node !== node) node.remove();
    let cursor = parent.firstChild;
    for (const { node } of after.values()) {
      if (node === cursor) cursor = cursor.nextSibling;
      else parent.insertBefore(node, cursor);
    }
  });
}

/** Are two arrays equal, value by value? */
export function same(left, right) {
  return left.length === right.length && left.every((value, index) => Object.is(value, right[index]));
}

/** Let `parent` hold these nodes instead; the focus stays as `reconcile` keeps it. */
export function redraw(parent, ...nodes) {
  keepingFocus(parent, () => parent.replaceChildren(...nodes));
}

function keepingFocus(parent, change) {
  const focused = document.activeElement;
  const key = parent.contains(focused) ? focused.dataset.focus : undefined;
  const hasCaret = key !== undefined && "selectionStart" in focused;
  const caret = hasCaret ? [focused.selectionStart, focused.selectionEnd] : null;
  change();
  if (key === undefined || document.activeElement === focused) return;
  const heir = [...parent.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === key);
  heir?.focus({ preventScroll: true });
  if (heir && caret && caret[0] !== null && "setSelectionRange" in heir) heir.setSelectionRange(...caret);
}

/** A drawing function that runs only when one of the values picked from the state has changed. */
export function onChange(pick, draw) {
  let last = null;
  return (state) => {
    const next = pick(state);
    if (last !== null && same(last, next)) return;
    last = next;
    draw(state);
  };
}
