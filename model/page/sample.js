/** Made-up customers, from nothing but the ranges and categories that the model file states. */

import { writeCell } from "./scoring/csv.js";

/** Return a table of customers as a CSV file; the same each time. */
export function makeSample(model, count) {
  const random = startRandom(42);
  const idName = model.id ?? "customer";
  const header = [idName, ...model.features.map((spec) => spec.name)];
  const lines = [header.map(writeCell).join(",")];
  for (let number = 1; number <= count; number++) {
    const cells = model.features.map((spec) => makeValue(spec, random));
    lines.push([`sample-${number}`, ...cells].map(writeCell).join(","));
  }
  return new File([`${lines.join("\n")}\n`], "sample customers", { type: "text/csv" });
}

function makeValue(spec, random) {
  if (spec.kind === "category") return spec.categories[Math.floor(random() * spec.categories.length)];
  const { min, max } = spec;
  if (min === null || min === undefined) return spec.blank ?? 0;
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
