/** Whether the model's customers are still those it learned from, as the monitor of the server says. */

import { element, refill } from "../dom.js";
import { fetchMonitoring } from "../served.js";
import { formatCount, formatDate, formatShare } from "../words.js";

const SCORES = "churn_probability"; // what the monitor calls them among the fields
const TOLD = 0.005; // share of blanks and the like from which on it is told
const ESTIMATES = [
  ["churn_rate", "Customers who leave"],
  ["auc", "Ranks a leaver above a stayer"],
  ["precision", "Of those it flags, who leave"],
  ["recall", "Of those who leave, whom it flags"],
];

/** Return the view, which has nothing to say where nobody knows. */
export function startDriftView() {
  const node = element("div", { class: "drift" });

  async function open() {
    const found = await fetchMonitoring();
    if (found) refill(node, describe(found));
  }
  return { node, open };
}

function describe(found) {
  const figures = ESTIMATES.map(([name, text]) => [text, found.estimates?.[name]]).filter(([, figure]) => (figure?.value ?? null) !== null);
  return [
    element("h2", {}, "Whether its customers are still the same"),
    element("p", { class: found.verdict === "alarm" ? "error" : "" }, sayVerdict(found)),
    element("ul", {}, found.fields.map((field) => element("li", {}, sayField(field)))),
    figures.length ? element("p", {}, "To be expected of them, from their scores alone:") : null,
    element("dl", { class: "facts" }, figures.map(([text, figure]) => element("div", {},
      element("dt", {}, text),
      element("dd", {}, `${formatShare(figure.value)} (${formatShare(figure.low)} to ${formatShare(figure.high)})`)))),
    element("p", {}, "None of this tells whether customers of the same score leave as often as they did; only what came true does."),
  ];
}

function sayVerdict({ day, customers, verdict }) {
  const counted = `On ${formatDate(`${day}T12:00`)} ${formatCount(customers)} of its customers were counted`;
  return {
    like_training: `${counted}: they are like those it learned from.`,
    drifted: `${counted}: they differ from those it learned from. One day may be odd; a second in a row raises an alarm.`,
    alarm: `${counted}: for two days in a row they differ from those it learned from. Look for what has changed, or train again.`,
    not_judged: `${counted}: too few to tell whether they are like those it learned from.`,
  }[verdict];
}

function sayField(field) {
  const name = field.name === SCORES ? "The probabilities" : field.name;
  const odd = [
    [(field.blank ?? 0) - (field.blank_in_training ?? 0), "more blank"],
    [field.unseen ?? 0, "of categories it doesn't know"],
    [field.outside ?? 0, "out of the range it knows"],
  ].filter(([share]) => share >= TOLD).map(([share, text]) => `, ${formatShare(share)} ${text}`);
  const alarm = field.alarm ? ", the second day in a row" : "";
  return `${name}: ${formatShare(field.moved)} of them are where it had others${odd.join("")}${alarm}`;
}
