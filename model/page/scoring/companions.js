/**
 * Which values of other features go with a category, and what a change therefore brings along, as
 * the function's inference/advice/companions.py has it.
 */

/** @typedef {Map<string, [number, number[]][]>} Companions "place code" -> other places, and the codes that go with it */

const key = (place, code) => `${place} ${code}`;

/**
 * Return, for each value that doesn't go with all others, which it goes with; throw Error where the
 * schema of a model file names a category that isn't there.
 *
 * Of each feature that is limited: what a blank becomes first, then in the schema's order.
 *
 * @returns {Companions}
 */
export function readCompanions({ features, companions = {} }) {
  const values = listValues(features);
  const apart = values.map(() => new Set());
  for (const [these, those] of companions.apart ?? []) {
    if (![...these, ...those].every((number) => values[number])) {
      throw new Error("The model file says nonsense about what goes together.");
    }
    for (const one of these) for (const other of those) apart[one].add(values[other]) && apart[other].add(values[one]);
  }
  const limited = values.filter((_, number) => apart[number].size);
  return new Map(limited.map((value) => [key(value.place, value.code), listAllowed(features, values, value, apart[values.indexOf(value)])]));
}

/** Return all categories of all features, as the model file numbers them. */
export function listValues(features) {
  return features.flatMap(({ categories = [] }, place) => categories.map((_, code) => ({ place, code })));
}

/** Return the places of the other features that a value limits, each with the codes that go with it. */
function listAllowed(features, values, own, apart) {
  const places = new Set([...apart].map(({ place }) => place));
  return [...places].filter((place) => place !== own.place).sort((a, b) => a - b).map((place) => {
    const codes = values.filter((value) => value.place === place && !apart.has(value)).map(({ code }) => code);
    const isTypical = (code) => features[place].categories[code] === features[place].blank;
    return [place, codes.sort((a, b) => isTypical(b) - isTypical(a))];
  });
}

/**
 * Return all that has to change where some values are chosen (place -> value), or null where these
 * don't go together.
 *
 * @param {import("./model_file.js").Model} model
 * @param {(place: number) => number} readValue the customer's numbers and codes
 * @param {Map<number, number>} chosen
 */
export function settle({ companions, features }, readValue, chosen) {
  const settled = new Map(chosen);
  const goesWith = (place) => companions.get(key(place, settled.get(place))) ?? [];
  for (const place of settled.keys()) { // which gets more meanwhile
    for (const [other, allowed] of goesWith(place)) {
      const value = settled.get(other) ?? readValue(other);
      if (value === features[other].categories.length || allowed.includes(value)) continue;
      if (settled.has(other)) return null;
      const limits = [...settled.keys()].flatMap((from) => goesWith(from).filter(([to]) => to === other));
      const follower = allowed.find((code) => limits.every(([, codes]) => codes.includes(code)));
      if (follower === undefined) return null;
      settled.set(other, follower);
    }
  }
  return settled;
}
