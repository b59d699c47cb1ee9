// @ts-check
/**
 * The list of rows. It follows the newest message while the reader is near the end, and stays put otherwise.
 *
 * @typedef {import("./timeline-rows.js").Item} Item
 * @typedef {import("./timeline-rows.js").RowLayout} Place
 * @typedef {{nickname: string, host: string, live: boolean, divider: {key: string, label: string} | null}} RowContext what
 *   rows show beside their items; `live`: no newer rows exist; `divider`: above this row stands what is new
 * @typedef {object} Actions
 * @property {(id: string, action: string) => void} actionPressed a button of a failed message was pressed
 * @property {(time: number) => void} dayPressed the name of a day was pressed
 * @property {(sentence: string) => void} announced somebody who does not see the rows should know this
 * @typedef {import("./scroll-follower.js").Listener & Actions} Listener
 */

import { selectedText } from "./clipboard.js";
import { guard } from "./guard.js";
import { el } from "./dom.js";
import { collapsedOver, expand } from "./collapse.js";
import { messageIdOf } from "./outbox.js";
import { fillRow, layoutOf } from "./timeline-rows.js";
import { ScrollFollower } from "./scroll-follower.js";

/** So much of a message must be in sight to have been seen, in px. */
const VISIBLE_HEIGHT = 24;

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
    this.scroll = new ScrollFollower(scroller, this.list, listener);
    scroller.addEventListener("focusin", (focus) => this.#focused(/** @type {Element} */ (focus.target)));
    scroller.addEventListener("click", (click) => this.#clicked(/** @type {Element} */ (click.target)));
  }

  /** Tell the stylesheet how wide a scrollbar is here, so that it takes nothing from the words. */
  measureScrollbar() {
    const width = this.scroller.offsetWidth - this.scroller.clientWidth;
    document.documentElement.style.setProperty("--scrollbar", `${width}px`);
  }

  /**
   * Show exactly these items.
   * @param {Item[]} items
   * @param {RowContext} around
   * @param {(() => void) | null} [aim] goes to one of them
   */
  render(items, around, aim = null) {
    const change = () => {
      this.#remove(items);
      this.#arrange(items, around);
    };
    this.scroll.update(change, around.live, aim);
  }

  /**
   * Show this row amid the others, and light it.
   * @param {string} key
   */
  highlight(key) {
    const row = this.#rows.get(key)?.element;
    if (!row) return;
    this.scroll.scrollToRow(row, 0.5);
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.classList.add("highlighted");
    setTimeout(() => row.classList.remove("highlighted"), parseFloat(getComputedStyle(row).getPropertyValue("--highlight")));
  }

  /**
   * Show this row near the upper edge, with a little of what is before it.
   * @param {string} key
   * @param {number} [share] of what is free
   */
  showFrom(key, share = 0) {
    const row = this.#rows.get(key)?.element;
    if (row) this.scroll.scrollToRow(row, share);
  }

  /**
   * What is selected of the messages, as it is copied; empty for nothing.
   * @param {Selection} selection
   * @param {string} nickname oneself
   */
  selectedText(selection, nickname) {
    const rows = [...this.list.children].map((element) => /** @type {[Element, Item]} */ ([element, this.#itemOf(element)]));
    return selectedText(selection, rows, nickname);
  }

  /** The item of the first row in sight. */
  get firstVisible() {
    return this.#itemOf(this.scroll.rowAt(0));
  }

  /** The item of the last row in sight. */
  get lastVisible() {
    const { scroll, scroller } = this;
    const edge = scroller.scrollTop + scroller.clientHeight;
    const row = scroll.rowAt(scroller.clientHeight - 1) ?? this.list.lastElementChild;
    const hidden = row && /** @type {HTMLElement} */ (row).offsetTop + VISIBLE_HEIGHT > edge;
    return this.#itemOf(hidden ? row.previousElementSibling : row);
  }

  /** Where the line is above which all has been read; nowhere while its row is not held. */
  get dividerPosition() {
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
   * @param {RowContext} around
   */
  #arrange(items, around) {
    let next = this.list.firstElementChild;
    /** @type {Item | null} */
    let previous = null;
    for (const item of items) {
      const element = this.#row(item, layoutOf(item, previous, around));
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
    if (row?.item === item && isSameLayout(row.place, place)) return row.element;
    const element = row?.element ?? el("article");
    guard(() => fillRow(element, item, place));
    this.listener.announced(announcementOf(item, row?.item));
    this.#rows.set(item.key, { element, item, place });
    return element;
  }

  /** @param {Element} target */
  #clicked(target) {
    const fold = target.closest("[data-action=expand]")?.parentElement;
    if (fold) return this.#expand(fold);
    const action = target.closest("[data-action]")?.getAttribute("data-action");
    const item = this.#itemOf(target.closest(".row"));
    if (!action || !item) return undefined;
    return action === "date" ? this.listener.dayPressed(item.time) : this.listener.actionPressed(messageIdOf(item.key), action);
  }

  /** The keyboard goes to what cannot be seen, such as a link. @param {Element} target */
  #focused(target) {
    const fold = collapsedOver(target);
    if (!fold) return;
    this.#expand(fold);
    target.scrollIntoView({ block: "nearest" });
  }

  /** Its reader wants to go on here, not at the end. @param {Element} fold */
  #expand(fold) {
    this.scroll.stopFollowing();
    expand(fold);
    this.scroll.anchor.capture();
  }
}

/**
 * What a row has to tell, beside messages: what the host or the page says, and that one's own words were not taken.
 * @param {Item} item
 * @param {Item} [before]
 */
function announcementOf(item, before) {
  if (item.kind === "system") return before ? "" : item.content;
  const failed = item.kind === "own" && before?.kind === "own" && !before.reason && item.reason;
  return failed ? `Not sent. ${failed}` : "";
}

/**
 * @param {Place} one
 * @param {Place} other
 */
function isSameLayout(one, other) {
  const fields = /** @type {(keyof Place)[]} */ (["head", "own", "host", "time", "day", "divider"]);
  return fields.every((field) => one[field] === other[field]);
}
