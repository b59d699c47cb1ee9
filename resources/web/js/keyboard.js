// @ts-check
/** Keys that people press for the page, and none that belong to an input method. */

/** What an input method has taken has this code. */
const TAKEN_BY_INPUT_METHOD = 229;

/**
 * Whether a key is part of a composition. Safari says so of the one that confirms by its code alone, for it comes after
 * the composition has ended.
 * @param {KeyboardEvent} key
 */
export function isComposing(key) {
  return key.isComposing || key.keyCode === TAKEN_BY_INPUT_METHOD;
}

/**
 * Hear the keys that are pressed in a part of the page.
 * @param {Window | HTMLElement} part
 * @param {(key: KeyboardEvent) => void} pressed
 */
export function onKey(part, pressed) {
  part.addEventListener("keydown", (event) => {
    const key = /** @type {KeyboardEvent} */ (event);
    if (!isComposing(key)) pressed(key);
  });
}
