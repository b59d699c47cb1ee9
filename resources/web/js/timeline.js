// @ts-check
/**
 * The list of rows. It follows the newest message while the reader is near the end, and stays in place otherwise.
 *
 * @typedef {import("./timeline-rows.js").Item} Item
 * @typedef {import("./timeline-rows.js").RowLayout} RowLayout
 * @typedef {Parameters<typeof layoutOf>[2] & {live: boolean}} RowContext what rows show beside their items; `live`: no
 *   newer rows exist
 * @typedef {object} Actions
 * @property {(id: string, action: string) => void} actionPressed a button of a refused message has been pressed
 * @property {(action: string, item: import("./transcript.js").MessageEntry, button: HTMLElement) => void} messageActed
 *   a button in a message has been pressed
 * @property {(time: number) => void} dayPressed the name of a day has been pressed
 * @property {(sentence: string) => void} announced screen readers should say this
 * @typedef {import("./scroll-follower.js").Listener & Actions} Listener
 */

import { copyCode, selectedText } from "./clipboard.js";
import { guard } from "./guard.js";
import { el } from "./dom.js";
import { collapsedOver, expand } from "./collapse.js";
import { messageIdOf } from "./outbox.js";
import { fillRow, layoutOf } from "./timeline-rows.js";
import { ScrollFollower } from "./scroll-follower.js";

/** The height of a message that must be visible for it to count as seen, in px: one line. */
const VISIBLE_HEIGHT = 24;

export class Timeline {
  /** @type {Map<string, {element: HTMLElement, item: Item, layout: RowLayout}>} */
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

  /** Tell the style sheet the width of a scrollbar in this browser, so that it takes no space from the text. */
  measureScrollbar() {
    const width = this.scroller.offsetWidth - this.scroller.clientWidth;
    document.documentElement.style.setProperty("--scrollbar", `${width}px`);
  }

  /**
   * Show exactly these items.
   * @param {Item[]} items
   * @param {RowContext} around
   * @param {(() => void) | null} [aim] scrolls to one of them
   */
  render(items, around, aim = null) {
    const change = () => {
      this.#remove(items);
      this.#arrange(items, around);
    };
    this.scroll.update(change, around.live, aim);
  }

  /** Show nothing, and follow what comes: another room is about to be shown. */
  clear() {
    this.#rows.clear();
    this.list.replaceChildren();
    this.scroll.scrollToEnd();
  }

  /**
   * Scroll this row to the middle, and highlight it for a moment.
   * @param {string} key
   */
  highlight(key) {
    const row = this.#rows.get(key)?.element;
    if (!row) return;
    this.scroll.scrollToRow(row, 0.5);
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.classList.add("highlighted");
    setTimeout(
      () => row.classList.remove("highlighted"),
      parseFloat(getComputedStyle(row).getPropertyValue("--highlight")),
    );
  }

  /**
   * Scroll this row near the upper edge.
   * @param {string} key
   * @param {number} [share] of the free height that is above it, 0 to 1
   */
  showFrom(key, share = 0) {
    const row = this.#rows.get(key)?.element;
    if (row) this.scroll.scrollToRow(row, share);
  }

  /**
   * The selected messages as text for the clipboard; empty if none are selected.
   * @param {Selection} selection
   * @param {string} nickname oneself
   */
  selectedText(selection, nickname) {
    const rows = [...this.list.children].map(
      (element) => /** @type {[Element, Item]} */ ([element, this.#itemOf(element)]),
    );
    return selectedText(selection, rows, nickname);
  }

  /** The item of the first visible row. */
  get firstVisible() {
    return this.#itemOf(this.scroll.rowAt(0));
  }

  /** The item of the last visible row. */
  get lastVisibleItem() {
    const { scroll, scroller } = this;
    const edge = scroller.scrollTop + scroller.clientHeight;
    const row = scroll.rowAt(scroller.clientHeight - 1) ?? this.list.lastElementChild;
    const hidden = row && /** @type {HTMLElement} */ (row).offsetTop + VISIBLE_HEIGHT > edge;
    return this.#itemOf(hidden ? row.previousElementSibling : row);
  }

  /** The stored message that a row shows; undefined for any other row. @param {Element | null} row */
  messageOf(row) {
    const item = this.#itemOf(row);
    return item?.kind === "message" && !item.deleted ? item : undefined;
  }

  /** The last visible row. */
  lastVisible() {
    return this.#rows.get(this.lastVisibleItem?.key ?? "")?.element ?? null;
  }

  /** Where the divider for new messages is; nowhere if its row is not held. */
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
      const element = this.#row(item, layoutOf(item, previous, around), around.own);
      if (element === next) next = next.nextElementSibling;
      else this.list.insertBefore(element, next);
      previous = item;
    }
  }

  /**
   * The row of an item, drawn again if something about it has changed.
   * @param {Item} item
   * @param {RowLayout} layout
   * @param {RowContext["own"]} own
   */
  #row(item, layout, own) {
    const row = this.#rows.get(item.key);
    if (row?.item === item && isSameLayout(row.layout, layout)) return row.element;
    const element = row?.element ?? el("article");
    guard(() => fillRow(element, item, layout, own));
    this.listener.announced(announcementOf(item, row?.item));
    this.#rows.set(item.key, { element, item, layout });
    return element;
  }

  /** @param {Element} target */
  #clicked(target) {
    const message = target.closest("[data-action=expand]")?.parentElement;
    if (message) return this.#expand(message);
    const action = target.closest("[data-action]")?.getAttribute("data-action");
    const item = this.#itemOf(target.closest(".row"));
    if (action === "copy-code") return copyCode(target);
    if (!action || !item) return undefined;
    if (action === "date") return this.listener.dayPressed(item.time);
    const button = /** @type {HTMLElement} */ (target.closest("[data-action]"));
    if (item.kind === "message") return this.listener.messageActed(action, item, button);
    return this.listener.actionPressed(messageIdOf(item.key), action);
  }

  /** The focus moves to a hidden element, such as a link in a collapsed message: expand it. @param {Element} target */
  #focused(target) {
    const message = collapsedOver(target);
    if (!message) return;
    this.#expand(message);
    target.scrollIntoView({ block: "nearest" });
  }

  /** The reader goes on here, not at the end. @param {Element} message */
  #expand(message) {
    this.scroll.stopFollowing();
    expand(message);
    this.scroll.anchor.capture();
  }
}

/**
 * What screen readers should say about a changed row: notices, and that an own message has been refused; else empty.
 * @param {Item} item
 * @param {Item} [before]
 */
function announcementOf(item, before) {
  if (item.kind === "system") return before ? "" : item.content;
  const failed = item.kind === "own" && before?.kind === "own" && !before.reason && item.reason;
  return failed ? `Not sent. ${failed}` : "";
}

/**
 * @param {RowLayout} one
 * @param {RowLayout} other
 */
function isSameLayout(one, other) {
  const compared = ["startsGroup", "own", "role", "time", "day", "divider", "actsKey", "readers"];
  const fields = /** @type {(keyof RowLayout)[]} */ (compared);
  return fields.every((field) => one[field] === other[field]);
}
