/** A file's bytes become text: UTF-8, UTF-16 by its mark, else Windows-1252, which Excel writes. */

import { FileError } from "./csv.js";

/**
 * Yield the text of a file, piece by piece.
 *
 * @param {Blob} file
 * @param {string} encoding as `detectEncoding` says
 * @param {(bytes: number) => void} onRead called with the bytes of each piece
 * @throws {FileError} no text
 */
export async function* readText(file, encoding, onRead) {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    const text = decode(decoder, value, done);
    if (text.includes("\0")) throw new FileError("This is no text file. Save the table as CSV, and drop that.");
    yield { text, isLast: done };
    if (done) return;
    onRead(value.length);
  }
}

function decode(decoder, bytes, isLast) {
  try {
    return decoder.decode(bytes, { stream: !isLast });
  } catch {
    throw new EncodingError("Its text is in no encoding that this page knows. Save it as CSV UTF-8.");
  }
}

/** The bytes are not of the encoding that was tried. */
export class EncodingError extends FileError {}

/** Return the encoding that a file's first bytes speak for. */
export async function detectEncoding(file) {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return "utf-8";
}
