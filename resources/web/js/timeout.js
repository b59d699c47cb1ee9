// @ts-check
/**
 * A signal that aborts a request after this time. `AbortSignal.timeout` does the same, but needs Safari 16.
 * @param {number} milliseconds
 */
export function timeoutSignal(milliseconds) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}
