/** Where the script begins: in a window as the page, in a worker as the worker. */

import { startPage } from "./page.js";
import { startWorker } from "./scoring/worker.js";

if (globalThis.document) {
  const model = document.getElementById("model").textContent;
  startPage(document.currentScript.textContent, model.replaceAll("\\u003c", "<")); // see document.py
} else {
  startWorker(globalThis);
}
