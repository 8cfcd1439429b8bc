/** The page's side of the worker: asks, and waits for the answer. */

/**
 * Return `ask(type, message)`, a promise of the worker's answer.
 *
 * @param {string} source of the script that the worker runs, which is this page's own
 * @param {(progress: {customers: number, share: number}) => void} onProgress
 */
export function startClient(source, onProgress) {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(address);
  const waiting = new Map();
  let next = 1;
  worker.onmessage = ({ data }) => {
    if (data.type === "progress") {
      onProgress(data);
      return;
    }
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error === undefined) resolve(data.value);
    else reject(new Error(data.error));
  };
  return (type, message = {}) =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ ...message, type, id });
    });
}
