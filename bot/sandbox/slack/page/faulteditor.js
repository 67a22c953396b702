// The faults of one service: a form that adds one, and the list of those at work.

import * as control from "./control.js";
import { el, reconcile, uid } from "./dom.js";

const EVERYTHING = "*";
const FOREVER = "forever";
const CHANCE = "chance";
const NEXT = "next";

/** Returns {node, look()}: `look` asks the service anew. */
export function createFaultEditor(service, attempt) {
  const kind = el("select", { on: { change: drawFields } });
  const target = el("select", {});
  const often = el("select", { on: { change: drawFields } },
    el("option", { value: NEXT }, "The next calls"),
    el("option", { value: CHANCE }, "By chance"),
    el("option", { value: FOREVER }, "Until cleared"));
  const times = numberInput(1, { min: 1, step: 1 });
  const percent = numberInput(50, { min: 0, max: 100 });
  const seed = numberInput(1, { step: 1 });
  const fields = el("div", { class: "fault-fields" });
  const add = el("button", { class: "button primary" }, el("span", {}, "Add fault"));
  const form = el("form", { class: "fault-form", on: { submit: (event) => { event.preventDefault(); submit(); } } },
    labelled("Fault", kind), labelled("On", target), labelled("How often", often), fields, add);
  const list = el("ul", { class: "fault-list" });
  const none = el("p", { class: "muted" }, "None. Every call is answered as it should be.");
  const clearAll = el("button", {
    type: "button", class: "button", hidden: true, on: { click: () => clear(clearAll, null) },
  }, el("span", {}, "Clear all"));
  const heading = el("h3", { id: uid("active") }, "Active faults");
  const failure = el("p", { class: "muted", hidden: true });
  const node = el("div", {}, failure, form,
    el("section", { "aria-labelledby": heading.id },
      el("div", { class: "fault-heading" }, heading, clearAll), none, list));
  let kinds = [];
  let targets = [];
  let inputs = new Map();

  async function look() {
    try {
      show(await control.faults(service));
      failure.hidden = true;
    } catch (error) {
      failure.textContent = error.message;
      failure.hidden = false;
    }
  }

  function show(answer) {
    if (kinds.length === 0) {
      kinds = answer.kinds;
      kind.replaceChildren(...kinds.map(({ kind: value, title }) => el("option", { value }, title)));
      targets = answer.targets;
      drawFields();
    }
    none.hidden = answer.faults.length > 0;
    clearAll.hidden = answer.faults.length < 2;
    reconcile(list, answer.faults.map((fault) => (
      { key: fault.id, version: [JSON.stringify(fault)], build: () => row(fault) })));
  }

  const chosenKind = () => kinds.find(({ kind: value }) => value === kind.value);

  function drawFields() {
    const wanted = target.value;
    const possible = chosenKind().targets ? [EVERYTHING, ...chosenKind().targets] : targets;
    target.replaceChildren(...possible.map((value) => el("option", { value }, targetWords(value))));
    target.value = possible.includes(wanted) ? wanted : EVERYTHING;
    inputs = new Map(chosenKind().fields.map((field) => [field.name, fieldInput(field)]));
    const rhythm = { [NEXT]: [["Calls", times]], [CHANCE]: [["Percent", percent], ["Seed", seed]], [FOREVER]: [] };
    const own = chosenKind().fields.map(({ name, label }) => labelled(label, inputs.get(name).input));
    fields.replaceChildren(...rhythm[often.value].map(([label, input]) => labelled(label, input)), ...own);
    fields.hidden = fields.children.length === 0;
  }

  async function submit() {
    const own = Object.fromEntries([...inputs].map(([name, { read }]) => [name, read()]));
    const fault = {
      ...own, kind: kind.value, target: target.value,
      times: often.value === NEXT ? Number(times.value) : null,
      probability: often.value === CHANCE ? Number(percent.value) / 100 : null,
      seed: often.value === CHANCE ? Number(seed.value) : null,
    };
    if (await attempt.run(add, () => control.addFault(service, fault))) await look();
  }

  async function clear(button, id) {
    const work = () => (id === null ? control.clearFaults(service) : control.clearFault(service, id));
    if (!await attempt.run(button, work)) return;
    await look();
    if (!button.checkVisibility()) (list.querySelector("button") ?? kind).focus(); // it went with its fault
  }

  function row(fault) {
    const known = kinds.find((one) => one.kind === fault.kind);
    const name = known?.title ?? fault.kind;
    const details = (known?.fields ?? []).map((field) => `${field.label} ${fault[field.name]}`);
    const words = [targetWords(fault.target), ...details, oftenWords(fault), hitsWords(fault.hits)].join(" · ");
    const button = el("button", {
      type: "button", class: "button", "aria-label": `Clear ${name}`, "data-focus": `fault/${fault.id}`,
      on: { click: () => clear(button, fault.id) },
    }, el("span", {}, "Clear"));
    return el("li", { class: fault.left === 0 ? "used-up" : null },
      el("div", {}, el("strong", {}, name), el("span", { class: "muted" }, words)), button);
  }

  return { node, look };
}

const targetWords = (target) => (target === EVERYTHING ? "Any call" : target);
const hitsWords = (hits) => ["not hit yet", "hit once"][hits] ?? `hit ${hits} times`;

function oftenWords({ times, left, probability }) {
  if (left === 0) return "used up";
  if (times !== null && times !== undefined) return `${left ?? times} of ${times} left`;
  if (probability !== null && probability !== undefined) return `${Math.round(probability * 100)} % of calls`;
  return "until cleared";
}

/** A row with a label (beside its control, not around it: a menu's options are no part of its name). */
export function labelled(text, input) {
  input.id ||= uid("input");
  return el("div", { class: "fault-field" }, el("label", { for: input.id }, text), input);
}

function numberInput(value, more = {}) {
  return el("input", { type: "number", value, required: true, step: "any", ...more });
}

function fieldInput({ type, default: value }) {
  const input = type === "number" ? numberInput(value) : el("input", { type: "text", value });
  return { input, read: () => (type === "number" ? Number(input.value) : input.value) };
}
