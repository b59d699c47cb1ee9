// @ts-check
/** What floats above the timeline: ways to what is new and to the latest, and the day that one reads. */

import { dayName, sinceName } from "./date-time.js";
import { part } from "./dom.js";

/** The day goes so long after the last movement, in ms. */
const DAY_SHOWN = 1000;

/** Nobody counts further than this. */
const MOST_COUNTED = 9999;

/** @param {number} count */
export function shortCount(count) {
  return count > MOST_COUNTED ? `${MOST_COUNTED}+` : String(count);
}

/**
 * The words of the line above what is new: "2 new since 10:31".
 * @param {import("./read-position.js").Divider} divider
 * @param {number} now
 */
export function dividerLabel({ after, upTo, since }, now) {
  return `${shortCount(upTo - after)} new since ${sinceName(since, now)}`;
}

export class Pills {
  #hideTimer = 0;

  /** @param {{toLatest: () => void, toNew: () => void}} listener */
  constructor({ toLatest, toNew }) {
    this.latest = part("jump");
    this.newMessages = part("jump-new");
    this.day = part("floating-day");
    this.latest.addEventListener("click", toLatest);
    this.newMessages.addEventListener("click", toNew);
  }

  /**
   * @param {boolean} away whether the latest is out of reach
   * @param {number} unread
   */
  showLatest(away, unread) {
    this.latest.hidden = !away;
    part("jump-text").textContent = unread ? `${shortCount(unread)} new, jump to latest` : "Jump to latest";
  }

  /** @param {string} label empty to show nothing */
  showNew(label) {
    this.newMessages.hidden = !label;
    part("jump-new-text").textContent = label;
  }

  /**
   * Say for a moment which day one reads.
   * @param {number} time
   */
  showDay(time) {
    const { word, date } = dayName(time, Date.now());
    // Setting the same words would lay them out again in the middle of scrolling.
    if (this.day.textContent !== (word || date)) this.day.textContent = word || date;
    this.day.classList.add("shown");
    clearTimeout(this.#hideTimer);
    this.#hideTimer = setTimeout(() => this.day.classList.remove("shown"), DAY_SHOWN);
  }
}
