// @ts-check
/** Languages that a browser understands. Some call the reader's one what no language is called, such as "C". */

/** The page speaks English, and with it its calendar. */
export const PAGE_LOCALE = "en-GB";

/**
 * The reader's own languages, most wanted first, for what follows where they live.
 * @returns {string[]}
 */
export function userLocales() {
  return [...(navigator.languages ?? []), navigator.language].filter(isValid);
}

/** @param {string} tag */
function isValid(tag) {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}
