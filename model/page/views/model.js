/** The model: which one it is, what it was made from, how good it is, and what it is not for. */

import { element } from "../dom.js";
import { drawCalibration } from "./calibration.js";
import { formatCount, formatDate, formatNumber, formatShare } from "../words.js";

const METRICS = [
  ["auc", "Ranks a leaver above a stayer", formatShare],
  ["top_decile_lift", "Leavers among the riskiest tenth, against the average", (lift) => `${formatNumber(lift)} ×`],
  ["average_precision", "Average precision", formatShare],
  ["brier", "Mean squared error of a probability (0 is perfect)", formatNumber],
];

/** Return the view; `drift` is the part that a server tells, null where there is none. */
export function startModelView(model, drift) {
  const { meta, schema } = model;
  const facts = [
    ["Version", model.version],
    ["Kind", meta.served],
    ["Learned", meta.trained_at && formatDate(meta.trained_at)],
    ["From", meta.data && `${meta.data.name}, ${formatCount(meta.data.rows)} customers${meta.data.synthetic ? ", made up" : ""}`],
    ["Who left, in that table", meta.data && formatShare(meta.data.target_rate)],
    ["What is predicted", schema.target && `${schema.target} is ${schema.labels[1]}`],
    ["Counts as likely to leave from", formatShare(model.threshold)],
  ];
  const quality = METRICS.filter(([name]) => meta.metrics && name in meta.metrics).map(([name, text, format]) => [text, format(meta.metrics[name])]);
  const fields = model.features.map((spec) => [spec.name, spec.kind === "number"
    ? spec.min === null || spec.min === undefined ? "a number" : `${formatNumber(spec.min)} to ${formatNumber(spec.max)}`
    : spec.categories.join(", ")]);
  const node = element("section", { class: "model", "aria-label": "Model" },
    element("h2", {}, "The model"), makeFacts(facts),
    quality.length ? [element("h2", {}, "How good it is, on customers it never saw"), makeFacts(quality)] : null,
    model.reference ? [element("h2", {}, "Whether its percentages are right"), drawCalibration(model.reference.scores)] : null,
    drift?.node,
    element("h2", {}, "What it is not for"),
    element("ul", {},
      element("li", {}, "It says who resembles customers who left, not why they left, nor whom a call would keep."),
      element("li", {}, "It knows customers like those it learned from; as they change, it gets worse, and has to be trained again."),
      element("li", {}, "It is no ground to refuse anybody a service or a price.")),
    element("h2", {}, "The fields it asks for"), makeFacts(fields));
  return { node, open: drift?.open };
}

function makeFacts(facts) {
  return element("dl", { class: "facts" }, facts.filter(([, text]) => text).map(([name, text]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, text))));
}
