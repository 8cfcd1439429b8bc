/** The page where an API serves it: model file and monitor's state come from there, to whoever may have them. */

import { element, refill } from "./dom.js";
import { comeBack, leaveForIssuer, readSettings } from "./sign_in.js";

const WHY = {
  401: "it asks who you are, which this page can't say",
  403: "you may not have its model",
  404: "it hands out no model file",
  429: "too many ask at once; load this page again in a minute",
  503: "no model serves yet; load this page again once one is published",
};

/**
 * Return the text of the model file that serves; null where somebody has to sign in, who is asked to.
 *
 * @param {HTMLElement} root where the page is to be
 * @throws {Error} there is none to be had; says why in words
 */
export async function fetchModel(root) {
  const settings = readSettings();
  if (!settings) return download();
  try {
    const token = await comeBack(settings);
    if (token) return await download(token);
    offer(root, settings);
  } catch (error) {
    offer(root, settings, error.message);
  }
  return null;
}

/** Return what the monitor of the server found last of the model; null where it says nothing. */
export const fetchMonitoring = () => (monitoring ??= askMonitoring({}));

let monitoring = null; // the one answer, to be waited for

async function askMonitoring(headers) {
  const answer = await fetch("model", { headers }).catch(() => null);
  return answer?.ok ? (await answer.json()).monitoring : null;
}

/** The token is sent with these two requests, and kept nowhere. */
async function download(token = null) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const answer = await fetch("model/file", { headers }).catch(() => {
    throw new Error("The server doesn't answer; load this page again when it does.");
  });
  if (answer.ok) {
    if (token) monitoring = askMonitoring(headers);
    return answer.text();
  }
  if (token && answer.status === 401) throw new Error("Your sign-in has run out, or isn't accepted here.");
  throw new Error(`The server sent no model: ${WHY[answer.status] ?? `it answered ${answer.status}`}.`);
}

function offer(root, settings, trouble = null) {
  const leave = () => leaveForIssuer(settings).catch((error) => offer(root, settings, error.message));
  refill(
    root,
    element(
      "main",
      { class: "wait" },
      element("h1", {}, "Who is about to leave?"),
      trouble ? element("p", { class: "error", role: "alert" }, trouble) : null,
      element("p", {}, "The model is given to people who sign in. Customers are scored in this page, and stay on this computer."),
      element("button", { type: "button", onclick: leave }, trouble ? "Sign in again" : "Sign in"),
    ),
  );
}
