// @ts-check
/**
 * Do what the chat can do without. When it fails, the browser's console says so, and everything else goes on.
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
