/** One customer: a form, the probability while typing, what pushes it, and what would help. */

import { element, labelled, refill, shape } from "../dom.js";
import { formatEffect, formatNumber, formatShare, sayValue } from "../words.js";
import { compileRecords } from "../scoring/records.js";
import { findChanges } from "../scoring/what_if.js";

const PUSHES = 8; // features in the picture
const BARS = { left: 316, width: 240 }; // where the picture has room for bars
const CHANGES = 4; // proposals with one field, and with two

export function startCustomerView(model) {
  const { row, encode } = compileRecords(model.features);
  const effects = new Float64Array(model.features.length);
  const title = element("h2", {}, "A customer");
  const risk = element("p", { class: "risk", role: "status" });
  const remarks = element("ul", { class: "remarks" });
  const pushes = element("div");
  const changes = element("div");
  const inputs = model.features.map((spec) => makeInput(spec, () => show()));

  function open(customer) {
    if (!customer) return;
    title.textContent = `Customer ${customer.name}`;
    model.features.forEach((spec, place) => setValue(inputs[place], customer.record[spec.name]));
    show();
  }

  function show() {
    const errors = [];
    const warnings = [];
    const isScored = encode((place) => inputs[place].input.value, errors, warnings);
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
      .map((spec, place) => ({ text: sayValue(spec, inputs[place].input.value), effect: effects[place] }))
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
    return { input, node: labelled(spec.name, input) };
  }
  const typical = spec.blank ?? ((spec.min ?? 0) + (spec.max ?? 0)) / 2;
  const input = element("input", { type: "text", inputmode: "decimal", autocomplete: "off", value: String(typical), oninput: onChange });
  const hint = spec.min === null || spec.min === undefined ? null
    : element("small", {}, `${formatNumber(spec.min)} to ${formatNumber(spec.max)} in training`);
  return { input, node: labelled(spec.name, input, hint) };
}

function setValue({ input }, value) {
  const text = value ?? "";
  const isKnown = input.tagName !== "SELECT" || [...input.options].some((option) => option.value === text);
  if (!isKnown) input.append(element("option", { value: text }, text));
  input.value = text;
}

function sayChanges(made, between) {
  return made.map(({ field, value }) => `${field} → ${typeof value === "number" ? formatNumber(value) : value}`).join(between);
}

function sayFollowers(made) {
  return made.length ? element("small", {}, `brings along ${sayChanges(made, ", ")}`) : null;
}

/** Return a picture of effects: bars to the right push the risk up, those to the left down. */
function drawPushes(ranked) {
  const effects = ranked.map(({ effect }) => effect);
  const most = Math.max(...effects, 0);
  const least = Math.min(...effects, 0);
  const scale = BARS.width / (most - least || 1);
  const zero = BARS.left - least * scale;
  const bars = ranked.map(({ text, effect }, place) => {
    const y = place * 26;
    const width = Math.abs(effect) * scale;
    const isUp = effect > 0;
    return shape("g", {},
      shape("text", { x: BARS.left - 44, y: y + 17, class: "end" }, text.length > 34 ? `${text.slice(0, 33)}…` : text),
      shape("rect", { class: isUp ? "up" : "down", x: isUp ? zero : zero - width, y: y + 5, width, height: 16, rx: 2 }),
      shape("text", { x: isUp ? zero + width + 5 : zero - width - 5, y: y + 17, class: isUp ? null : "end" }, formatEffect(effect)));
  });
  const label = ranked.map(({ text, effect }) => `${text} ${formatEffect(effect)}`).join("; ");
  return shape("svg", { class: "pushes", viewBox: `0 0 ${BARS.left + BARS.width + 44} ${ranked.length * 26}`, role: "img", "aria-label": label },
    bars, shape("line", { x1: zero, y1: 0, x2: zero, y2: ranked.length * 26 }));
}
