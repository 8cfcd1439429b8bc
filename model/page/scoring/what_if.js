/**
 * Which changes to a customer's record would lower the probability most: fields are changed one
 * and two at a time, with what these bring along, and scored by the model, as the function's
 * /whatif does.
 */

import { settle } from "./companions.js";
import { moveNumbers } from "./ranges.js";

const MAX_PAIRED = 45; // of the single changes, the best so many are tried in pairs
const NUMBER_STEPS = 10; // a number is tried at 11 evenly spaced values of its training range

/**
 * @typedef {object} Change
 * @property {string} field
 * @property {number | string} value
 * @property {boolean} follows whether another change brings it along
 * @property {boolean} [isMost] of a number that follows: whether it is the greatest that goes with the rest, or the least
 */

/**
 * Return the changes that lower the probability, the lowest outcome first.
 *
 * @param {import("./model_file.js").Model} model
 * @param {import("./records.js").Row} row the customer's; left as it was
 * @param {number} most how many changes of one field to return, and how many of two
 * @returns {{probability: number, changes: Change[]}[]}
 */
export function findChanges(model, row, most) {
  const now = model.predict(row);
  const single = tryAll(model, row, listChanges(model.features, row).map((change) => [change]));
  const alone = new Map(single.map(({ chosen, probability }) => [chosen[0], probability]));
  const best = single.slice(0, MAX_PAIRED).map(({ chosen }) => chosen[0]);
  const pairs = best
    .flatMap((first, index) => best.slice(index + 1).map((second) => [first, second]))
    .filter(([first, second]) => first.place !== second.place)
    .map((pair) => pair.sort((a, b) => a.place - b.place));
  const lower = ({ probability }) => probability < now;
  const needed = tryAll(model, row, pairs).filter(({ chosen, probability }) => chosen.every((change) => probability < alone.get(change)));
  return [...single.filter(lower).slice(0, most), ...needed.filter(lower).slice(0, most)]
    .sort(byProbability)
    .map((tried) => name(model, row, tried));
}

const byProbability = (a, b) => a.probability - b.probability;

/** Score those that customers may have, each once; return them with all that changes. */
function tryAll(model, row, proposals) {
  const tried = new Map();
  for (const chosen of proposals) {
    const complete = bringAlong(model, (place) => readValue(row, place), new Map(chosen.map(({ place, value }) => [place, value])));
    if (!complete) continue;
    const changes = [...complete].sort(([a], [b]) => a - b).map(([place, value]) => ({ place, value }));
    const known = changes.map(({ place, value }) => `${place} ${value}`).join();
    if (!tried.has(known)) tried.set(known, { chosen, changes, probability: scoreChanged(model, row, changes) });
  }
  return [...tried.values()].sort(byProbability);
}

/** Return the changes with all that they bring along, or null where nobody could have them. */
function bringAlong(model, read, chosen) {
  const settled = settle(model, read, chosen);
  const mayFollow = (place) => chosen.has(place) || model.features[place].changeable;
  return settled && [...settled.keys()].every(mayFollow) ? moveNumbers(model.ranges, read, settled) : null;
}

function listChanges(features, row) {
  return features.flatMap((spec, place) =>
    spec.changeable
      ? listValues(spec)
          .filter((value) => value !== readValue(row, place))
          .map((value) => ({ place, value }))
      : [],
  );
}

/** Return the values to try: numbers, or the places of categories. */
function listValues(spec) {
  if (spec.kind === "category") return spec.categories.map((_, code) => code);
  const { min, max } = spec;
  const isCount = Number.isInteger(min) && Number.isInteger(max) && max - min <= NUMBER_STEPS;
  const steps = isCount ? max - min : NUMBER_STEPS;
  const width = isCount ? 1 : (max - min) / NUMBER_STEPS;
  return Array.from({ length: steps + 1 }, (_, step) =>
    isCount ? min + step * width : min + ((max - min) * step) / NUMBER_STEPS,
  );
}

function readValue({ numbers, categories }, place) {
  return place < numbers.length ? numbers[place] : categories[place - numbers.length];
}

function writeValue({ numbers, categories }, { place, value }) {
  if (place < numbers.length) numbers[place] = value;
  else categories[place - numbers.length] = value;
}

function scoreChanged(model, row, changes) {
  const before = changes.map(({ place }) => ({ place, value: readValue(row, place) }));
  changes.forEach((change) => writeValue(row, change));
  const probability = model.predict(row);
  before.forEach((change) => writeValue(row, change));
  return probability;
}

function name({ features }, row, { probability, chosen, changes }) {
  const named = changes.map(({ place, value }) => {
    const follows = !chosen.some((change) => change.place === place);
    const { name: field, kind, categories } = features[place];
    const end = follows && kind === "number" ? { isMost: value < readValue(row, place) } : {};
    return { field, value: categories?.[value] ?? value, follows, ...end };
  });
  return { probability, changes: named };
}
