/**
 * A row's score by an ensemble of trees, and the exact effects of its features.
 *
 * A row first becomes one flag per condition: whether it goes left there. A tree is then a walk
 * from flag to flag, and its effects depend on nothing but the flags of its own conditions.
 */

import { compileTreeEffects } from "./tree_effects.js";

const LEAF = -1;

/**
 * Return the functions `score(row)` and `explain(row, effects)`, and the base of the effects.
 *
 * @param {object} model of kind trees; shapes as in docs/artifact.md
 * @param {object[]} features of the schema, numbers first
 */
export function compileTrees(model, features) {
  const conditions = readConditions(model, features);
  const trees = model.trees.nodes.map((nodes, tree) => linkTree(nodes, model.trees.values[tree]));
  const symmetric = (model.symmetric_trees?.conditions ?? []).map((asked, tree) => ({
    asked: Int32Array.from(asked),
    values: Float64Array.from(model.symmetric_trees.values[tree]),
  }));
  const { readFlags, flags } = conditions;
  const { baseline, divisor } = model;

  function score(row) {
    readFlags(row);
    let sum = 0;
    for (const { conditionOf, rightOf, valueOf } of trees) {
      let node = 0;
      let condition = conditionOf[0];
      while (condition !== LEAF) {
        node = flags[condition] ? node + 1 : rightOf[node];
        condition = conditionOf[node];
      }
      sum += valueOf[node];
    }
    for (const { asked, values } of symmetric) {
      let leaf = 0;
      for (let place = 0; place < asked.length; place++) leaf |= (flags[asked[place]] ^ 1) << place;
      sum += values[leaf];
    }
    return sum / divisor + baseline;
  }

  let effects = null; // worked out when the first reasons are asked for

  function getEffects() {
    effects ??= compileTreeEffects(model, [...trees, ...symmetric.map(unfoldTree)], conditions.players);
    return effects;
  }

  function explain(row, sums) {
    readFlags(row);
    getEffects().explain(flags, sums);
  }

  return {
    score,
    explain: model.trees.weights ? explain : null,
    get base() {
      return getEffects().base;
    },
  };
}

/** Return what turns a row into flags by condition, and the player that each condition asks. */
function readConditions(model, features) {
  const { thresholds, category_sets: sets } = model;
  const groups = thresholds.map((group) => Float64Array.from(group));
  const starts = [];
  const players = [];
  for (const [feature, group] of thresholds.entries()) {
    starts.push(players.length);
    for (const _ of group) players.push({ player: feature, feature });
  }
  const first = players.length;
  const goesLeft = sets.map(([feature, goingRight], place) => {
    players.push({ player: thresholds.length + place, feature });
    const table = new Uint8Array(features[feature].categories.length + 1).fill(1);
    for (const code of goingRight) table[code] = 0;
    return table;
  });
  const placeOf = sets.map(([feature]) => feature - thresholds.length);
  const flags = new Uint8Array(players.length);

  function readFlags({ numbers, categories }) {
    for (let place = 0; place < groups.length; place++) {
      const start = starts[place];
      const group = groups[place];
      if (Number.isNaN(numbers[place])) {
        const missing = model.missing_left?.[place];
        if (!missing && group.length) throw new Error("this model scores no missing number");
        for (let index = 0; index < group.length; index++) flags[start + index] = missing[index];
        continue;
      }
      const below = countBelow(group, numbers[place]);
      flags.fill(0, start, start + below);
      flags.fill(1, start + below, start + group.length);
    }
    for (let index = 0; index < goesLeft.length; index++) {
      flags[first + index] = goesLeft[index][categories[placeOf[index]]];
    }
  }

  return { readFlags, flags, players };
}

/** Return how many of ascending thresholds a number exceeds. */
function countBelow(thresholds, number) {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (thresholds[middle] < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Return a symmetric tree as one like the others: it asks its last condition first. */
function unfoldTree({ asked, values }) {
  const nodes = [];
  const unfold = (depth) => {
    if (depth === 0) {
      nodes.push(LEAF);
      return;
    }
    nodes.push(asked[depth - 1]);
    unfold(depth - 1);
    unfold(depth - 1);
  };
  unfold(asked.length);
  return linkTree(nodes, values);
}

/** Return a tree as arrays by node, in preorder: a left child is the next node. */
function linkTree(nodes, values) {
  const conditionOf = Int32Array.from(nodes);
  const rightOf = new Int32Array(nodes.length);
  const valueOf = new Float64Array(nodes.length);
  const waiting = []; // inner nodes whose left side isn't complete yet
  let leaf = 0;
  for (let node = 0; node < nodes.length; node++) {
    if (nodes[node] !== LEAF) {
      waiting.push(node);
      continue;
    }
    valueOf[node] = values[leaf++];
    if (waiting.length) rightOf[waiting.pop()] = node + 1;
  }
  return { conditionOf, rightOf, valueOf };
}
