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

import { Anchor, endOf } from "./anchor.js";
import { onKey } from "./keys.js";

/** Within this distance of the end new messages are followed, in px. */
const NEAR_END = 100;
/** So near to either end further rows are asked for, in px: at rest, and while somebody moves there. */
const NEAR_TOP = 400;
const AHEAD = 1200;
/** A scrolling finger or wheel is over after this silence, in ms. */
const SETTLED = 150;
const UPWARDS = new Set(["ArrowUp", "PageUp", "Home"]);

export class Scroll {
  #settling = 0;

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} list of its rows
   * @param {Listener} listener
   */
  constructor(scroller, list, listener) {
    this.scroller = scroller;
    this.list = list;
    this.listener = listener;
    this.anchor = new Anchor(scroller, list);
    /** Whether the last row is the latest there is. */
    this.live = true;
    this.following = true;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    scroller.addEventListener("wheel", (wheel) => wheel.deltaY < 0 && this.hold(), { passive: true });
    onKey(scroller, (key) => UPWARDS.has(key.key) && this.hold());
    scroller.addEventListener("touchmove", () => this.hold(), { passive: true });
    scroller.addEventListener("pointerdown", () => this.hold());
    const resized = new ResizeObserver(() => this.#resized());
    resized.observe(scroller);
    resized.observe(list);
  }

  /** Show the last row, and follow from there. */
  toEnd() {
    this.following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /**
   * Have a row in sight, so far below the upper edge as this share of what is free around it.
   * @param {HTMLElement} row
   * @param {number} share 0 to 1
   */
  toRow(row, share) {
    this.following = false;
    const free = Math.max(this.scroller.clientHeight - row.offsetHeight, 0);
    this.scroller.scrollTop = row.offsetTop - free * share;
    this.anchor.note();
    this.#settleLater();
  }

  /** The reader is moving the list: it must not be pulled back to the end meanwhile. */
  hold() {
    this.following = false;
    this.anchor.note();
    this.#settleLater();
  }

  /**
   * Change the rows; what is read stays where it is, unless it is to be elsewhere.
   * @param {() => void} change
   * @param {boolean} live whether no newer rows exist afterwards
   * @param {(() => void) | null} aim goes elsewhere
   */
  around(change, live, aim) {
    const anchor = this.following || !this.anchor.current ? undefined : this.rowAt(0);
    const before = anchor ? endOf(anchor) : 0;
    const stays = this.anchor.kept && !this.following && !aim;
    change();
    this.live = live;
    if (aim) aim();
    else if (this.following && live) this.toEnd();
    else if (anchor?.isConnected) this.scroller.scrollTop += endOf(anchor) - before;
    if (stays) this.anchor.keep();
    else this.anchor.note();
    this.#askFurther(NEAR_TOP);
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
    if (this.following) this.toEnd();
    else this.#askFurther(NEAR_TOP);
  }

  #settleLater() {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settle(), SETTLED);
  }

  #scrolled() {
    // A list that has become shorter is moved, and nobody has moved it.
    if (!this.anchor.current) return undefined;
    if (this.anchor.kept) return this.listener.settled();
    this.anchor.note();
    if (!this.following) this.listener.moving();
    if (!this.#settling) return this.#settle();
    this.#askFurther(AHEAD);
    return this.#settleLater();
  }

  #settle() {
    this.#settling = 0;
    if (!this.anchor.kept) this.following = this.distance <= NEAR_END && (this.live || this.following);
    this.#askFurther(this.following ? NEAR_TOP : AHEAD);
    this.listener.settled();
  }

  /** @param {number} near */
  #askFurther(near) {
    if (this.scroller.scrollTop < near) this.listener.reachedTop();
    if (!this.live && this.distance < near) this.listener.reachedEnd();
  }
}
