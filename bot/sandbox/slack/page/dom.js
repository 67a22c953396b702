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

const wanted = new WeakMap(); // parent -> the items it was last asked to show
const drawn = new WeakMap(); // parent -> Map of key to what it shows: {version, node}

/**
 * Make `parent` show `items` in order: [{key, version: [values], build() -> Element}].
 * A node stays as it is while every value of its version is the same; focus and caret survive a rebuild when
 * the new node has an element with the same `data-focus`. A node in which a date or time is being entered is
 * rebuilt once the focus leaves it: which part of it comes next, only the browser knows.
 */
export function reconcile(parent, items) {
  const before = drawn.get(parent) ?? new Map();
  const after = new Map();
  for (const item of items) {
    const old = before.get(item.key);
    const isSame = old !== undefined && same(old.version, item.version);
    const isHeld = old !== undefined && !isSame && holdsPicker(old.node);
    after.set(item.key, isSame || isHeld ? old : { version: item.version, node: item.build() });
    if (isHeld) catchUp(parent, item.key, old);
  }
  wanted.set(parent, items);
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

function holdsPicker(node) {
  const focused = document.activeElement;
  return node.contains(focused) && focused.matches("input[type=date], input[type=time]");
}

/** Show what `parent` should hold by now, when the focus has gone from what it still shows under `key`. */
function catchUp(parent, key, old) {
  const left = new AbortController();
  old.node.addEventListener("focusout", (event) => {
    if (old.node.contains(event.relatedTarget)) return;
    left.abort();
    // Focus is also lost to what takes the node away, in the middle of drawing: then there is nothing left to do.
    queueMicrotask(() => drawn.get(parent).get(key) === old && reconcile(parent, wanted.get(parent)));
  }, { signal: left.signal });
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
