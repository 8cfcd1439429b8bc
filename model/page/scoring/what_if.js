/**
 * Which changes to a customer's record would lower the probability most: fields are changed one
 * and two at a time and scored by the model, as the function's /whatif does.
 */

const MAX_PAIRED = 45; // of the single changes, the best so many are tried in pairs
const NUMBER_STEPS = 10; // a number is tried at 11 evenly spaced values of its training range

/**
 * Return the changes that lower the probability, the lowest outcome first.
 *
 * @param {import("./model_file.js").Model} model
 * @param {import("./records.js").Row} row the customer's; left as it was
 * @param {number} most how many changes of one field to return, and how many of two
 * @returns {{probability: number, changes: {field: string, value: number | string}[]}[]}
 */
export function findChanges(model, row, most) {
  const scored = (changes) => ({ changes, probability: scoreChanged(model, row, changes) });
  const now = model.predict(row);
  const single = listChanges(model.features, row).map((change) => scored([change]));
  single.sort(byProbability);
  const alone = new Map(single.map(({ changes, probability }) => [changes[0], probability]));
  const best = single.slice(0, MAX_PAIRED).map(({ changes }) => changes[0]);
  const pairs = best
    .flatMap((first, index) => best.slice(index + 1).map((second) => [first, second]))
    .filter(([first, second]) => first.place !== second.place)
    .map((pair) => scored(pair.sort((a, b) => a.place - b.place)))
    .filter(({ changes, probability }) => changes.every((change) => probability < alone.get(change)))
    .sort(byProbability);
  const lower = ({ probability }) => probability < now;
  return [...single.filter(lower).slice(0, most), ...pairs.filter(lower).slice(0, most)]
    .sort(byProbability)
    .map(({ changes, probability }) => ({ probability, changes: changes.map((change) => name(model, change)) }));
}

const byProbability = (a, b) => a.probability - b.probability;

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

function name(model, { place, value }) {
  const spec = model.features[place];
  return { field: spec.name, value: spec.kind === "category" ? spec.categories[value] : value };
}
