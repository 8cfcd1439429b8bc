/**
 * One record becomes one row, by the model's schema, as the function does it.
 *
 * A row is `numbers` (NaN where one stays missing) and `categories` (the category's place in the
 * schema, or the number of categories for one that training never saw).
 */

/** @typedef {{decimal: "." | ",", unit?: string}} NumberFormat how texts spell a number */
/** @typedef {{name: string, kind: "number", blank: ?number, min?: ?number, max?: ?number, changeable?: boolean, number_format?: NumberFormat, missing?: string[]}} NumberSpec */
/** @typedef {{name: string, kind: "category", blank: ?string, categories: string[], changeable?: boolean, rare?: boolean, missing?: string[], spellings?: Record<string, string>}} CategorySpec */
/** @typedef {{numbers: Float64Array, categories: Int32Array}} Row */
/** @typedef {{field: string, message: string}} Remark */

// What Python's str.strip() takes away; trim() knows a few characters less and one more.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const BLANK = new RegExp(`^${SPACE}*$`);
const OUTER_SPACE = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Return an empty row, and what fills it.
 *
 * @param {(NumberSpec | CategorySpec)[]} features of the schema: numbers first
 */
export function compileRecords(features) {
  const numeric = features.filter((spec) => spec.kind === "number").length;
  const codes = features.map((spec) =>
    spec.kind === "category" ? new Map(spec.categories.map((text, code) => [text, code])) : null,
  );
  const known = features.map((spec, place) => (codes[place] ? listKnown(spec, codes[place]) : null));
  /** @type {Row} */
  const row = {
    numbers: new Float64Array(numeric),
    categories: new Int32Array(features.length - numeric),
  };

  /**
   * Fill the row; return whether it can be scored.
   *
   * @param {(place: number) => unknown} getValue of a feature; undefined where there is none
   * @param {Remark[]} errors gets what is wrong
   * @param {Remark[]} warnings gets what was assumed
   */
  function encode(getValue, errors, warnings) {
    const before = errors.length;
    for (let place = 0; place < features.length; place++) {
      const spec = features[place];
      const value = getValue(place);
      if (value === undefined) errors.push({ field: spec.name, message: "missing" });
      else if (spec.kind === "number") row.numbers[place] = readNumber(value, spec, errors, warnings);
      else {
        row.categories[place - numeric] =
          known[place].get(value) ?? readCategory(value, spec, codes[place], errors, warnings);
      }
    }
    return errors.length === before;
  }

  return { row, encode };
}

/** Return the codes of the texts that need no second look: nothing is said of them. */
function listKnown(spec, codes) {
  const known = new Map();
  for (const text of [...spec.categories, ...Object.keys(spec.spellings ?? {})]) {
    const remarks = [];
    const code = readCategory(text, spec, codes, remarks, remarks);
    if (!remarks.length) known.set(text, code);
  }
  return known;
}

/** Return whether a value means unknown: null, white space, or a text that the feature names. */
function isBlank(value, { missing }) {
  if (typeof value !== "string") return value === null;
  return BLANK.test(value) || Boolean(missing?.includes(strip(value)));
}

function strip(text) {
  return text.replace(OUTER_SPACE, "");
}

/**
 * Return the number that a text is, or NaN: without a format what Python's float takes, but neither
 * inf nor nan.
 *
 * @param {string} text
 * @param {NumberFormat} [format]
 */
export function parseNumber(text, format) {
  const stripped = strip(text);
  if (!format) return NUMBER.test(stripped) ? Number(stripped) : NaN;
  const found = FORMATTED[format.decimal].exec(dropUnit(stripped, format.unit));
  if (!found) return NaN;
  const { sign, digits, decimals, only, exponent } = found.groups;
  return Number(`${sign}${(digits ?? "").replace(/\D/g, "") || "0"}.${decimals || only || "0"}${exponent ?? ""}`);
}

/** Return a text without the currency at one of its ends; a sign in front of it stays. */
function dropUnit(text, unit) {
  if (!unit) return text;
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  const rest = text.slice(sign.length);
  if (rest.startsWith(unit)) return sign + strip(rest.slice(unit.length));
  return text.endsWith(unit) ? strip(text.slice(0, -unit.length)) : text;
}

function describeFormat(decimal) {
  const group = `[${decimal === "." ? "," : "."}\\x20\\xa0\\u202f'\\u2019]`;
  const digits = `(?<digits>\\d+|[1-9]\\d{0,2}(?<group>${group})\\d{3}(?:\\k<group>\\d{3})*)`;
  const mark = `\\${decimal}`;
  return new RegExp(
    `^(?<sign>[+-]?)(?:${digits}(?:${mark}(?<decimals>\\d*))?|${mark}(?<only>\\d+))(?<exponent>[eE][+-]?\\d+)?$`,
  );
}

const FORMATTED = { ".": describeFormat("."), ",": describeFormat(",") };

function readNumber(value, spec, errors, warnings) {
  const isPlain = typeof value === "string" && !spec.number_format && !spec.missing && NUMBER.test(value);
  if (!isPlain && isBlank(value, spec)) {
    const treatment = spec.blank === null ? "scored as missing" : `scored as ${spec.blank}`;
    warnings.push({ field: spec.name, message: `blank; ${treatment}, as in training` });
    return spec.blank === null ? NaN : spec.blank;
  }
  const read = () => (typeof value === "string" ? parseNumber(value, spec.number_format) : value);
  const number = isPlain ? Number(value) : read();
  if (typeof number !== "number" || Number.isNaN(number)) {
    errors.push({ field: spec.name, message: `expected a number, got ${nameType(value)}` });
    return NaN;
  }
  if (!Number.isFinite(number)) {
    errors.push({ field: spec.name, message: "expected a finite number" });
  } else if (spec.min != null && (number < spec.min || number > spec.max)) {
    const range = `${spec.min} to ${spec.max}`;
    warnings.push({ field: spec.name, message: `outside the training range ${range}` });
  }
  return number;
}

function readCategory(value, spec, codes, errors, warnings) {
  const unseen = spec.categories.length;
  if (isBlank(value, spec)) {
    const code = spec.blank === null ? undefined : codes.get(spec.blank);
    const treatment =
      spec.blank === null ? "as none of the known categories" : `as "${spec.blank}", as in training`;
    warnings.push({ field: spec.name, message: `blank; scored ${treatment}` });
    return code === undefined ? unseen : code;
  }
  for (const text of spellings(value)) {
    const code = codes.get(spec.spellings?.[text] ?? text);
    if (code !== undefined) return code;
  }
  const isPlain = typeof value === "number" || typeof value === "boolean";
  if (typeof value !== "string" && !(isPlain && spec.categories.some(looksNumeric))) {
    errors.push({ field: spec.name, message: `expected text, got ${nameType(value)}` });
    return unseen;
  }
  if (spec.rare) return unseen;
  const plain = strip(String(value)).toLowerCase();
  const close = spec.categories.find((text) => strip(text).toLowerCase() === plain);
  const hint = close === undefined ? "" : `; did you mean "${close}"?`;
  warnings.push({
    field: spec.name,
    message: `category not seen in training; scored as none of the known ones${hint}`,
  });
  return unseen;
}

function looksNumeric(text) {
  return /^[\d+-][\d+\-.eE]*$/.test(text);
}

/** Return the texts that a CSV may have had for a JSON value. */
function spellings(value) {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return Number.isInteger(value) ? [`${value}`, `${value}.0`] : [`${value}`];
  if (value === true) return ["true", "True", "TRUE"];
  return value === false ? ["false", "False", "FALSE"] : [];
}

function nameType(value) {
  if (Array.isArray(value)) return "a list";
  const names = { string: "text", boolean: "true or false", number: "a number", object: "an object" };
  return names[typeof value] ?? "something else";
}
