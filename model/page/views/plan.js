/** The plan: how many customers can be called, what may be spent, and what that is expected to earn. */

import { element, labelled, refill, shape } from "../dom.js";
import { formatCount, formatNumber } from "../words.js";
import { countCalls, expectedGain } from "../scoring/offers.js";

const STORED = "churn-figures"; // of this browser's storage; the figures stay on this machine
const DEFAULTS = { value: 500, cost: 50, success: 0.3 };
const POINTS = 100; // of the curve

export function startPlan(model, onChange) {
  let risks = new Float64Array();
  let reached = new Float64Array(1);
  const figures = readFigures(model);
  const tiles = element("dl", { class: "tiles" });
  const picture = element("figure", { class: "curve" });
  const calls = makeSlider("We can call", "customers");
  const budget = makeSlider("We may spend", "on offers");
  const inputs = {
    value: makeFigure("A customer kept is worth", figures.value, 1),
    cost: makeFigure("An offer costs", figures.cost, 1),
    success: makeFigure("Offers that keep a leaver, %", figures.success * 100, 1 / 100, 100),
  };

  function makeSlider(text, unit) {
    const range = element("input", { type: "range", min: "0", max: "1000", value: 1000, oninput: () => follow(number, range.value / 1000) });
    const number = element("input", { type: "number", min: "0", oninput: () => follow(range, null) });
    const slider = { range, number, most: 0, node: null };
    function follow(other, share) {
      if (share !== null) number.value = Math.round(share * slider.most);
      else range.value = slider.most ? Math.min(1000, (number.value / slider.most) * 1000) : 0;
      showPlan();
    }
    number.setAttribute("aria-label", `${text}: number`);
    slider.node = labelled(`${text} … ${unit}`, range, number);
    return slider;
  }

  function makeFigure(text, value, factor, most = null) {
    const input = element("input", { type: "number", min: "0", max: most, step: "any", value, oninput: () => {
      if (input.value === "" || !input.validity.valid) return;
      const name = Object.keys(inputs).find((key) => inputs[key].input === input);
      figures[name] = Number(input.value) * factor;
      writeFigures(figures);
      resize();
      showPlan();
    } });
    return { input, node: labelled(text, input) };
  }

  /** Take the probabilities of those who are shown, the highest first. */
  function setRisks(sorted) {
    risks = sorted;
    reached = new Float64Array(sorted.length + 1);
    for (let index = 0; index < sorted.length; index++) reached[index + 1] = reached[index] + sorted[index];
    resize();
    showPlan();
  }

  function resize() {
    for (const [slider, most] of [[calls, risks.length], [budget, Math.ceil(countWorthwhile() * figures.cost)]]) {
      const share = slider.most ? Number(slider.range.value) / 1000 : 1;
      slider.most = most;
      slider.number.max = most;
      slider.number.value = Math.round(share * most);
    }
  }

  function countWorthwhile() {
    let low = 0;
    let high = risks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (expectedGain(risks[middle], figures) > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function get() {
    const asked = Math.min(Number(calls.number.value), risks.length);
    const money = Number(budget.range.value) >= 1000 ? null : Number(budget.number.value);
    const count = countCalls(countWorthwhile(), asked, money, figures.cost);
    return { calls: count, lowest: count ? risks[count - 1] : Infinity, figures };
  }

  function showPlan() {
    const { calls: count } = get();
    const gain = reached[count] * (figures.success * (figures.value - figures.cost) + figures.cost) - count * figures.cost;
    const facts = [
      ["Customers to call", formatCount(count)],
      ["Leavers among them", `${formatCount(reached[count])} of ${formatCount(reached.at(-1))}`],
      ["Spent at most", formatNumber(Math.round(count * figures.cost))],
      ["Expected gain", formatNumber(Math.round(gain))],
    ];
    refill(tiles, facts.map(([name, text]) => element("div", {}, element("dt", {}, name), element("dd", {}, text))));
    refill(picture, drawCurve(reached, count), element("figcaption", {}, "Leavers reached, by customers called"));
    onChange();
  }

  const node = element("section", { class: "plan", "aria-label": "Plan" },
    element("div", { class: "inputs" }, calls.node, budget.node,
      element("div", { class: "figures" }, Object.values(inputs).map((figure) => figure.node))),
    element("div", { class: "outcome" }, tiles, picture));
  return { node, setRisks, get };
}

function drawCurve(reached, count) {
  const customers = reached.length - 1;
  const total = reached[customers] || 1;
  const steps = Math.min(POINTS, customers);
  const points = Array.from({ length: steps + 1 }, (_, step) => {
    const index = Math.round((step / Math.max(1, steps)) * customers);
    return `${(index / Math.max(1, customers)) * 300},${100 - (reached[index] / total) * 100}`;
  });
  const x = (count / Math.max(1, customers)) * 300;
  const label = `${formatCount(count)} calls reach ${formatCount(reached[count])} of ${formatCount(total)} expected leavers`;
  return shape("svg", { viewBox: "-2 -4 304 108", role: "img", "aria-label": label, preserveAspectRatio: "none" },
    shape("line", { class: "even", x1: 0, y1: 100, x2: 300, y2: 0 }),
    shape("polyline", { class: "gain", points: points.join(" ") }),
    shape("line", { class: "cut", x1: x, y1: 0, x2: x, y2: 100 }));
}

function readFigures(model) {
  const stated = { ...DEFAULTS, ...model.schema.economics };
  try {
    return { ...stated, ...JSON.parse(localStorage.getItem(STORED)) };
  } catch {
    return stated; // storage is switched off
  }
}

function writeFigures(figures) {
  try {
    localStorage.setItem(STORED, JSON.stringify(figures));
  } catch {
    // then they are asked for again next time
  }
}
