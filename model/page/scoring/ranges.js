/**
 * Which numbers go with a category in a part of their range only, and how a change moves them, as
 * the function's inference/advice/ranges.py has it.
 */

import { listValues } from "./companions.js";

/** @typedef {{place: number, mayFollow: boolean, ends: {place: number, code: number, low: number, high: number}[]}[]} Ranges */

/**
 * Return what a model file's schema says of it; throw Error where that fits no feature.
 *
 * @returns {Ranges}
 */
export function readRanges({ features, companions = {} }) {
  const values = listValues(features);
  return (companions.ranges ?? []).map(([place, mayFollow, lows, highs]) => {
    const fits = [...lows, ...highs].every(([value, end]) => values[value] && Number.isFinite(end));
    if (features[place]?.kind !== "number" || !fits) throw new Error("The model file says nonsense about what goes together.");
    const ends = [
      ...lows.map(([value, low]) => ({ ...values[value], low, high: Infinity })),
      ...highs.map(([value, high]) => ({ ...values[value], low: -Infinity, high })),
    ];
    return { place, mayFollow: Boolean(mayFollow), ends };
  });
}

/**
 * Return the changes (place -> value) with the numbers that have to move to the nearest end of a
 * range, or null where one may not follow, or none goes with all categories.
 *
 * @param {Ranges} ranges
 * @param {(place: number) => number} readValue the customer's numbers and codes
 * @param {Map<number, number>} settled all that changes but numbers that follow
 */
export function moveNumbers(ranges, readValue, settled) {
  const moved = new Map(settled);
  for (const { place, mayFollow, ends } of ranges) {
    const isChosen = settled.has(place);
    const number = isChosen ? settled.get(place) : readValue(place);
    const held = (read) => ends.filter((end) => read(end.place) === end.code);
    const stays = () => move(number, held((other) => settled.get(other))) === number;
    if (Number.isNaN(number) || (!isChosen && stays())) continue;
    const near = move(number, held((other) => settled.get(other) ?? readValue(other)));
    if (isChosen ? near !== number : !mayFollow || Number.isNaN(near)) return null;
    moved.set(place, near);
  }
  return moved;
}

/** Return the nearest number between some ends, or NaN where there is none. */
function move(number, ends) {
  const low = Math.max(...ends.map((end) => end.low));
  const high = Math.min(...ends.map((end) => end.high));
  return low <= high ? Math.min(Math.max(number, low), high) : NaN;
}
