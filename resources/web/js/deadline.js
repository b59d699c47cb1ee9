// @ts-check
/**
 * Ends a request after so long. `AbortSignal.timeout` does the same, but Safari has it only from 16 on.
 * @param {number} patience in ms
 */
export function deadline(patience) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), patience);
  return controller.signal;
}
