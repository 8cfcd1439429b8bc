/** One customer: a form, the probability while typing, what pushes it, and what would help. */

import { element, labelled, refill } from "../dom.js";
import { formatEffect, formatNumber, formatShare, readNumber, sayValue, writeNumber } from "../words.js";
import { compileRecords, parseNumber } from "../scoring/records.js";
import { findChanges } from "../scoring/what_if.js";

const PUSHES = 8; // features in the picture
const CHANGES = 4; // proposals with one field, and with two

export function startCustomerView(model) {
  const { row, encode } = compileRecords(model.features);
  const effects = new Float64Array(model.features.length);
  const title = element("h2", {}, "A typical customer");
  const risk = element("p", { class: "risk", role: "status" });
  const remarks = element("ul", { class: "remarks" });
  const pushes = element("div");
  const changes = element("div");
  const inputs = model.features.map((spec) => makeInput(spec, () => show()));

  function open(customer) {
    if (!customer) return;
    title.textContent = `Customer ${customer.name}`;
    model.features.forEach((spec, place) => setValue(spec, inputs[place], customer.record[spec.name]));
    show();
  }

  function show() {
    const errors = [];
    const warnings = [];
    const isScored = encode((place) => readValue(model.features[place], inputs[place]), errors, warnings);
    refill(remarks, [...errors, ...warnings].map(({ field, message }) => element("li", {}, `${field}: ${message}`)));
    if (!isScored) {
      refill(risk, "This can't be scored yet.");
      refill(pushes);
      refill(changes);
      return;
    }
    const probability = model.predict(row);
    refill(risk, element("strong", {}, formatShare(probability)), " likely to leave",
      probability >= model.threshold ? ", so a call is advised" : "");
    refill(pushes, makePushes());
    refill(changes, makeChanges(probability));
  }

  function makePushes() {
    if (!model.explain) return null;
    effects.fill(0);
    model.explain(row, effects);
    const ranked = model.features
      .map((spec, place) => ({ text: sayValue(spec, readValue(spec, inputs[place])), effect: effects[place] }))
      .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
      .slice(0, PUSHES);
    return [element("h3", {}, "What pushes the risk up and down"), drawPushes(ranked),
      element("p", { class: "note" }, `Each number is what the value adds to the model's score, in ${model.isLogOdds ? "log-odds" : "probability"}.`)];
  }

  function makeChanges(now) {
    const found = findChanges(model, row, CHANGES).slice(0, 2 * CHANGES);
    const list = found.map(({ probability, changes: made }) =>
      element("li", {}, element("strong", {}, formatShare(probability)), ` instead of ${formatShare(now)}: `,
        sayChanges(made.filter(({ follows }) => !follows), " and "), sayFollowers(made.filter(({ follows }) => follows))));
    return [element("h3", {}, "What would lower it most"),
      list.length ? element("ol", {}, list) : element("p", {}, "No change that the model knows of lowers it."),
      element("p", { class: "note" }, "This is what the model expects of such customers, not what causes them to stay.")];
  }

  const form = element("form", { onsubmit: (event) => event.preventDefault() }, inputs.map(({ node }) => node));
  const node = element("section", { class: "customer", "aria-label": "Customer" },
    element("div", { class: "heading" }, title, element("button", { type: "button", class: "print", onclick: () => print() }, "Print")),
    element("div", { class: "columns" }, form, element("div", { class: "card" }, risk, pushes, changes, remarks)));
  show();
  return { node, open };
}

function makeInput(spec, onChange) {
  if (spec.kind === "category") {
    const input = element("select", { onchange: onChange }, spec.categories.map((text) => element("option", { value: text }, text)),
      element("option", { value: "" }, "unknown"));
    input.value = spec.blank ?? spec.categories[0];
    return { input, node: labelled(spec.name, input) };
  }
  const typical = spec.blank ?? ((spec.min ?? 0) + (spec.max ?? 0)) / 2;
  const input = element("input", { type: "text", inputmode: "decimal", autocomplete: "off", value: writeNumber(typical), oninput: onChange });
  const hint = spec.min === null || spec.min === undefined ? null
    : element("small", {}, `${formatNumber(spec.min)} to ${formatNumber(spec.max)} in training`);
  return { input, node: labelled(spec.name, input, hint) };
}

/** Put a file's text into an input; a number as the reader writes it. */
function setValue(spec, { input }, value) {
  const text = value ?? "";
  const number = spec.kind === "number" ? parseNumber(text, spec.number_format) : NaN;
  const isKnown = input.tagName !== "SELECT" || [...input.options].some((option) => option.value === text);
  if (!isKnown) input.append(element("option", { value: text }, text));
  input.value = Number.isNaN(number) ? text : writeNumber(number);
}

/** Return what an input holds: a number where the reader's way of writing one, or a file's, gives it. */
function readValue(spec, { input }) {
  if (spec.kind === "category") return input.value;
  const number = readNumber(input.value);
  return Number.isNaN(number) ? input.value : number;
}

function sayChanges(made, between) {
  const texts = new Map(); // value -> the fields that become it
  for (const { field, value } of made) texts.set(value, [...(texts.get(value) ?? []), field]);
  return [...texts]
    .map(([value, fields]) => `${fields.join(", ")} → ${typeof value === "number" ? formatNumber(value) : value}`)
    .join(between);
}

function sayFollowers(made) {
  if (!made.length) return null;
  const numbers = made.filter(({ isMost }) => isMost !== undefined);
  const ends = numbers.map(({ field, value, isMost }) => `${field} at ${isMost ? "most" : "least"} ${formatNumber(value)}`);
  const texts = sayChanges(made.filter((change) => !numbers.includes(change)), "; ");
  return element("small", {}, `brings along ${[texts, ...ends].filter(Boolean).join("; ")}`);
}

/** Return a picture of effects: bars to the right push the risk up, those to the left down. */
function drawPushes(ranked) {
  const effects = ranked.map(({ effect }) => effect);
  const most = Math.max(...effects, 0);
  const least = Math.min(...effects, 0);
  const percentOf = (effect) => (100 * effect) / (most - least || 1);
  return element("ul", { class: "pushes" }, ranked.map(({ text, effect }) => {
    const bar = element("span", { class: effect > 0 ? "up" : "down" });
    bar.style.left = `${percentOf(Math.min(effect, 0) - least)}%`;
    bar.style.width = `${percentOf(Math.abs(effect))}%`;
    return element("li", {}, element("span", {}, text), element("span", { class: "figure" }, formatEffect(effect)),
      element("span", { class: "track", "aria-hidden": "true" }, bar));
  }));
}
