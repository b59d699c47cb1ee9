// @ts-check
/** Language tags that the browser accepts. Some browsers report invalid ones, such as "C". */

/** The page is in English, and so is its calendar; British English writes the day before the month. */
export const PAGE_LOCALE = "en-GB";

/**
 * The user's languages, most preferred first: for sorting and for the first day of the week.
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
