/** CSV text becomes rows, piece by piece: RFC 4180, with the line breaks of any system. */

export const MAX_CELL = 131_072; // characters; Python's reader, so the function's, has the same limit
const QUOTE = '"';
const FORMULA = /^[=+\-@\t\r]/; // what a spreadsheet takes for the start of one
const NUMBER = /^[+-]?\d+([.,]\d+)?$/;

/** What is wrong with a file; the message is for the person who chose it. */
export class FileError extends Error {}

/**
 * Reads a table's text as it arrives.
 *
 * @param {string} delimiter between cells
 */
export class CsvReader {
  #delimiter;
  #rest = "";
  #line = 1; // of the file, where #rest begins

  constructor(delimiter) {
    this.#delimiter = delimiter;
  }

  /**
   * Return the rows that a further piece of text completes, without blank lines.
   *
   * @param {string} text
   * @param {boolean} isLast whether the file ends here
   * @returns {{cells: string[], line: number, text: string}[]} line: where it begins, from 1
   * @throws {FileError} a cell too long, or a quote that doesn't belong where it is
   */
  push(text, isLast) {
    const all = this.#rest + text;
    const rows = all.includes(QUOTE) ? this.#readQuoted(all, isLast) : this.#readPlain(all, isLast);
    if (this.#rest.length > MAX_CELL && !isLast) this.#checkRest();
    return rows;
  }

  /** Without quotes a row is a line, and a cell is what stands between two delimiters. */
  #readPlain(text, isLast) {
    const end = isLast ? text.length : findLastBreak(text);
    const rows = [];
    if (end > 0) {
      for (const line of text.slice(0, end).split(/\r\n|\n|\r/)) {
        if (line) rows.push({ cells: this.#split(line), line: this.#line, text: line });
        this.#line++;
      }
      this.#line--; // what follows the last break isn't a line yet
    }
    this.#rest = text.slice(end);
    return rows;
  }

  #split(line) {
    const cells = line.split(this.#delimiter);
    if (line.length > MAX_CELL) cells.forEach((cell) => this.#checkCell(cell.length));
    return cells;
  }

  #readQuoted(text, isLast) {
    const rows = [];
    let at = 0; // where the row begins
    while (at < text.length) {
      const found = this.#readRow(text, at, isLast);
      if (!found) break;
      if (found.cells.length > 1 || found.cells[0]) {
        rows.push({ cells: found.cells, line: this.#line, text: text.slice(at, found.end).replace(/[\r\n]+$/, "") });
      }
      this.#line += found.lines;
      at = found.end;
    }
    this.#rest = text.slice(at);
    return rows;
  }

  /** Return the row that begins somewhere, or null if its end isn't there yet. */
  #readRow(text, start, isLast) {
    const cells = [];
    let lines = 0;
    let at = start;
    for (;;) {
      let cell;
      if (text[at] === QUOTE) {
        const close = findClosingQuote(text, at + 1);
        if (close < 0 || (close === text.length - 1 && !isLast)) {
          this.#checkCell(text.length - at);
          if (isLast) throw new FileError(`Line ${this.#line}: a quote opens there and never closes.`);
          return null;
        }
        cell = text.slice(at + 1, close).replaceAll('""', QUOTE);
        lines += countBreaks(text, at, close);
        at = close + 1;
      } else {
        const from = at;
        while (at < text.length && text[at] !== this.#delimiter && text[at] !== "\n" && text[at] !== "\r") at++;
        cell = text.slice(from, at);
      }
      this.#checkCell(cell.length);
      cells.push(cell);
      if (at >= text.length) return isLast ? { cells, lines: lines + 1, end: at } : null;
      if (text[at] === this.#delimiter) {
        at++;
        continue;
      }
      if (text[at] === "\r") {
        if (at + 1 >= text.length && !isLast) return null; // a line feed may follow
        at += text[at + 1] === "\n" ? 2 : 1;
        return { cells, lines: lines + 1, end: at };
      }
      if (text[at] === "\n") return { cells, lines: lines + 1, end: at + 1 };
      throw new FileError(`Line ${this.#line + lines}: text follows a closing quote.`);
    }
  }

  #checkRest() {
    if (!this.#rest.includes(QUOTE) && !this.#rest.includes(this.#delimiter)) this.#checkCell(this.#rest.length);
  }

  #checkCell(length) {
    if (length > MAX_CELL) {
      const limit = MAX_CELL.toLocaleString();
      throw new FileError(`Line ${this.#line}: a cell has more than ${limit} characters. Is a quote left open?`);
    }
  }
}

/** Return how a cell stands in a CSV; no spreadsheet takes it for a formula. */
export function writeCell(value) {
  if (typeof value === "number") return String(value);
  let text = value === null || value === undefined ? "" : String(value);
  if (FORMULA.test(text) && !NUMBER.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll(QUOTE, '""')}"` : text;
}

/** Return whether each cell of a row may stand in a CSV with commas as it was read from one. */
export function isWritable(text) {
  return !/(?:^|,)[=+\-@\t]|["\r\n]/.test(text);
}

/** Return a cell of a row without quotes. */
export function pickCell(text, delimiter, column) {
  let from = 0;
  for (let left = column; left > 0; left--) from = text.indexOf(delimiter, from) + 1;
  const to = text.indexOf(delimiter, from);
  return to < 0 ? text.slice(from) : text.slice(from, to);
}

/** Return where the text after the last line break begins; 0 without one that is surely whole. */
function findLastBreak(text) {
  const feed = text.lastIndexOf("\n");
  const carriage = text.lastIndexOf("\r");
  // A carriage return at the very end may be half a break.
  if (carriage > feed && carriage < text.length - 1) return carriage + 1;
  return feed + 1;
}

function findClosingQuote(text, from) {
  let at = text.indexOf(QUOTE, from);
  while (at >= 0 && text[at + 1] === QUOTE) at = text.indexOf(QUOTE, at + 2);
  return at;
}

function countBreaks(text, from, to) {
  let count = 0;
  for (let at = from; at < to; at++) {
    if (text[at] === "\n" || (text[at] === "\r" && text[at + 1] !== "\n")) count++;
  }
  return count;
}
