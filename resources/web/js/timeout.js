// @ts-check
/**
 * Ends a request after so long. `AbortSignal.timeout` does the same, but Safari has it only from 16 on.
 * @param {number} milliseconds in ms
 */
export function timeoutSignal(milliseconds) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}
