// @ts-check
/**
 * The scroll position of the timeline: at its end, which it follows, or where the person reads.
 *
 * @typedef {object} Listener
 * @property {() => void} settled scrolling has come to rest
 * @property {() => void} moving the person is scrolling
 * @property {() => void} reachedTop the first row is near
 * @property {() => void} reachedEnd the last row is near, and there are newer ones
 */

import { ScrollAnchor, bottomOf } from "./scroll-anchor.js";
import { onKey } from "./keyboard.js";

/** Within this distance from the end, in px, new messages are followed: about two messages. */
const NEAR_END = 100;
/**
 * Distance from either end at which further rows are requested, in px: half a screen at rest, more than a screen while
 * scrolling, so that they arrive in time.
 */
const LOAD_AT_REST = 400;
const LOAD_WHILE_MOVING = 1200;
/** Scrolling counts as ended after this time without a scroll event, in ms: several frames, also of a busy phone. */
const SETTLE_TIME = 150;
const UPWARDS = new Set(["ArrowUp", "PageUp", "Home"]);

export class ScrollFollower {
  #settleTimer = 0;

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} list of its rows
   * @param {Listener} listener
   */
  constructor(scroller, list, listener) {
    this.scroller = scroller;
    this.list = list;
    this.listener = listener;
    this.anchor = new ScrollAnchor(scroller, list);
    /** Whether the last row is the newest message. */
    this.live = true;
    this.following = true;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    scroller.addEventListener("wheel", (wheel) => wheel.deltaY < 0 && this.stopFollowing(), { passive: true });
    onKey(scroller, (key) => UPWARDS.has(key.key) && this.stopFollowing());
    scroller.addEventListener("touchmove", () => this.stopFollowing(), { passive: true });
    scroller.addEventListener("pointerdown", () => this.stopFollowing());
    const resized = new ResizeObserver(() => this.#resized());
    resized.observe(scroller);
    resized.observe(list);
  }

  /** Show the last row, and follow the end from now on. */
  scrollToEnd() {
    this.following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /**
   * Scroll to a row, with this share of the free height above it.
   * @param {HTMLElement} row
   * @param {number} share 0 to 1
   */
  scrollToRow(row, share) {
    this.following = false;
    const free = Math.max(this.scroller.clientHeight - row.offsetHeight, 0);
    this.scroller.scrollTop = row.offsetTop - free * share;
    this.anchor.capture();
    this.#settleLater();
  }

  /** The person is scrolling: the list must not jump back to the end meanwhile. */
  stopFollowing() {
    this.following = false;
    this.anchor.capture();
    this.#settleLater();
  }

  /**
   * Change the rows. The rows that are being read stay in place, unless `aim` scrolls elsewhere.
   * @param {() => void} change
   * @param {boolean} live whether the last row is the newest message afterwards
   * @param {(() => void) | null} aim scrolls elsewhere
   */
  update(change, live, aim) {
    const anchor = this.following || !this.anchor.isCurrent ? undefined : this.rowAt(0);
    const before = anchor ? bottomOf(anchor) : 0;
    const stays = this.anchor.isRestored && !this.following && !aim;
    change();
    this.live = live;
    if (aim) aim();
    else if (this.following && live) this.scrollToEnd();
    else if (anchor?.isConnected) this.scroller.scrollTop += bottomOf(anchor) - before;
    if (stays) this.anchor.markRestored();
    else this.anchor.capture();
    this.#loadMoreIfNear(LOAD_AT_REST);
  }

  /** @param {number} y below the upper edge of the visible part, in px */
  rowAt(y) {
    return this.anchor.rowAt(y);
  }

  /** The distance of the end below the visible part, in px. */
  get distance() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  #resized() {
    this.anchor.resized(!this.following);
    if (this.following) this.scrollToEnd();
    else this.#loadMoreIfNear(LOAD_AT_REST);
  }

  #settleLater() {
    clearTimeout(this.#settleTimer);
    this.#settleTimer = setTimeout(() => this.#settle(), SETTLE_TIME);
  }

  #scrolled() {
    // The browser scrolls a list that has become shorter by itself.
    if (!this.anchor.isCurrent) return undefined;
    if (this.anchor.isRestored) return this.listener.settled();
    this.anchor.capture();
    if (!this.following) this.listener.moving();
    if (!this.#settleTimer) return this.#settle();
    this.#loadMoreIfNear(LOAD_WHILE_MOVING);
    return this.#settleLater();
  }

  #settle() {
    this.#settleTimer = 0;
    if (!this.anchor.isRestored) this.following = this.distance <= NEAR_END && (this.live || this.following);
    this.#loadMoreIfNear(this.following ? LOAD_AT_REST : LOAD_WHILE_MOVING);
    this.listener.settled();
  }

  /** @param {number} near */
  #loadMoreIfNear(near) {
    if (this.scroller.scrollTop < near) this.listener.reachedTop();
    if (!this.live && this.distance < near) this.listener.reachedEnd();
  }
}
