// @ts-check
/**
 * Run work that the chat can do without. A failure is reported to the browser's console, and the caller goes on.
 * @template Made
 * @param {() => Made} work
 * @returns {Made | undefined}
 */
export function guard(work) {
  try {
    return work();
  } catch (error) {
    reportError(error);
    return undefined;
  }
}
