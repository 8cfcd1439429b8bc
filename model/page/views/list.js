/** The list: drop a file, see who is likely to leave, decide whom to call, take the list along. */

import { element, labelled, refill } from "../dom.js";
import { makeSample } from "../sample.js";
import { formatCount, formatEffect, formatNumber, formatShare, sayValue } from "../words.js";
import { expectedGain } from "../scoring/offers.js";
import { startPlan } from "./plan.js";

const ROWS = 50; // of the table at a time
const SAMPLE = 1000; // made-up customers
const TYPING_MS = 150;
const LISTED = 5; // kinds of problems shown

export function startListView(model, ask, root, onOpen) {
  const state = { from: 0, shown: 0, filter: { text: "", categories: {}, isBadOnly: false }, sort: "risk" };
  const specs = new Map(model.features.map((spec) => [spec.name, spec]));
  const status = element("p", { class: "status", role: "status" });
  const drop = makeDropZone(model, read, () => ask("cancel"), root);
  const plan = startPlan(model, () => showRows());
  const body = element("tbody");
  const caption = element("caption");
  const pager = element("nav", { class: "pager", "aria-label": "Pages of the table" });
  const problems = element("div");
  const results = element(
    "div",
    { hidden: true },
    plan.node,
    makeFilters(model, state, () => update()),
    element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Customers" },
      element("table", {}, caption, makeHead(), body)),
    pager,
    element("div", { class: "actions" }, makeExport("Save the call list", false), makeExport("Save all that are shown", true)),
    problems,
  );

  async function read(file) {
    drop.setBusy(file.name);
    status.className = "status";
    status.textContent = "";
    try {
      const started = performance.now();
      const summary = await ask("file", { file });
      if (!summary) return;
      drop.setFile(file.name);
      describe(summary, (performance.now() - started) / 1000);
      await update();
      results.hidden = false;
    } catch (error) {
      drop.setBusy(null);
      status.className = "status error";
      status.textContent = error.message;
    }
  }

  function describe(summary, seconds) {
    const bad = summary.count - summary.scored;
    status.textContent =
      `${formatCount(summary.scored)} customers scored in ${formatNumber(seconds)} s; ` +
      `about ${formatCount(summary.leavers)} of them are expected to leave.` +
      (bad ? ` ${formatCount(bad)} rows can't be scored; see below.` : "");
    refill(problems, makeProblems("Rows that can't be scored", summary.errors),
      makeProblems("What was assumed", summary.warnings),
      summary.notes.map((note) => element("p", { class: "note" }, note)));
  }

  async function update() {
    const { count, risks } = await ask("show", { filter: state.filter, sort: state.sort });
    state.shown = count;
    state.from = 0;
    plan.setRisks(risks);
    await showRows();
  }

  async function showRows() {
    const rows = await ask("list", { from: state.from, to: state.from + ROWS });
    const { calls, lowest, figures } = plan.get();
    refill(caption, state.shown
      ? `Customers ${formatCount(state.from + 1)} to ${formatCount(state.from + rows.length)} of ${formatCount(state.shown)}`
      : "No customer matches.");
    refill(body, rows.map((row) => makeRow(row, calls > 0 && row.probability >= lowest, figures)));
    refill(pager, makePagerButton("Previous", -ROWS, state.from > 0),
      makePagerButton("Next", ROWS, state.from + ROWS < state.shown));
  }

  function makePagerButton(text, step, isPossible) {
    return element("button", { type: "button", disabled: !isPossible, onclick: () => {
      state.from = Math.max(0, state.from + step);
      showRows();
    } }, text);
  }

  function makeRow(row, isCalled, figures) {
    const name = row.id || `line ${row.line}`;
    const openButton = element("button", { type: "button", class: "link", onclick: async () =>
      onOpen({ name, record: await ask("record", { index: row.index }) }) }, name);
    if (row.probability === null) {
      const said = row.errors.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join("; ");
      return element("tr", { class: "bad" }, element("th", { scope: "row" }, name),
        element("td", { colspan: "4" }, `Can't be scored: ${said}`));
    }
    return element("tr", { class: isCalled ? "called" : null },
      element("th", { scope: "row" }, openButton),
      element("td", { class: "risks" }, makeBar(row.probability)),
      element("td", { class: "advice" }, isCalled ? "call" : row.probability >= model.threshold ? "likely to leave" : "likely to stay"),
      element("td", { class: "money figure" }, figures ? formatNumber(Math.round(expectedGain(row.probability, figures))) : "–"),
      element("td", { class: "why" }, makeReasons(row.reasons)));
  }

  function makeReasons(reasons) {
    return element("ul", { class: "reasons" }, reasons.map(({ field, value, effect }) =>
      element("li", { class: effect > 0 ? "up" : "down" }, `${sayValue(specs.get(field), value)} ${formatEffect(effect)}`)));
  }

  function makeExport(text, isAll) {
    return element("button", { type: "button", onclick: async () => {
      const { calls, figures } = plan.get();
      const blob = await ask("write", { isAll, calls, figures });
      save(blob, isAll ? "scored customers.csv" : "call list.csv");
    } }, text);
  }

  const node = element("section", { "aria-label": "List" }, drop.node, status, results);
  return { node };
}

function makeHead() {
  const names = ["Customer", "Risk of leaving", "What to do", "Expected gain", "Why, strongest first"];
  return element("thead", {}, element("tr", {}, names.map((name) => element("th", { scope: "col", class: name === "Expected gain" ? "figure" : null }, name))));
}

function makeBar(probability) {
  const bar = element("span", { class: "bar", "aria-hidden": "true" }, element("span"));
  bar.firstChild.style.width = `${probability * 100}%`;
  return [bar, element("span", { class: "figure" }, formatShare(probability))];
}

function makeProblems(title, kinds) {
  if (!kinds.length) return null;
  const items = kinds.slice(0, LISTED).map(({ field, message, count, lines }) =>
    element("li", {}, `${field ? `${field}: ` : ""}${message} (${formatCount(count)} in all, line ${lines.join(", ")}${count > lines.length ? ", …" : ""})`));
  const more = kinds.length > LISTED ? element("li", {}, `and ${formatCount(kinds.length - LISTED)} more kinds`) : null;
  return element("details", {}, element("summary", {}, title), element("ul", {}, items, more));
}

function makeDropZone(model, read, cancel, root) {
  const input = element("input", { type: "file", class: "hidden", id: "file", accept: ".csv,.txt,.tsv,text/csv", onchange: () => {
    if (input.files.length) read(input.files[0]);
    input.value = "";
  } });
  const text = element("p", { class: "big" }, "Drop a file of customers here (CSV)");
  const bar = element("progress", { max: "1", value: 0, hidden: true, "aria-label": "Scoring" });
  const stop = element("button", { type: "button", hidden: true, onclick: () => {
    cancel();
    setBusy(null);
  } }, "Stop");
  const node = element("div", { class: "drop" }, text, bar,
    element("div", { class: "actions" },
      element("label", { for: "file", class: "button" }, "Choose a file…"), input,
      element("button", { type: "button", onclick: () => read(makeSample(model, SAMPLE)) }, "Try sample customers"), stop),
    element("p", { class: "note" }, "It is scored in this page; nothing is sent anywhere."));
  for (const name of ["dragover", "drop", "dragleave"]) {
    addEventListener(name, (event) => {
      event.preventDefault();
      node.classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) read(event.dataTransfer.files[0]);
    });
  }
  root.addEventListener("progress", ({ detail }) => {
    if (bar.hidden) return; // stopped meanwhile
    bar.value = detail.share;
    text.textContent = `${formatCount(detail.customers)} customers scored…`;
  });

  function setBusy(name) {
    bar.hidden = stop.hidden = !name;
    bar.value = 0;
    text.textContent = name ? `Reading ${name}…` : "Drop a file of customers here (CSV)";
  }

  function setFile(name) {
    setBusy(null);
    node.classList.add("small");
    text.textContent = name;
  }

  return { node, setBusy, setFile };
}

function makeFilters(model, state, onChange) {
  let timer = 0;
  const change = (changed) => {
    Object.assign(state.filter, changed);
    clearTimeout(timer);
    timer = setTimeout(onChange, TYPING_MS);
  };
  const search = element("input", { type: "search", oninput: () => change({ text: search.value }) });
  const value = element("select", { disabled: true, onchange: () =>
    change({ categories: value.value ? { [field.value]: value.value } : {} }) });
  const categorical = model.features.filter((spec) => spec.kind === "category");
  const field = element("select", { onchange: () => {
    const spec = categorical.find(({ name }) => name === field.value);
    value.disabled = !spec;
    refill(value, element("option", { value: "" }, "all"), (spec?.categories ?? []).map((text) => element("option", { value: text }, text)));
    change({ categories: {} });
  } }, element("option", { value: "" }, "none"), categorical.map(({ name }) => element("option", { value: name }, name)));
  const sort = element("select", { onchange: () => {
    state.sort = sort.value;
    onChange();
  } }, [["risk", "highest risk first"], ["safe", "lowest risk first"], ["file", "as in the file"]].map(([key, text]) => element("option", { value: key }, text)));
  const bad = element("input", { type: "checkbox", id: "bad", onchange: () => change({ isBadOnly: bad.checked }) });
  return element("div", { class: "filters" }, labelled("Find text", search), labelled("Only where", field),
    labelled("is", value), labelled("Order", sort),
    element("div", { class: "check" }, bad, element("label", { for: "bad" }, "only rows that can't be scored")));
}

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
