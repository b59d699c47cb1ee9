// @ts-check
/**
 * The scrolling list of rows. It follows the newest message while the reader is near the end, and stays put otherwise.
 *
 * @typedef {import("./rows.js").Item} Item
 * @typedef {import("./rows.js").Place} Place
 * @typedef {object} Listener
 * @property {() => void} reachedTop the reader is near the first row
 * @property {() => void} moved the reader has come near the end, or has left it
 * @property {(id: string, action: string) => void} acted a button of a failed message was pressed
 */

import { el } from "./dom.js";
import { foldOver, unfold } from "./fold.js";
import { fillRow, placeOf } from "./rows.js";

/** Within this distance of the end new messages are followed, in px. */
const NEAR_END = 100;
const NEAR_TOP = 400;
/** A scrolling finger or wheel is over after this silence, in ms. */
const SETTLED = 150;
/** How long a screen reader is asked to pass over older rows, until it has heard of them, in ms. */
const QUIET = 500;
const UPWARDS = new Set(["ArrowUp", "PageUp", "Home"]);

export class Timeline {
  /** @type {Map<string, {element: HTMLElement, item: Item, place: Place}>} */
  #rows = new Map();
  #settling = 0;
  #quiet = 0;

  /**
   * @param {HTMLElement} scroller
   * @param {Listener} listener
   */
  constructor(scroller, listener) {
    this.scroller = scroller;
    this.list = el("div", { class: "rows" });
    this.listener = listener;
    /** Whether the last row is the latest there is. */
    this.live = true;
    this.nearEnd = true;
    this.following = true;
    scroller.append(this.list);
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    scroller.addEventListener("wheel", (wheel) => wheel.deltaY < 0 && this.#hold(), { passive: true });
    scroller.addEventListener("keydown", (key) => UPWARDS.has(key.key) && this.#hold());
    scroller.addEventListener("touchmove", () => this.#hold(), { passive: true });
    scroller.addEventListener("pointerdown", () => this.#hold());
    scroller.addEventListener("focusin", (focus) => this.#focused(/** @type {Element} */ (focus.target)));
    scroller.addEventListener("click", (click) => this.#clicked(/** @type {Element} */ (click.target)));
    const resized = new ResizeObserver(() => this.following && this.toEnd());
    resized.observe(scroller);
    resized.observe(this.list);
  }

  /** Tell the stylesheet how wide a scrollbar is here, so that it takes nothing from the words. */
  measure() {
    const width = this.scroller.offsetWidth - this.scroller.clientWidth;
    document.documentElement.style.setProperty("--scrollbar", `${width}px`);
  }

  /**
   * Show exactly these items.
   * @param {Item[]} items
   * @param {{nickname: string, host: string}} people
   * @param {boolean} live whether no newer ones exist
   */
  render(items, people, live) {
    this.live = live;
    const anchor = this.following ? null : this.#firstSeen();
    const before = anchor ? endOf(anchor) : 0;
    this.#remove(items);
    if (this.#rows.size && items.length && !this.#rows.has(items[0].key)) this.#beQuiet();
    this.#place(items, people);
    if (this.following && this.live) this.toEnd();
    else if (anchor?.isConnected) this.scroller.scrollTop += endOf(anchor) - before;
    if (this.scroller.scrollTop < NEAR_TOP) this.listener.reachedTop();
  }

  /** Show the last row, and follow from there. */
  toEnd() {
    this.following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** How far the end is below what is seen, in px. */
  get #distance() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  /** What comes in above is old: it is not read out as the news at the end is. */
  #beQuiet() {
    this.scroller.setAttribute("aria-busy", "true");
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.scroller.removeAttribute("aria-busy"), QUIET);
  }

  /** @param {Item[]} items */
  #remove(items) {
    const keys = new Set(items.map((item) => item.key));
    for (const [key, { element }] of this.#rows) {
      if (keys.has(key)) continue;
      element.remove();
      this.#rows.delete(key);
    }
  }

  /**
   * @param {Item[]} items
   * @param {{nickname: string, host: string}} people
   */
  #place(items, people) {
    let next = this.list.firstElementChild;
    /** @type {Item | null} */
    let previous = null;
    for (const item of items) {
      const element = this.#row(item, placeOf(item, previous, people));
      if (element === next) next = next.nextElementSibling;
      else this.list.insertBefore(element, next);
      previous = item;
    }
  }

  /**
   * The row of an item, drawn anew where something about it has changed.
   * @param {Item} item
   * @param {Place} place
   */
  #row(item, place) {
    const row = this.#rows.get(item.key);
    if (row?.item === item && samePlace(row.place, place)) return row.element;
    const element = row?.element ?? el("article");
    fillRow(element, item, place);
    this.#rows.set(item.key, { element, item, place });
    return element;
  }

  /** The first row in sight: what is read stays where it is, whatever comes in above. */
  #firstSeen() {
    const top = this.scroller.scrollTop;
    const rows = /** @type {Iterable<HTMLElement>} */ (this.list.children);
    return Array.from(rows).find((row) => endOf(row) > top);
  }

  /** The reader is moving the list: it must not be pulled back to the end meanwhile. */
  #hold() {
    this.following = false;
    this.#settleLater();
  }

  #settleLater() {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settle(), SETTLED);
  }

  #scrolled() {
    if (this.#settling) this.#settleLater();
    else this.#settle();
  }

  #settle() {
    this.#settling = 0;
    this.nearEnd = this.#distance <= NEAR_END;
    this.following = this.nearEnd && (this.live || this.following);
    if (this.scroller.scrollTop < NEAR_TOP) this.listener.reachedTop();
    this.listener.moved();
  }

  /** @param {Element} target */
  #clicked(target) {
    const fold = target.closest("[data-action=unfold]")?.parentElement;
    if (fold) return this.#unfold(fold);
    const action = target.closest("[data-action]")?.getAttribute("data-action");
    const key = target.closest(".row")?.getAttribute("data-key");
    if (action && key) this.listener.acted(key.replace("own:", ""), action);
    return undefined;
  }

  /** The keyboard goes to what cannot be seen, such as a link. @param {Element} target */
  #focused(target) {
    const fold = foldOver(target);
    if (!fold) return;
    this.#unfold(fold);
    target.scrollIntoView({ block: "nearest" });
  }

  /** Its reader wants to go on here, not at the end. @param {Element} fold */
  #unfold(fold) {
    this.#hold();
    unfold(fold);
  }
}

/**
 * Where a row ends. Its beginning is no anchor: a name and a date come and go there with what is above.
 * @param {HTMLElement} row
 */
function endOf(row) {
  return row.offsetTop + row.offsetHeight;
}

/**
 * @param {Place} one
 * @param {Place} other
 */
function samePlace(one, other) {
  return one.head === other.head && one.own === other.own && one.host === other.host && one.day === other.day;
}
