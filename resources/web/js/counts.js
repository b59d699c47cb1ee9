// @ts-check
/** Numbers of people in words. */

import { PAGE_LOCALE } from "./locale.js";

const format = new Intl.NumberFormat(PAGE_LOCALE);

/**
 * A number with separators between its thousands.
 * @param {number} count
 */
export function formatCount(count) {
  return format.format(count);
}

/** @param {number} people */
export function countPeople(people) {
  return people === 1 ? "1\u00a0person" : `${formatCount(people)}\u00a0people`;
}

/**
 * The words at the end of a list that goes on.
 * @param {number} others Infinity if nobody knows
 */
export function moreLabel(others) {
  if (others === Infinity) return "and others";
  return others === 1 ? "and 1 other" : `and ${formatCount(others)} others`;
}
