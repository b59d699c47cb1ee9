// @ts-check
/**
 * Times and days as people read them, in the time zone that this device is in now: it changes under an open page, as on
 * a ship. The page speaks English, and with it its calendar.
 */

import { PAGE_LOCALE } from "./locale.js";

const writeDay = dayWriter({ weekday: "long", day: "numeric", month: "long" });
const writeYear = dayWriter({ day: "numeric", month: "long", year: "numeric" });
const writeShort = dayWriter({ weekday: "short", day: "numeric", month: "short" });
const writeShortYear = dayWriter({ day: "numeric", month: "short", year: "numeric" });
const writeFully = dayWriter({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const DAY = 24 * 3600 * 1000;
/** How often to look whether it is another day, in ms. */
const CHECK_INTERVAL = 1000;

/**
 * Writes days in these words. A browser's format keeps the time zone that it was made in; these know none, for they are
 * told the day by its numbers.
 * @param {Intl.DateTimeFormatOptions} parts
 */
export function dayWriter(parts) {
  const format = new Intl.DateTimeFormat(PAGE_LOCALE, { ...parts, timeZone: "UTC" });
  /** @param {Date} day */
  return (day) => format.format(Date.UTC(day.getFullYear(), day.getMonth(), day.getDate())).replace(",", "");
}

/**
 * What two times of one day have in common.
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
 * Hear when what has been said of times no longer holds: it is another day, or another time zone.
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
  // A page that nobody sees has slow timers.
  document.addEventListener("visibilitychange", look);
  for (const back of ["pageshow", "focus"]) window.addEventListener(back, look);
}

function calendar() {
  const now = new Date();
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return [now.toDateString(), now.getTimezoneOffset(), timeZone].join();
}

/**
 * A day as a divider says it: a word for the near ones, and the date, which may be left out where both do not fit.
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
 * A moment in few words: a time today, "Yesterday, 10:31", "Fri 20 Nov, 10:31", "20 Nov 2025, 10:31".
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
 * Since when something is new: "10:31", "yesterday", "Friday 20 November".
 * @param {number} time
 * @param {number} now
 */
export function sinceName(time, now) {
  const { word, date } = dayName(time, now);
  return word === "Today" ? clockTime(time) : word.toLowerCase() || date;
}
