/** Which column of a customer file is which field of the model. */

import { FileError } from "./csv.js";

const DELIMITERS = [",", ";", "\t"];
const MAX_NAMED = 5; // columns named in one message
const CLOSE = 0.7; // share of characters that two names must have in common

/** Return the delimiter under which a header line holds most of the model's fields. */
export function chooseDelimiter(line, features) {
  const names = new Set(features.map((spec) => spec.name));
  const known = (delimiter) => {
    const cells = line.split(delimiter).map((cell) => cell.replace(/^"|"$/g, ""));
    return cells.filter((cell) => names.has(cell)).length + cells.length / 1e6;
  };
  return DELIMITERS.reduce((best, next) => (known(next) > known(best) ? next : best));
}

/**
 * Return the column of each field, and of the customers' ids (-1 where there is none).
 *
 * @param {string[]} header
 * @param {import("./model_file.js").Model} model
 * @throws {FileError} a column that stands twice, or fields without a column
 */
export function findColumns(header, model) {
  const places = new Map();
  header.forEach((name, place) => {
    if (places.has(name)) throw new FileError(`The column “${shorten(name)}” is there twice.`);
    places.set(name, place);
  });
  const missing = model.features.filter((spec) => !places.has(spec.name)).map((spec) => spec.name);
  if (missing.length) throw new FileError(describeMissing(missing, header, model));
  return {
    columns: model.features.map((spec) => places.get(spec.name)),
    idColumn: places.get(model.id) ?? -1,
  };
}

function describeMissing(missing, header, model) {
  if (missing.length === model.features.length) {
    const expected = missing.slice(0, MAX_NAMED).map((name) => `“${name}”`).join(", ");
    return `This doesn't look like a table of customers: its first line has none of the model's columns (${expected}, …).`;
  }
  const known = new Set(model.features.map((spec) => spec.name));
  const unused = header.filter((name) => !known.has(name));
  const named = missing.slice(0, MAX_NAMED).map((name) => {
    const close = findClosest(name, unused);
    return close ? `“${name}” (is it your “${shorten(close)}”?)` : `“${name}”`;
  });
  const more = missing.length > MAX_NAMED ? ` and ${missing.length - MAX_NAMED} more` : "";
  return `Columns are missing: ${named.join(", ")}${more}. Rename or add them, then drop the file again.`;
}

/** Return the name most alike, or null where none comes close. */
export function findClosest(name, names) {
  const plain = toPlain(name);
  let best = null;
  let most = CLOSE;
  for (const candidate of names) {
    if (candidate.length > 2 * name.length + 2) continue;
    const share = compareTexts(plain, toPlain(candidate));
    if (share >= most) [best, most] = [candidate, share];
  }
  return best;
}

function toPlain(text) {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** Return how alike two texts are, 0 to 1: twice their longest common subsequence over their lengths. */
function compareTexts(a, b) {
  if (!a.length || !b.length) return 0;
  let before = new Array(b.length + 1).fill(0);
  for (const character of a) {
    const now = [0];
    for (let place = 0; place < b.length; place++) {
      now.push(b[place] === character ? before[place] + 1 : Math.max(before[place + 1], now[place]));
    }
    before = now;
  }
  return (2 * before[b.length]) / (a.length + b.length);
}

export function shorten(text) {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
