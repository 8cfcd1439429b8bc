/** How figures and fields read, in the reader's own locale. */

import { parseNumber } from "./scoring/records.js";

const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1, minimumFractionDigits: 1 });
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const plain = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const signed = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2, minimumFractionDigits: 2, signDisplay: "exceptZero" });

const wholePercent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });

export const formatShare = (share) => percent.format(share);
export const formatPercent = (share) => wholePercent.format(share);
export const formatCount = (count) => whole.format(count);
export const formatNumber = (number) => plain.format(number);
export const formatEffect = (effect) => signed.format(effect);

const exact = new Intl.NumberFormat(undefined, { maximumFractionDigits: 15, useGrouping: false });
const decimal = exact.formatToParts(0.5).find(({ type }) => type === "decimal").value === "," ? "," : ".";

/** Return a number as the reader would type it. */
export const writeNumber = (number) => exact.format(number);

/** Return the number that a reader typed, with the locale's decimal mark or a point, or NaN. */
export function readNumber(text) {
  const number = parseNumber(text, { decimal });
  return Number.isNaN(number) ? parseNumber(text) : number;
}

/** Return a moment as the reader writes dates. */
export function formatDate(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : date.toLocaleDateString(undefined, { dateStyle: "long" });
}

/** Return a column's name as words: `MonthlyCharges` and `monthly_charges` are "monthly charges". */
export function toWords(name) {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[_\s]+/g, " ")
    .split(" ")
    .map((word) => (word.length > 1 && word === word.toUpperCase() ? word : word.toLowerCase()))
    .join(" ")
    .trim();
}

/** Return a field and its value as a person would say them: "no tech support", "tenure 2". */
export function sayValue(spec, value) {
  const words = toWords(spec.name);
  const text = String(value ?? "").trim();
  if (!text) return `${words} unknown`;
  if (spec.kind === "number") {
    const number = typeof value === "number" ? value : parseNumber(text, spec.number_format);
    return `${words} ${Number.isNaN(number) ? text : formatNumber(number)}`;
  }
  if (/^(yes|true)$/i.test(text)) return words;
  if (/^(no|false)$/i.test(text)) return `no ${words}`;
  return `${words} ${text}`;
}
