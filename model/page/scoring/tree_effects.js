/**
 * Exact path-dependent TreeSHAP effects, leaf by leaf, each worked out once per pattern.
 *
 * A player that is in follows the row, one that is out takes both sides by the share of training
 * weight. A leaf is worth its value times one factor per player on its path: 1 or 0 for a player
 * that is in, the product of its shares for one that is out. Shapley values are the integral, for
 * t from 0 to 1, of what a player changes while each other one is in with probability t (Owen,
 * Management Science 18, 1972): a polynomial, which a Gauss-Legendre sum integrates exactly.
 */

const LEAF = -1;
const MAX_TABULATED = 8; // conditions of a tree, all of whose patterns are kept together

/**
 * Return the mean score over the training weight, and what adds the effects of a row.
 *
 * @param {object} model of kind trees
 * @param {{conditionOf: Int32Array, rightOf: Int32Array, valueOf: Float64Array}[]} trees linked, the
 *   symmetric ones after the others
 * @param {{player: number, feature: number}[]} players by condition
 */
export function compileTreeEffects(model, trees, players) {
  let base = model.baseline;
  const explainers = [];
  const weights = [...model.trees.weights, ...(model.symmetric_trees?.weights ?? [])];
  for (const [index, tree] of trees.entries()) {
    const leaves = listLeaves(tree, weights[index], model.divisor, players);
    for (const leaf of leaves) base += leaf.value * leaf.share;
    const used = [...new Set(tree.conditionOf)].filter((condition) => condition !== LEAF);
    if (used.length) explainers.push(used.length > MAX_TABULATED ? byLeaf(leaves) : byTree(used, leaves));
  }

  function explain(flags, effects) {
    for (const add of explainers) add(flags, effects);
  }

  return { base, explain };
}

/** Return what adds a small tree's effects: one table for each pattern of its conditions. */
function byTree(used, leaves) {
  const features = [...new Set(leaves.flatMap((leaf) => leaf.players.map(({ feature }) => feature)))];
  const tables = new Array(1 << used.length);

  return (flags, effects) => {
    let pattern = 0;
    for (let place = 0; place < used.length; place++) pattern |= flags[used[place]] << place;
    const table = (tables[pattern] ??= tabulate(flags));
    for (let place = 0; place < features.length; place++) effects[features[place]] += table[place];
  };

  function tabulate(flags) {
    const sums = new Map(features.map((feature) => [feature, 0]));
    for (const leaf of leaves) {
      const parts = explainLeaf(leaf, readPattern(leaf, flags));
      leaf.players.forEach(({ feature }, place) => sums.set(feature, sums.get(feature) + parts[place]));
    }
    return Float64Array.from(sums.values());
  }
}

/** Return what adds a large tree's effects: a table for each leaf, by who on its path agrees. */
function byLeaf(leaves) {
  const tables = leaves.map(() => new Map());
  return (flags, effects) => {
    for (let index = 0; index < leaves.length; index++) {
      const leaf = leaves[index];
      const pattern = readPattern(leaf, flags);
      let parts = tables[index].get(pattern);
      if (!parts) tables[index].set(pattern, (parts = explainLeaf(leaf, pattern)));
      for (let place = 0; place < parts.length; place++) effects[leaf.players[place].feature] += parts[place];
    }
  };
}

/** Return a bit for each player on a leaf's path, set where the row meets all its conditions. */
function readPattern({ players }, flags) {
  let pattern = 0;
  for (let place = 0; place < players.length; place++) {
    const { tests } = players[place];
    let agrees = 1;
    for (let index = 0; index < tests.length; index += 2) agrees &= flags[tests[index]] ^ tests[index + 1] ^ 1;
    pattern |= agrees << place;
  }
  return pattern;
}

/** Return what each player on a leaf's path moves the score by, for one pattern. */
function explainLeaf({ value, players }, pattern) {
  const [ts, weights] = findPoints((players.length + 1) >> 1);
  const parts = new Float64Array(players.length);
  for (let point = 0; point < ts.length; point++) {
    const t = ts[point];
    for (let place = 0; place < players.length; place++) {
      let product = weights[point] * value;
      for (let other = 0; other < players.length; other++) {
        if (other !== place) product *= players[other].share * (1 - t) + ((pattern >> other) & 1) * t;
      }
      parts[place] += product * (((pattern >> place) & 1) - players[place].share);
    }
  }
  return parts;
}

/** Return a tree's leaves: value, share of the weight, and the players on the path. */
function listLeaves({ conditionOf, rightOf, valueOf }, leafWeights, divisor, players) {
  const weightOf = new Float64Array(conditionOf.length);
  let next = leafWeights.length;
  for (let node = conditionOf.length - 1; node >= 0; node--) {
    const isLeaf = conditionOf[node] === LEAF;
    weightOf[node] = isLeaf ? leafWeights[--next] : weightOf[node + 1] + weightOf[rightOf[node]];
  }
  const leaves = [];
  const waiting = [{ node: 0, path: [] }];
  while (waiting.length) {
    const { node, path } = waiting.pop();
    const condition = conditionOf[node];
    if (condition === LEAF) {
      const share = path.reduce((product, step) => product * step.share, 1);
      leaves.push({ value: valueOf[node] / divisor, share, players: groupByPlayer(path) });
      continue;
    }
    for (const [child, isLeft] of [[node + 1, 1], [rightOf[node], 0]]) {
      // Where no training row came, the two sides count alike.
      const share = weightOf[node] ? weightOf[child] / weightOf[node] : 0.5;
      waiting.push({ node: child, path: [...path, { ...players[condition], condition, isLeft, share }] });
    }
  }
  return leaves;
}

function groupByPlayer(path) {
  const byPlayer = new Map();
  for (const { player, feature, condition, isLeft, share } of path) {
    const known = byPlayer.get(player) ?? { feature, share: 1, tests: [] };
    known.share *= share;
    known.tests.push(condition, isLeft);
    byPlayer.set(player, known);
  }
  return [...byPlayer.values()];
}

const pointsByCount = new Map();

/** Return points from 0 to 1, and their weights, by Newton's steps to the roots of Legendre's polynomial. */
function findPoints(count) {
  if (!pointsByCount.has(count)) pointsByCount.set(count, computePoints(count));
  return pointsByCount.get(count);
}

function computePoints(count) {
  const ts = [];
  const weights = [];
  for (let number = 0; number < count; number++) {
    let root = Math.cos((Math.PI * (number + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 1; Math.abs(step) > 1e-15; root -= step) {
      let below = 1;
      let value = root;
      for (let degree = 2; degree <= count; degree++) {
        [below, value] = [value, ((2 * degree - 1) * root * value - (degree - 1) * below) / degree];
      }
      slope = (count * (root * value - below)) / (root * root - 1);
      step = value / slope;
    }
    ts.push((1 + root) / 2);
    weights.push(1 / ((1 - root * root) * slope * slope));
  }
  return [ts, weights];
}
