/** Made-up customers, from nothing but what the model file states: ranges, categories, what goes together. */

import { settle } from "./scoring/companions.js";
import { writeCell } from "./scoring/csv.js";
import { moveNumbers } from "./scoring/ranges.js";

/** Return a table of customers as a CSV file; the same each time. */
export function makeSample(model, count) {
  const random = startRandom(42);
  const idName = model.id ?? "customer";
  const header = [idName, ...model.features.map((spec) => spec.name)];
  const lines = [header.map(writeCell).join(",")];
  for (let number = 1; number <= count; number++) {
    lines.push([`sample-${number}`, ...makeCustomer(model, random)].map(writeCell).join(","));
  }
  return new File([`${lines.join("\n")}\n`], "sample customers", { type: "text/csv" });
}

/** Return a value for each feature: a typical customer's, changed field by field with what that brings along. */
function makeCustomer(model, random) {
  const values = model.features.map((spec) =>
    spec.kind === "category" ? Math.max(0, spec.categories.indexOf(spec.blank)) : drawNumber(spec, random),
  );
  for (const [place, spec] of model.features.entries()) {
    if (spec.kind !== "category") continue;
    const chosen = new Map([[place, Math.floor(random() * spec.categories.length)]]);
    settle(model, (other) => values[other], chosen)?.forEach((code, changed) => (values[changed] = code));
  }
  const ranges = model.ranges.map((range) => ({ ...range, mayFollow: true }));
  const categories = new Map([...values.entries()].filter(([place]) => model.features[place].kind === "category"));
  moveNumbers(ranges, (place) => values[place], categories)?.forEach((value, place) => (values[place] = value));
  return values.map((value, place) => model.features[place].categories?.[value] ?? value);
}

function drawNumber({ min, max, blank }, random) {
  if (min === null || min === undefined) return blank ?? 0;
  if (Number.isInteger(min) && Number.isInteger(max)) return min + Math.floor(random() * (max - min + 1));
  return Number((min + random() * (max - min)).toFixed(2));
}

/** Return a generator of numbers from 0 to 1: the linear congruential one of Numerical Recipes. */
function startRandom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
