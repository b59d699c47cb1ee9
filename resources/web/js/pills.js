// @ts-check
/** What floats above the timeline: ways to what is new and to the latest, and the day that one reads. */

import { dayName, sinceName } from "./clock.js";
import { part } from "./dom.js";

/** The day goes so long after the last movement, in ms. */
const STAYS = 1000;

/** Nobody counts further than this. */
const MANY = 9999;

/** @param {number} count */
export function inFew(count) {
  return count > MANY ? `${MANY}+` : String(count);
}

/**
 * The words of the line above what is new: "2 new since 10:31".
 * @param {import("./reading.js").Divider} divider
 * @param {number} now
 */
export function dividerLabel({ after, upTo, since }, now) {
  return `${inFew(upTo - after)} new since ${sinceName(since, now)}`;
}

export class Pills {
  #going = 0;

  /** @param {{toLatest: () => void, toNew: () => void}} listener */
  constructor({ toLatest, toNew }) {
    this.latest = part("jump");
    this.fresh = part("jump-new");
    this.day = part("floating-day");
    this.latest.addEventListener("click", toLatest);
    this.fresh.addEventListener("click", toNew);
  }

  /**
   * @param {boolean} away whether the latest is out of reach
   * @param {number} unread
   */
  showLatest(away, unread) {
    this.latest.hidden = !away;
    part("jump-text").textContent = unread ? `${inFew(unread)} new, jump to latest` : "Jump to latest";
  }

  /** @param {string} label empty to show nothing */
  showNew(label) {
    this.fresh.hidden = !label;
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
    clearTimeout(this.#going);
    this.#going = setTimeout(() => this.day.classList.remove("shown"), STAYS);
  }
}
