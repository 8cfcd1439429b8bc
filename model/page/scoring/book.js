/** The customers of a file: scored as they are read, then ranked, filtered, looked at and written. */

import { CsvReader, FileError, isWritable, pickCell, writeCell } from "./csv.js";
import { expectedGain } from "./offers.js";
import { compileRecords } from "./records.js";
import { findColumns } from "./table_header.js";

const REASONS = 3; // per customer in the list; worked out when somebody looks, or writes a file
const MAX_LISTED = 100; // problems that are named

/** Counts problems by what they are, and remembers where the first ones stand. */
class Tally {
  /** @type {Map<string, {field: ?string, message: string, count: number, lines: number[]}>} */
  #kinds = new Map();

  add(field, message, line) {
    const key = `${field}\n${message}`;
    let kind = this.#kinds.get(key);
    if (!kind) {
      if (this.#kinds.size >= MAX_LISTED) return;
      this.#kinds.set(key, (kind = { field, message, count: 0, lines: [] }));
    }
    kind.count++;
    if (kind.lines.length < 3) kind.lines.push(line);
  }

  /** Return what there is, the most frequent first. */
  list() {
    return [...this.#kinds.values()].sort((a, b) => b.count - a.count);
  }
}

export class Book {
  /** @param {import("./model_file.js").Model} model */
  constructor(model) {
    this.model = model;
    this.count = 0;
    this.texts = [];
    this.errors = new Tally();
    this.warnings = new Tally();
    const { row, encode } = compileRecords(model.features);
    this.row = row;
    this.encode = encode;
    this.effects = new Float64Array(model.features.length);
    this.#grow(1024);
  }

  /** Take the header; throw FileError where it doesn't fit the model. */
  setHeader({ cells }) {
    Object.assign(this, findColumns(cells, this.model), { header: cells });
  }

  /** Score further rows, as CsvReader returns them. */
  add(rows) {
    if (this.count + rows.length > this.probabilities.length) this.#grow(2 * (this.count + rows.length));
    for (const { cells, line, text } of rows) this.#addRow(cells, line, text);
  }

  #addRow(cells, line, text) {
    const index = this.count++;
    this.texts.push(text);
    this.lines[index] = line;
    const { errors, warnings } = this.#encode(cells);
    for (const { field, message } of warnings) this.warnings.add(field, message, line);
    for (const { field, message } of errors) this.errors.add(field, message, line);
    this.probabilities[index] = errors.length ? NaN : this.model.predict(this.row);
    const { numbers, categories } = this.row;
    for (let place = 0; place < numbers.length; place++) this.numbers[index * numbers.length + place] = numbers[place];
    const start = index * categories.length;
    for (let place = 0; place < categories.length; place++) this.categories[start + place] = categories[place];
  }

  /** Fill the row with a customer's, as it was scored. */
  #loadRow(index) {
    const { numbers, categories } = this.row;
    for (let place = 0; place < numbers.length; place++) numbers[place] = this.numbers[index * numbers.length + place];
    const start = index * categories.length;
    for (let place = 0; place < categories.length; place++) categories[place] = this.categories[start + place];
  }

  #encode(cells) {
    const errors = [];
    const warnings = [];
    if (cells.length === this.header.length) {
      this.encode((place) => cells[this.columns[place]], errors, warnings);
    } else {
      errors.push({ field: null, message: `expected ${this.header.length} cells, got ${cells.length}` });
    }
    return { errors, warnings };
  }

  /** Fill `effects` for the row, and return the places of the strongest. */
  #rankEffects() {
    this.effects.fill(0);
    this.model.explain(this.row, this.effects);
    const top = [];
    for (let place = 0; place < this.effects.length; place++) {
      const size = Math.abs(this.effects[place]);
      let at = top.length;
      while (at > 0 && Math.abs(this.effects[top[at - 1]]) < size) at--;
      if (at < REASONS) {
        top.splice(at, 0, place);
        if (top.length > REASONS) top.pop();
      }
    }
    return top;
  }

  /** Rank all customers: the likeliest to leave first, those that can't be scored last. */
  finish() {
    if (!this.count) throw new FileError("The file has a header, but no customers.");
    const { probabilities } = this;
    const rankOf = (index) => (Number.isNaN(probabilities[index]) ? -1 : probabilities[index]);
    this.order = this.#fileOrder().sort((a, b) => rankOf(b) - rankOf(a) || a - b);
    this.shown = this.order;
  }

  /**
   * Choose who is shown, and in which order.
   *
   * @param {{text: string, categories: Record<string, string>, isBadOnly: boolean}} filter
   * @param {"risk" | "safe" | "file"} sort
   */
  show(filter, sort) {
    const matches = this.#compileFilter(filter);
    const order = sort === "file" ? this.#fileOrder() : this.order;
    this.shown = matches ? order.filter(matches) : order.slice();
    if (sort === "safe") this.shown.reverse();
  }

  #fileOrder() {
    return Uint32Array.from({ length: this.count }, (_, index) => index);
  }

  #compileFilter({ text, categories, isBadOnly }) {
    const tests = [];
    const needle = text.trim().toLowerCase();
    if (needle) tests.push((index) => this.texts[index].toLowerCase().includes(needle));
    if (isBadOnly) tests.push((index) => Number.isNaN(this.probabilities[index]));
    const width = this.row.categories.length;
    const first = this.row.numbers.length;
    for (const [name, value] of Object.entries(categories)) {
      const place = this.model.features.findIndex((spec) => spec.name === name);
      const code = this.model.features[place].categories.indexOf(value);
      tests.push((index) => this.categories[index * width + place - first] === code);
    }
    return tests.length ? (index) => tests.every((test) => test(index)) : null;
  }

  /** Return the probabilities of those shown who could be scored, the highest first. */
  listRisks() {
    const scored = this.shown.filter((index) => !Number.isNaN(this.probabilities[index]));
    return Float64Array.from(scored, (index) => this.probabilities[index]).sort().reverse();
  }

  /** Return what the list says of some of those shown. */
  list(from, to) {
    return Array.from(this.shown.slice(from, to), (index) => this.describe(index));
  }

  /** Return what is known of a customer. */
  describe(index) {
    const cells = this.readCells(index);
    const probability = this.probabilities[index];
    const isScored = !Number.isNaN(probability);
    return {
      ...{ index, cells, line: this.lines[index], id: this.idColumn < 0 ? null : cells[this.idColumn] },
      probability: isScored ? probability : null,
      errors: isScored ? [] : this.#encode(cells).errors,
      reasons: isScored ? this.#listReasons(index, (column) => cells[column]) : [],
    };
  }

  #listReasons(index, getCell) {
    if (!this.model.explain) return [];
    this.#loadRow(index);
    return this.#rankEffects().map((place) => ({
      field: this.model.features[place].name,
      value: getCell(this.columns[place]),
      effect: this.effects[place],
    }));
  }

  readCells(index) {
    const text = this.texts[index];
    if (!text.includes('"')) return text.split(this.delimiter);
    return new CsvReader(this.delimiter).push(text, true)[0].cells;
  }

  /** Return a customer's fields by name, as the file has them. */
  getRecord(index) {
    const cells = this.readCells(index);
    return Object.fromEntries(this.model.features.map((spec, place) => [spec.name, cells[this.columns[place]]]));
  }

  /**
   * Yield the text of a CSV, in pieces: the file's own columns, and what the model says.
   *
   * @param {Uint32Array} indexes of the customers, in the order of the file to write
   * @param {import("./offers.js").Figures} figures
   */
  *write(indexes, figures) {
    const reasons = Array.from({ length: REASONS }, (_, place) => `churn_reason_${place + 1}`);
    const added = ["churn_probability", "churn_label", "churn_expected_gain", ...reasons, "error"];
    yield `\ufeff${[...this.header, ...added].map(writeCell).join(",")}\r\n`;
    for (let from = 0; from < indexes.length; from += 1000) {
      const lines = Array.from(indexes.subarray(from, from + 1000), (index) => this.#writeRow(index, figures));
      yield lines.join("");
    }
  }

  #writeRow(index, figures) {
    const text = this.texts[index];
    const probability = this.probabilities[index];
    // Most rows can be written as they were read, which saves looking at each cell.
    if (!Number.isNaN(probability) && this.delimiter === "," && isWritable(text)) {
      const reasons = this.#listReasons(index, (column) => pickCell(text, ",", column));
      return `${text},${this.#sayScore(probability, reasons, figures).map(writeCell).join(",")},\r\n`;
    }
    const { cells, reasons, errors } = this.describe(index);
    const score = Number.isNaN(probability) ? fit([], 3 + REASONS) : this.#sayScore(probability, reasons, figures);
    const said = errors.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join("; ");
    return `${[...fit(cells, this.header.length), ...score, said].map(writeCell).join(",")}\r\n`;
  }

  #sayScore(probability, reasons, figures) {
    const named = reasons.map(({ field, value }) => `${field}: ${value}`);
    const label = Number(probability >= this.model.threshold);
    return [probability, label, expectedGain(probability, figures).toFixed(2), ...fit(named, REASONS)];
  }

  #grow(size) {
    const { numbers, categories } = this.row;
    const grown = (Type, length, old) => {
      const array = new Type(length);
      if (old) array.set(old.subarray(0, Math.min(old.length, length)));
      return array;
    };
    this.probabilities = grown(Float64Array, size, this.probabilities);
    this.lines = grown(Uint32Array, size, this.lines);
    this.numbers = grown(Float64Array, size * numbers.length, this.numbers);
    this.categories = grown(Uint16Array, size * categories.length, this.categories);
  }
}

/** Return as many texts as asked for, empty ones at the end. */
function fit(texts, length) {
  return texts.length < length ? [...texts, ...new Array(length - texts.length).fill("")] : texts.slice(0, length);
}
