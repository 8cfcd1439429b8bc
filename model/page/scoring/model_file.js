/** The text of a model file becomes a model that scores rows; docs/artifact.md describes the file. */

import { readCompanions } from "./companions.js";
import { compileLinear, compileLinearTerm } from "./linear.js";
import { readRanges } from "./ranges.js";
import { compileTrees } from "./trees.js";

const FORMATS = [undefined, 2, 3];
const DIGEST = /^\{"digest":"sha256:([0-9a-f]{64})",/;

/**
 * @typedef {object} Model
 * @property {object[]} features of the schema
 * @property {number} threshold probability from which a customer counts as leaving
 * @property {?string} id the column that names customers
 * @property {string} version
 * @property {?object} reference what its training customers were like, in counts
 * @property {import("./companions.js").Companions} companions which categories go with each other
 * @property {import("./ranges.js").Ranges} ranges which numbers go with them
 * @property {(row: import("./records.js").Row) => number} predict a row's probability of leaving
 * @property {?(row: import("./records.js").Row, effects: Float64Array) => void} explain adds effects
 * @property {() => number} getBase the score where all effects start from
 * @property {boolean} isLogOdds whether effects are in log-odds, and not in probability
 */

/**
 * Return the model in a file.
 *
 * @param {string} text of the file
 * @returns {Promise<Model>}
 * @throws {Error} changed on the way, or of a format that this page doesn't know
 */
export async function loadModel(text) {
  await checkDigest(text);
  const document = JSON.parse(text);
  if (!FORMATS.includes(document.format_version)) throw new Error("The model is newer than this page.");
  const schema = document.schema ?? describeFirstVersion(document.artifact);
  const { score, explain, getBase, isLogOdds } = compileArtifact(document, schema.features);
  return {
    ...{ schema, meta: document.training_meta ?? {}, features: schema.features, id: schema.id },
    reference: document.reference ?? null,
    ...{ threshold: schema.threshold, version: document.training_meta?.version ?? "unversioned" },
    ...{ explain, getBase, isLogOdds, companions: readCompanions(schema), ranges: readRanges(schema) },
    predict: isLogOdds ? (row) => sigmoid(score(row)) : score,
  };
}

function compileArtifact({ artifact, training_meta: meta }, features) {
  const isLogOdds = artifact.kind !== "trees" || artifact.link === "logit";
  if (artifact.kind === "sum") return { ...compileSum(artifact, features), isLogOdds };
  const parts =
    artifact.kind === "trees"
      ? compileTrees(artifact, features)
      : compileLinear(artifact, features, meta?.feature_means);
  return { score: parts.score, explain: parts.explain, getBase: () => parts.base, isLogOdds };
}

function compileSum({ scale, shift, terms: listed }, features) {
  const terms = listed.map((term) =>
    term.kind === "trees" ? compileTrees(term, features) : compileLinearTerm(term),
  );
  const part = new Float64Array(features.length);

  function explain(row, effects) {
    part.fill(0);
    for (const term of terms) term.explain(row, part);
    for (let place = 0; place < part.length; place++) effects[place] += scale * part[place];
  }

  return {
    score: (row) => scale * terms.reduce((sum, term) => sum + term.score(row), 0) + shift,
    explain: terms.every((term) => term.explain) ? explain : null,
    getBase: () => scale * terms.reduce((sum, term) => sum + term.base, 0) + shift,
  };
}

/** Return the probability of log-odds; no value overflows. */
export function sigmoid(logOdds) {
  if (logOdds >= 0) return 1 / (1 + Math.exp(-logOdds));
  const odds = Math.exp(logOdds);
  return odds / (1 + odds);
}

async function checkDigest(text) {
  const found = DIGEST.exec(text);
  // Browsers hash in secure contexts only: https, this machine, and a file that was opened.
  if (!found || !globalThis.crypto?.subtle) return;
  const rest = new TextEncoder().encode(text.slice(found[0].length));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", rest));
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex !== found[1]) throw new Error("The model file was changed or cut off on its way here.");
}

function describeFirstVersion(model) {
  const numbers = model.numeric_features.map((name, place) => ({
    ...{ name, kind: "number", blank: model.numeric_imputer_medians[place] },
  }));
  const texts = model.categorical_features.map((name, place) => ({
    ...{ name, kind: "category", blank: null, categories: model.categories[place] },
  }));
  return { target: null, labels: ["0", "1"], threshold: 0.5, id: null, features: [...numbers, ...texts] };
}
