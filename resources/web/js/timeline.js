// @ts-check
/**
 * The list of rows. It follows the newest message while the reader is near the end, and stays put otherwise.
 *
 * @typedef {import("./rows.js").Item} Item
 * @typedef {import("./rows.js").Place} Place
 * @typedef {{nickname: string, host: string, live: boolean, divider: {key: string, label: string} | null}} Around what
 *   rows show beside their items; `live`: no newer rows exist; `divider`: above this row stands what is new
 * @typedef {object} Acts
 * @property {(id: string, action: string) => void} acted a button of a failed message was pressed
 * @property {(time: number) => void} dated the name of a day was pressed
 * @property {(sentence: string) => void} told somebody who does not see the rows should know this
 * @typedef {import("./scroll.js").Listener & Acts} Listener
 */

import { copiedFrom } from "./copied.js";
import { detail } from "./detail.js";
import { el } from "./dom.js";
import { foldOver, unfold } from "./fold.js";
import { idOf } from "./outbox.js";
import { fillRow, placeOf } from "./rows.js";
import { Scroll } from "./scroll.js";

/** So much of a message must be in sight to have been seen, in px. */
const SEEN = 24;

export class Timeline {
  /** @type {Map<string, {element: HTMLElement, item: Item, place: Place}>} */
  #rows = new Map();

  /**
   * @param {HTMLElement} scroller
   * @param {Listener} listener
   */
  constructor(scroller, listener) {
    this.scroller = scroller;
    this.list = el("div", { class: "rows" });
    this.listener = listener;
    scroller.append(this.list);
    this.scroll = new Scroll(scroller, this.list, listener);
    scroller.addEventListener("focusin", (focus) => this.#focused(/** @type {Element} */ (focus.target)));
    scroller.addEventListener("click", (click) => this.#clicked(/** @type {Element} */ (click.target)));
  }

  /** Tell the stylesheet how wide a scrollbar is here, so that it takes nothing from the words. */
  measure() {
    const width = this.scroller.offsetWidth - this.scroller.clientWidth;
    document.documentElement.style.setProperty("--scrollbar", `${width}px`);
  }

  /**
   * Show exactly these items.
   * @param {Item[]} items
   * @param {Around} around
   * @param {(() => void) | null} [aim] goes to one of them
   */
  render(items, around, aim = null) {
    const change = () => {
      this.#remove(items);
      this.#place(items, around);
    };
    this.scroll.around(change, around.live, aim);
  }

  /**
   * Show this row amid the others, and light it.
   * @param {string} key
   */
  light(key) {
    const row = this.#rows.get(key)?.element;
    if (!row) return;
    this.scroll.toRow(row, 0.5);
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.classList.add("lit");
    setTimeout(() => row.classList.remove("lit"), parseFloat(getComputedStyle(row).getPropertyValue("--highlight")));
  }

  /**
   * Show this row near the upper edge, with a little of what is before it.
   * @param {string} key
   * @param {number} [share] of what is free
   */
  showFrom(key, share = 0) {
    const row = this.#rows.get(key)?.element;
    if (row) this.scroll.toRow(row, share);
  }

  /**
   * What is selected of the messages, as it is copied; empty for nothing.
   * @param {Selection} selection
   * @param {string} nickname oneself
   */
  copiedFrom(selection, nickname) {
    const rows = [...this.list.children].map((element) => /** @type {[Element, Item]} */ ([element, this.#itemOf(element)]));
    return copiedFrom(selection, rows, nickname);
  }

  /** The item of the first row in sight. */
  get firstSeen() {
    return this.#itemOf(this.scroll.rowAt(0));
  }

  /** The item of the last row in sight. */
  get lastSeen() {
    const { scroll, scroller } = this;
    const edge = scroller.scrollTop + scroller.clientHeight;
    const row = scroll.rowAt(scroller.clientHeight - 1) ?? this.list.lastElementChild;
    const hidden = row && /** @type {HTMLElement} */ (row).offsetTop + SEEN > edge;
    return this.#itemOf(hidden ? row.previousElementSibling : row);
  }

  /** Where the line is above which all has been read; nowhere while its row is not held. */
  get divider() {
    const line = /** @type {HTMLElement | null} */ (this.list.querySelector(".new"));
    if (!line) return "nowhere";
    const seen = this.scroller.getBoundingClientRect();
    const { top, bottom } = line.getBoundingClientRect();
    return bottom <= seen.top ? "above" : top >= seen.bottom ? "below" : "in sight";
  }

  /** @param {Element | null | undefined} row */
  #itemOf(row) {
    return this.#rows.get(row?.getAttribute("data-key") ?? "")?.item;
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
   * @param {Around} around
   */
  #place(items, around) {
    let next = this.list.firstElementChild;
    /** @type {Item | null} */
    let previous = null;
    for (const item of items) {
      const element = this.#row(item, placeOf(item, previous, around));
      if (element === next) next = next.nextElementSibling;
      else this.list.insertBefore(element, next);
      previous = item;
    }
  }

  /**
   * The row of an item, drawn again where something about it has changed.
   * @param {Item} item
   * @param {Place} place
   */
  #row(item, place) {
    const row = this.#rows.get(item.key);
    if (row?.item === item && samePlace(row.place, place)) return row.element;
    const element = row?.element ?? el("article");
    detail(() => fillRow(element, item, place));
    this.listener.told(newsOf(item, row?.item));
    this.#rows.set(item.key, { element, item, place });
    return element;
  }

  /** @param {Element} target */
  #clicked(target) {
    const fold = target.closest("[data-action=unfold]")?.parentElement;
    if (fold) return this.#unfold(fold);
    const action = target.closest("[data-action]")?.getAttribute("data-action");
    const item = this.#itemOf(target.closest(".row"));
    if (!action || !item) return undefined;
    return action === "date" ? this.listener.dated(item.time) : this.listener.acted(idOf(item.key), action);
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
    this.scroll.hold();
    unfold(fold);
    this.scroll.anchor.note();
  }
}

/**
 * What a row has to tell, beside messages: what the host or the page says, and that one's own words were not taken.
 * @param {Item} item
 * @param {Item} [before]
 */
function newsOf(item, before) {
  if (item.kind === "system") return before ? "" : item.content;
  const failed = item.kind === "own" && before?.kind === "own" && !before.reason && item.reason;
  return failed ? `Not sent. ${failed}` : "";
}

/**
 * @param {Place} one
 * @param {Place} other
 */
function samePlace(one, other) {
  const fields = /** @type {(keyof Place)[]} */ (["head", "own", "host", "time", "day", "divider"]);
  return fields.every((field) => one[field] === other[field]);
}
