/** The page where an API serves it: the model file comes from there, in one request. */

const WHY = {
  401: "it asks who you are, which this page can't say",
  403: "you may not have its model",
  404: "it hands out no model file",
  429: "too many ask at once; load this page again in a minute",
  503: "no model serves yet; load this page again once one is published",
};

/**
 * Return the text of the model file that serves.
 *
 * @throws {Error} there is none to be had; says why in words
 */
export async function fetchModel() {
  const answer = await fetch("model/file").catch(() => {
    throw new Error("The server doesn't answer; load this page again when it does.");
  });
  if (answer.ok) return answer.text();
  throw new Error(`The server sent no model: ${WHY[answer.status] ?? `it answered ${answer.status}`}.`);
}
