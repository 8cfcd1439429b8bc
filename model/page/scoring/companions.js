/**
 * Which values of other features go with a category, and what a change therefore brings along, as
 * the function's inference/advice/companions.py has it.
 */

/** @typedef {Map<string, [number, number[]][]>} Companions "place code" -> other places, and the codes that go with it */

const key = (place, code) => `${place} ${code}`;

/**
 * Return what a model file's schema says of it; throw Error where that fits no feature.
 *
 * @returns {Companions}
 */
export function readCompanions({ features, companions = [] }) {
  const isCategory = (place, code) => features[place]?.categories?.[code] !== undefined;
  for (const [place, code, listed] of companions) {
    const fits = listed.every(([other, ...codes]) => codes.length && codes.every((there) => isCategory(other, there)));
    if (!isCategory(place, code) || !fits) throw new Error("The model file says nonsense about what goes together.");
  }
  return new Map(companions.map(([place, code, listed]) => [key(place, code), listed.map(([other, ...codes]) => [other, codes])]));
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
