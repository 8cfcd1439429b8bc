/** The worker: reads, scores and keeps the customers, so that the page stays quick meanwhile. */

import { Book } from "./book.js";
import { CsvReader, FileError } from "./csv.js";
import { detectEncoding, EncodingError, readText } from "./file_text.js";
import { loadModel } from "./model_file.js";
import { chooseDelimiter } from "./table_header.js";

const DECLARATION = /^\uFEFF?sep=([,;\t])$/; // a line above the header by which Excel names its delimiter
const MAX_HEADER = 1_000_000; // characters; beyond that it is no table
const PROGRESS_MS = 100;

/** Answer the page's messages; each has a `type` and an `id`, and so has the answer to it. */
export function startWorker(scope) {
  let model = null;
  let book = null;
  let run = 0; // which file is being read; a newer one ends the reading of an older one

  const answers = {
    async model({ text }) {
      model = await loadModel(text);
    },
    async file({ file }) {
      const mine = ++run;
      const notes = [];
      const isCurrent = () => mine === run;
      let found = null;
      try {
        found = await readBook(model, file, await detectEncoding(file), isCurrent, report);
      } catch (error) {
        if (!(error instanceof EncodingError)) throw error;
        notes.push("The file isn't UTF-8; it was read as Windows-1252.");
        found = await readBook(model, file, "windows-1252", isCurrent, report);
      }
      if (!found) return null;
      book = found;
      return { ...summarize(book), notes };
    },
    cancel() {
      run++;
    },
    show({ filter, sort }) {
      book.show(filter, sort);
      return { count: book.shown.length, risks: book.listRisks() };
    },
    list({ from, to }) {
      return book.list(from, to);
    },
    record({ index }) {
      return book.getRecord(index);
    },
    write({ isAll, calls, figures }) {
      const indexes = isAll ? book.shown : pickCalls(book, calls);
      return new Blob([...book.write(indexes, figures)], { type: "text/csv;charset=utf-8" });
    },
  };

  function report(progress) {
    scope.postMessage({ type: "progress", ...progress });
  }

  scope.onmessage = async ({ data }) => {
    try {
      scope.postMessage({ id: data.id, value: await answers[data.type](data) });
    } catch (error) {
      const message = error instanceof FileError ? error.message : `Something went wrong here: ${error.message}`;
      scope.postMessage({ id: data.id, error: message });
    }
  };
}

/** Return the first of those shown who could be scored, the likeliest to leave first. */
function pickCalls(book, calls) {
  const { probabilities } = book;
  const scored = book.shown.filter((index) => !Number.isNaN(probabilities[index]));
  return scored.sort((a, b) => probabilities[b] - probabilities[a] || a - b).subarray(0, calls);
}

/** Return the customers of a file, or null if another one was dropped meanwhile. */
async function readBook(model, file, encoding, isCurrent, report) {
  const book = new Book(model);
  let reader = null;
  let head = "";
  let read = 0;
  let reported = performance.now();
  for await (const { text, isLast } of readText(file, encoding, (bytes) => (read += bytes))) {
    if (!isCurrent()) return null;
    if (!reader) {
      head += text;
      const line = /^[\uFEFF\s]*[^\r\n]+/.exec(head)?.[0] ?? "";
      if (!isLast && line.length === head.length && head.length < MAX_HEADER) continue;
      const delimiter = DECLARATION.exec(line)?.[1] ?? chooseDelimiter(line, model.features);
      reader = new CsvReader(delimiter);
      book.delimiter = delimiter;
    }
    addRows(book, reader.push(head || text, isLast));
    head = "";
    if (performance.now() - reported > PROGRESS_MS) {
      reported = performance.now();
      report({ customers: book.count, share: read / file.size });
    }
  }
  if (!book.header) throw new FileError("The file is empty.");
  book.finish();
  return book;
}

function addRows(book, rows) {
  if (!book.header && isDeclaration(rows[0])) rows.shift();
  if (!book.header && rows.length) book.setHeader(rows.shift());
  book.add(rows);
}

function isDeclaration(row) {
  return row?.cells.length === 2 && row.cells[0] === "sep=" && row.cells[1] === "";
}

function summarize(book) {
  const risks = book.listRisks();
  return {
    ...{ count: book.count, scored: risks.length, hasIds: book.idColumn >= 0 },
    leavers: risks.reduce((sum, risk) => sum + risk, 0),
    ...{ errors: book.errors.list(), warnings: book.warnings.list() },
  };
}
