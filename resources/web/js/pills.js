// @ts-check
/** The pills over the timeline: jumps to new messages and to the newest one, and the day that is being read. */

import { dayName, sinceName } from "./date-time.js";
import { byId, setHidden, setText } from "./dom.js";

/** How long the day is shown after scrolling has ended, in ms: time to read it, short enough not to be in the way. */
const DAY_SHOWN = 1000;

/** Larger numbers are shown as 9999+: more digits do not fit. */
const MOST_COUNTED = 9999;

/** @param {number} count */
export function shortCount(count) {
  return count > MOST_COUNTED ? `${MOST_COUNTED}+` : String(count);
}

/**
 * The words of the divider: "2 new since 10:31".
 * @param {number} count of new messages
 * @param {number} since ms since 1970
 * @param {number} now
 */
export function dividerLabel(count, since, now) {
  return `${shortCount(count)} new since ${sinceName(since, now)}`;
}

export class Pills {
  #hideTimer = 0;

  /** @param {{toLatest: () => void, toNew: () => void}} listener */
  constructor({ toLatest, toNew }) {
    this.day = byId("floating-day");
    byId("jump").addEventListener("click", toLatest);
    byId("jump-new").addEventListener("click", toNew);
  }

  /**
   * @param {boolean} away whether the newest message is not visible
   * @param {number} unread
   */
  showLatest(away, unread) {
    setHidden("jump", !away);
    setText("jump-text", unread ? `${shortCount(unread)} new, jump to latest` : "Jump to latest");
  }

  /** @param {string} label empty to hide the pill */
  showNew(label) {
    setHidden("jump-new", !label);
    setText("jump-new-text", label);
  }

  /**
   * Show for a moment which day is being read.
   * @param {number} time
   */
  showDay(time) {
    const { word, date } = dayName(time, Date.now());
    // Setting equal words would cause a layout in the middle of scrolling.
    if (this.day.textContent !== (word || date)) this.day.textContent = word || date;
    this.day.classList.add("shown");
    clearTimeout(this.#hideTimer);
    this.#hideTimer = setTimeout(() => this.day.classList.remove("shown"), DAY_SHOWN);
  }
}
