// @ts-check
/** Whether the page is visible and has the keyboard focus. */
export function hasAttention() {
  return !document.hidden && document.hasFocus();
}
