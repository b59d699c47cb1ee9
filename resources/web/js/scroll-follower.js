// @ts-check
/**
 * Where the list of rows stands: at its end, which it follows, or wherever somebody reads.
 *
 * @typedef {object} Listener
 * @property {() => void} settled the list has come to rest somewhere else
 * @property {() => void} moving somebody moves it
 * @property {() => void} reachedTop the first row is near
 * @property {() => void} reachedEnd the last row is near, and there are newer ones
 */

import { ScrollAnchor, bottomOf } from "./scroll-anchor.js";
import { onKey } from "./keyboard.js";

/** Within this distance of the end new messages are followed, in px. */
const NEAR_END = 100;
/** So near to either end further rows are asked for, in px: at rest, and while somebody moves there. */
const LOAD_AT_REST = 400;
const LOAD_WHILE_MOVING = 1200;
/** A scrolling finger or wheel is over after this silence, in ms. */
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
    /** Whether the last row is the latest there is. */
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

  /** Show the last row, and follow from there. */
  scrollToEnd() {
    this.following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /**
   * Have a row in sight, so far below the upper edge as this share of what is free around it.
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

  /** The reader is moving the list: it must not be pulled back to the end meanwhile. */
  stopFollowing() {
    this.following = false;
    this.anchor.capture();
    this.#settleLater();
  }

  /**
   * Change the rows; what is read stays where it is, unless it is to be elsewhere.
   * @param {() => void} change
   * @param {boolean} live whether no newer rows exist afterwards
   * @param {(() => void) | null} aim goes elsewhere
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

  /** @param {number} y below the upper edge of what is seen, in px */
  rowAt(y) {
    return this.anchor.rowAt(y);
  }

  /** How far the end is below what is seen, in px. */
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
    // A list that has become shorter is moved, and nobody has moved it.
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
