/** A row's log-odds by a linear model, and what each feature moved them by. */

/**
 * Return the functions `score(row)` and `explain(row, effects)`, and the base of the effects.
 *
 * @param {object} model of kind linear; shapes as in docs/artifact.md
 * @param {object[]} features of the schema
 * @param {?{numeric: number[], categorical: number[][]}} means of the training rows
 */
export function compileLinear(model, features, means) {
  const coefficients = model.coef[0];
  const numeric = model.numeric_scales.length;
  const weights = new Float64Array(numeric);
  let intercept = model.intercept[0];
  for (let place = 0; place < numeric; place++) {
    weights[place] = coefficients[place] / model.numeric_scales[place];
    intercept -= weights[place] * model.numeric_means[place];
  }
  const tables = [];
  let start = numeric;
  for (const categories of model.categories) {
    tables.push(Float64Array.of(...coefficients.slice(start, start + categories.length), 0));
    start += categories.length;
  }

  function score({ numbers, categories }) {
    let sum = intercept;
    for (let place = 0; place < numeric; place++) sum += weights[place] * numbers[place];
    for (let place = 0; place < tables.length; place++) sum += tables[place][categories[place]];
    return sum;
  }

  if (!means) return { score, explain: null, base: NaN };
  const averages = tables.map((table, place) => {
    const shares = means.categorical[place];
    return shares.reduce((sum, share, code) => sum + share * table[code], 0);
  });
  const base = averages.reduce(
    (sum, average) => sum + average,
    weights.reduce((sum, weight, place) => sum + weight * means.numeric[place], intercept),
  );

  function explain({ numbers, categories }, effects) {
    for (let place = 0; place < numeric; place++) {
      effects[place] += weights[place] * (numbers[place] - means.numeric[place]);
    }
    for (let place = 0; place < tables.length; place++) {
      effects[numeric + place] += tables[place][categories[place]] - averages[place];
    }
  }

  return { score, explain, base };
}

/**
 * Return the same for a linear term of a sum, whose weights apply to the numbers as they are.
 *
 * @param {object} term of kind linear; shapes as in docs/artifact.md
 */
export function compileLinearTerm({ intercept, weights, missing, categories, means }) {
  const addedBy = ({ numbers, categories: codes }, place) => {
    if (place >= weights.length) return categories[place - weights.length][codes[place - weights.length]];
    return Number.isNaN(numbers[place]) && missing ? missing[place] : weights[place] * numbers[place];
  };
  const places = Array.from({ length: weights.length + categories.length }, (_, place) => place);

  function explain(row, effects) {
    for (const place of places) effects[place] += addedBy(row, place) - means[place];
  }

  return {
    score: (row) => places.reduce((sum, place) => sum + addedBy(row, place), intercept),
    explain: means ? explain : null,
    base: (means ?? []).reduce((sum, mean) => sum + mean, intercept),
  };
}
