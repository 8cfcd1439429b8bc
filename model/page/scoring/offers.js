/** What calling customers is expected to earn, and how far people and money reach. */

/** @typedef {{value: number, cost: number, success: number}} Figures */

/**
 * Return what an offer to a customer is expected to earn, in the currency of the figures.
 *
 * @param {number} probability of leaving when no offer is made
 * @param {Figures} figures worth of a customer who is kept, cost of an offer that is taken, share
 *   of leavers whom it keeps
 * Source: Neslin et al., Defection Detection, Journal of Marketing Research 43 (2006); as in the
 * function's `economics`.
 */
export function expectedGain(probability, { value, cost, success }) {
  return probability * success * (value - cost) - (1 - probability) * cost;
}

/**
 * Return how many of the ranked customers to call: as many as there are calls, as the budget pays
 * for even if every one takes the offer, and as are expected to earn something.
 *
 * @param {number} worthwhile how many are expected to earn something
 * @param {?number} calls that people can make; null is no limit
 * @param {?number} budget null is no limit
 * @param {number} cost of one offer
 */
export function countCalls(worthwhile, calls, budget, cost) {
  const affordable = budget === null || cost === 0 ? Infinity : Math.floor(budget / cost + 1e-9);
  return Math.min(worthwhile, calls ?? Infinity, affordable);
}
