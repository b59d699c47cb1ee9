// @ts-check
/** Key events for the page, without those that belong to an input method. */

/** The key code of keys that an input method has consumed. */
const TAKEN_BY_INPUT_METHOD = 229;

/**
 * Whether a key belongs to a composition. In Safari the key that confirms it comes after its end, and is known by its
 * code only.
 * @param {KeyboardEvent} key
 */
export function isComposing(key) {
  return key.isComposing || key.keyCode === TAKEN_BY_INPUT_METHOD;
}

/**
 * Listen to keys in a part of the page.
 * @param {Window | HTMLElement} part
 * @param {(key: KeyboardEvent) => void} pressed
 * @param {{capture?: boolean}} [options] `capture`: before the elements inside
 */
export function onKey(part, pressed, { capture = false } = {}) {
  /** @param {Event} event */
  const listen = (event) => {
    const key = /** @type {KeyboardEvent} */ (event);
    if (!isComposing(key)) pressed(key);
  };
  part.addEventListener("keydown", listen, { capture });
}
