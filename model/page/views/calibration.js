/** Whether probabilities can be taken at face value: what was predicted, and who left. */

import { element, shape } from "../dom.js";
import { formatCount, formatPercent, formatShare } from "../words.js";

const SIDE = 260; // of the picture's square
const MARGIN = { left: 48, bottom: 40, top: 8, right: 22 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const Z = 1.96; // two-sided 95 % of a normal distribution

/**
 * Return a picture of the counts that the model file has by score, and what it says in words.
 *
 * @param {{edges: number[], counts: number[], leavers: number[]}} scores docs/artifact.md's `reference.scores`
 */
export function drawCalibration({ edges, counts, leavers }) {
  const borders = [0, ...edges, 1];
  const bins = counts
    .map((count, place) => ({ from: borders[place], to: borders[place + 1], count, left: leavers[place] }))
    .filter(({ count }) => count);
  const said = bins.map(({ from, to, count, left }) =>
    `predicted ${formatShare(from)} to ${formatShare(to)}: ${formatShare(left / count)} of ${formatCount(count)} left`);
  const size = { width: MARGIN.left + SIDE + MARGIN.right, height: MARGIN.top + SIDE + MARGIN.bottom };
  return element("figure", { class: "calibration" },
    shape("svg", { viewBox: `0 0 ${size.width} ${size.height}`, role: "img", "aria-label": said.join("; ") },
      drawAxes(), bins.map(drawBin)),
    element("figcaption", {}, "Each bar is a group of customers whose models hadn't seen them: as wide as the risks that were predicted, " +
      "as high as the share that left; the line through it is what chance may have done (95 %). A bar on the dashed line was right."));
}

function drawAxes() {
  const ticks = TICKS.flatMap((share) => [
    shape("text", { x: toX(share), y: MARGIN.top + SIDE + 18, class: "middle" }, formatPercent(share)),
    shape("text", { x: MARGIN.left - 6, y: toY(share) + 4, class: "end" }, formatPercent(share)),
    shape("line", { class: "grid", x1: toX(0), y1: toY(share), x2: toX(1), y2: toY(share) }),
  ]);
  return [...ticks,
    shape("text", { x: toX(0.5), y: MARGIN.top + SIDE + 36, class: "middle" }, "predicted risk"),
    shape("text", { x: 0, y: 0, class: "middle", transform: `translate(11 ${toY(0.5)}) rotate(-90)` }, "left"),
    shape("line", { class: "even", x1: toX(0), y1: toY(0), x2: toX(1), y2: toY(1) })];
}

function drawBin({ from, to, count, left }) {
  const [low, high] = findInterval(left, count);
  const middle = toX((from + to) / 2);
  return shape("g", {},
    shape("line", { class: "chance", x1: middle, y1: toY(low), x2: middle, y2: toY(high) }),
    shape("line", { class: "gain", x1: toX(from), y1: toY(left / count), x2: toX(to), y2: toY(left / count) }));
}

/** Return Wilson's interval of a share: E. B. Wilson, JASA 22 (1927). */
export function findInterval(left, count) {
  const share = left / count;
  const spread = Z * Math.sqrt((share * (1 - share)) / count + (Z / (2 * count)) ** 2);
  const scale = 1 + Z ** 2 / count;
  const middle = share + Z ** 2 / (2 * count);
  return [(middle - spread) / scale, (middle + spread) / scale];
}

const toX = (share) => MARGIN.left + share * SIDE;
const toY = (share) => MARGIN.top + (1 - share) * SIDE;
