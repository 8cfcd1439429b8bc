/** The page: three screens over one model, and the file that was dropped. */

import { startClient } from "./client.js";
import { element, refill } from "./dom.js";
import { loadModel } from "./scoring/model_file.js";
import { fetchModel } from "./served.js";
import { startCustomerView } from "./views/customer.js";
import { startDriftView } from "./views/drift.js";
import { startListView } from "./views/list.js";
import { startModelView } from "./views/model.js";

/**
 * Show the page.
 *
 * @param {string} source of this script; the worker runs the same
 * @param {string} inside text of the model file that the page brings along; empty where a server has it
 */
export async function startPage(source, inside) {
  const root = document.getElementById("page");
  try {
    const text = inside || (await fetchModel(root));
    if (text === null) return;
    const model = await loadModel(text);
    const ask = startClient(source, (progress) => root.dispatchEvent(new CustomEvent("progress", { detail: progress })));
    await ask("model", { text });
    showScreens(root, model, ask, inside ? null : startDriftView());
  } catch (error) {
    refill(root, element("p", { class: "wait error", role: "alert" }, error.message));
  }
}

function showScreens(root, model, ask, drift) {
  const screens = {
    List: startListView(model, ask, root, (customer) => open("Customer", customer)),
    Customer: startCustomerView(model),
    Model: startModelView(model, drift),
  };
  const tabs = Object.keys(screens).map((name) =>
    element("button", { type: "button", onclick: () => open(name) }, name),
  );
  const main = element("main", { id: "main", tabindex: "-1" });

  function open(name, detail) {
    tabs.forEach((tab) => {
      if (tab.textContent === name) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    });
    for (const [other, { node }] of Object.entries(screens)) node.hidden = other !== name;
    screens[name].open?.(detail);
    if (detail) {
      scrollTo(0, 0);
      main.focus({ preventScroll: true });
    }
  }

  main.append(...Object.values(screens).map(({ node }) => node));
  refill(
    root,
    element("a", { class: "skip", href: "#main" }, "Skip to the content"),
    element(
      "header",
      { class: "top" },
      element("h1", {}, "Who is about to leave?"),
      element("nav", { "aria-label": "Screens" }, tabs),
    ),
    main,
    element("footer", {}, "Customers are scored in this page. No data leaves this computer."),
  );
  open("List");
}
