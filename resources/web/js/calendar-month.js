// @ts-check
/** The days of a month by weeks, filled up with days of the months before and after. */

/** @typedef {Intl.Locale & {weekInfo?: WeekInfo, getWeekInfo?: () => WeekInfo}} LocaleWithWeeks */
/** @typedef {{firstDay: number}} WeekInfo */

const WEEK = 7;
/** No month touches more weeks. */
const WEEKS = 6;

/**
 * The first day of the week in the user's region: 1 for Monday to 7 for Sunday.
 * @param {string | undefined} language
 */
export function firstWeekday(language) {
  if (!language) return 1;
  // Not every browser has it, and TypeScript's library does not know it.
  const locale = /** @type {LocaleWithWeeks} */ (new Intl.Locale(language));
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
}

/**
 * The weeks of the month of this day: always six, so that nothing moves from month to month.
 * @param {Date} day
 * @param {number} first first day of the week, 1 to 7
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
 * The same day of another month; its last day if it is shorter.
 * @param {Date} day
 * @param {number} months
 */
export function addMonths(day, months) {
  const last = new Date(day.getFullYear(), day.getMonth() + months + 1, 0);
  return new Date(last.getFullYear(), last.getMonth(), Math.min(day.getDate(), last.getDate()));
}

/**
 * The local day in ISO format: "2026-11-24".
 * @param {Date} day
 */
export function isoOf(day) {
  const parts = [day.getFullYear(), day.getMonth() + 1, day.getDate()];
  return parts.map((part, index) => String(part).padStart(index ? 2 : 4, "0")).join("-");
}
