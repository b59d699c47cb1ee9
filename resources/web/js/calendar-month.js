// @ts-check
/** The days of one month, week by week, with those of its neighbours that fill its first and last week. */

/** @typedef {Intl.Locale & {weekInfo?: WeekInfo, getWeekInfo?: () => WeekInfo}} LocaleWithWeeks */
/** @typedef {{firstDay: number}} WeekInfo */

const WEEK = 7;
const WEEKS = 6;

/**
 * On which day a week begins where this reader lives: 1 Monday to 7 Sunday.
 * @param {string | undefined} language
 */
export function firstWeekday(language) {
  if (!language) return 1;
  // Not every browser knows; it is no part of the language that is checked here.
  const locale = /** @type {LocaleWithWeeks} */ (new Intl.Locale(language));
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
}

/**
 * The weeks of the month that this day is in; always as many, so that nothing moves from month to month.
 * @param {Date} day
 * @param {number} first the day that a week begins on, 1 to 7
 * @returns {Date[][]}
 */
export function weeksOf(day, first) {
  const month = new Date(day.getFullYear(), day.getMonth(), 1);
  const before = (month.getDay() - first + WEEK) % WEEK;
  const offsets = Array.from({ length: WEEK }, (_, place) => place - before);
  return Array.from({ length: WEEKS }, (_, week) => offsets.map((offset) => addDays(month, week * WEEK + offset)));
}

/**
 * @param {Date} day
 * @param {number} days
 */
export function addDays(day, days) {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days);
}

/**
 * The same day of another month, or its last one.
 * @param {Date} day
 * @param {number} months
 */
export function addMonths(day, months) {
  const last = new Date(day.getFullYear(), day.getMonth() + months + 1, 0);
  return new Date(last.getFullYear(), last.getMonth(), Math.min(day.getDate(), last.getDate()));
}

/**
 * The day by this device's clock: "2026-11-24".
 * @param {Date} day
 */
export function isoOf(day) {
  const parts = [day.getFullYear(), day.getMonth() + 1, day.getDate()];
  return parts.map((part, index) => String(part).padStart(index ? 2 : 4, "0")).join("-");
}
