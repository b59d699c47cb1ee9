// @ts-check
/** Times and days as people read them. The page speaks English, and with it its calendar. */

const LANGUAGE = "en-GB";
const timeFormat = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat(LANGUAGE, { weekday: "long", day: "numeric", month: "long" });
const yearFormat = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "long", year: "numeric" });
const shortFormat = new Intl.DateTimeFormat(LANGUAGE, { weekday: "short", day: "numeric", month: "short" });
const shortYearFormat = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short", year: "numeric" });
const DAY = 24 * 3600 * 1000;

/** @param {number} time ms since 1970 */
export function clockTime(time) {
  return timeFormat.format(time);
}

/**
 * A day as a divider says it: a word for the near ones, and the date, which may be left out where both do not fit.
 * @param {number} time
 * @param {number} now
 * @returns {{word: string, date: string}} one of them may be empty
 */
export function dayName(time, now) {
  const day = new Date(time).setHours(12, 0, 0, 0);
  const ago = Math.round((new Date(now).setHours(12, 0, 0, 0) - day) / DAY);
  const word = ["Today", "Yesterday"][ago] ?? "";
  const date = (ago >= 0 && ago < 300 ? dayFormat : yearFormat).format(day).replace(",", "");
  return { word, date };
}

/**
 * A moment in few words: a time today, "Yesterday, 10:31", "Fri 20 Nov, 10:31", "20 Nov 2025, 10:31".
 * @param {number} time
 * @param {number} now
 */
export function momentName(time, now) {
  const { word } = dayName(time, now);
  if (word === "Today") return clockTime(time);
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  const date = (sameYear ? shortFormat : shortYearFormat).format(time).replace(",", "");
  return `${word || date}, ${clockTime(time)}`;
}

/**
 * Since when something is new: "10:31", "yesterday", "Friday 20 November".
 * @param {number} time
 * @param {number} now
 */
export function sinceName(time, now) {
  const { word, date } = dayName(time, now);
  return word === "Today" ? clockTime(time) : word.toLowerCase() || date;
}
