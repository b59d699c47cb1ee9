// @ts-check
/**
 * Times and days in words, in the present time zone of the device: it may change while the page is open, as on a ship.
 * The page is in English, and so is its calendar.
 */

import { PAGE_LOCALE } from "./locale.js";

const writeDay = dayWriter({ weekday: "long", day: "numeric", month: "long" });
const writeYear = dayWriter({ day: "numeric", month: "long", year: "numeric" });
const writeShort = dayWriter({ weekday: "short", day: "numeric", month: "short" });
const writeShortYear = dayWriter({ day: "numeric", month: "short", year: "numeric" });
const writeFully = dayWriter({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const DAY = 24 * 3600 * 1000;
/** How often to check whether the day or the time zone has changed, in ms: a second is not noticed. */
const CHECK_INTERVAL = 1000;

/**
 * A function that writes days in this format. A browser's formatter keeps the time zone in which it was made; these
 * write UTC, and are given the local day as one of UTC.
 * @param {Intl.DateTimeFormatOptions} parts
 */
export function dayWriter(parts) {
  const format = new Intl.DateTimeFormat(PAGE_LOCALE, { ...parts, timeZone: "UTC" });
  /** @param {Date} day */
  return (day) => format.format(Date.UTC(day.getFullYear(), day.getMonth(), day.getDate())).replace(",", "");
}

/**
 * The day of a time, as a key: equal for two times of one day.
 * @param {number} time ms since 1970
 */
export function dayOf(time) {
  return new Date(time).toDateString();
}

/** @param {number} time ms since 1970 */
export function clockTime(time) {
  const moment = new Date(time);
  return [moment.getHours(), moment.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}

/**
 * Call a function when the day or the time zone has changed, and times on the page are outdated.
 * @param {() => void} changed
 */
export function onCalendarChange(changed) {
  let known = calendar();
  const look = () => {
    const now = calendar();
    if (now !== known) changed();
    known = now;
  };
  setInterval(look, CHECK_INTERVAL);
  // Timers of a hidden page are slow.
  document.addEventListener("visibilitychange", look);
  for (const back of ["pageshow", "focus"]) window.addEventListener(back, look);
}

function calendar() {
  const now = new Date();
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return [now.toDateString(), now.getTimezoneOffset(), timeZone].join();
}

/**
 * A day for a divider: a word for today and yesterday, and the date, which may be omitted where both do not fit.
 * @param {number} time
 * @param {number} now
 * @returns {{word: string, date: string}} one of them may be empty
 */
export function dayName(time, now) {
  const day = new Date(time);
  const ago = Math.round((new Date(now).setHours(12, 0, 0, 0) - new Date(time).setHours(12, 0, 0, 0)) / DAY);
  const word = ["Today", "Yesterday"][ago] ?? "";
  const date = (ago >= 0 && ago < 300 ? writeDay : writeYear)(day);
  return { word, date };
}

/**
 * A day in full: "Monday 30 November 2026".
 * @param {number} time
 */
export function dateOf(time) {
  return writeFully(new Date(time));
}

/**
 * A moment in short: the time if today, "Yesterday, 10:31", "Fri 20 Nov, 10:31", "20 Nov 2025, 10:31".
 * @param {number} time
 * @param {number} now
 */
export function momentName(time, now) {
  const { word } = dayName(time, now);
  if (word === "Today") return clockTime(time);
  const day = new Date(time);
  const sameYear = day.getFullYear() === new Date(now).getFullYear();
  const date = (sameYear ? writeShort : writeShortYear)(day);
  return `${word || date}, ${clockTime(time)}`;
}

/**
 * Since when messages are new: "10:31", "yesterday", "Friday 20 November".
 * @param {number} time
 * @param {number} now
 */
export function sinceName(time, now) {
  const { word, date } = dayName(time, now);
  return word === "Today" ? clockTime(time) : word.toLowerCase() || date;
}
