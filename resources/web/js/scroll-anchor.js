// @ts-check
/**
 * Keeps the row that is being read in place when rows change their height: the window is resized, a phone is turned,
 * the text size changes, a font arrives late.
 */
export class ScrollAnchor {
  /** The row at the upper edge, its height, and the distance of its end from the edge, in px.
   * @type {{row: HTMLElement, height: number, end: number} | null} */
  #captured = null;
  #width = 0;
  /** The scroll position that was set to keep the row in place; -1 for none. */
  #restoredTop = -1;

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} list of its rows
   */
  constructor(scroller, list) {
    this.scroller = scroller;
    this.list = list;
  }

  /** Whether the rows are laid out for the known width: a change may not have been reported yet. */
  get isCurrent() {
    return this.scroller.clientWidth === this.#width;
  }

  /** Whether the list is still at the position that was set to keep the row in place. */
  get isRestored() {
    return this.scroller.scrollTop === this.#restoredTop;
  }

  /** Record the row that is being read. */
  capture() {
    if (!this.isCurrent) return;
    const row = this.rowAt(0);
    this.#restoredTop = -1;
    this.#captured = row ? { row, height: row.offsetHeight, end: bottomOf(row) - this.scroller.scrollTop } : null;
  }

  /**
   * The list or its rows have changed their size.
   * @param {boolean} stay whether the recorded row has to stay in place
   */
  resized(stay) {
    this.#width = this.scroller.clientWidth;
    if (!this.#width || !stay) return;
    const { row, height, end } = this.#captured ?? {};
    if (!row?.isConnected || !height || end === undefined) return this.capture();
    this.scroller.scrollTop = bottomOf(row) - (end * row.offsetHeight) / height;
    return this.markRestored();
  }

  /** The present position was set to keep the row in place: the recorded row stays recorded. */
  markRestored() {
    this.#restoredTop = this.scroller.scrollTop;
  }

  /**
   * The first row that ends below this height.
   * @param {number} y below the upper edge of the visible part, in px
   * @returns {HTMLElement | undefined}
   */
  rowAt(y) {
    const rows = /** @type {HTMLCollectionOf<HTMLElement>} */ (this.list.children);
    const limit = this.scroller.scrollTop + y;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bottomOf(rows[middle]) > limit) high = middle;
      else low = middle + 1;
    }
    return rows[low];
  }
}

/**
 * The bottom of a row, in px. Its top is no anchor: name, date and divider depend on the rows above.
 * @param {HTMLElement} row
 */
export function bottomOf(row) {
  return row.offsetTop + row.offsetHeight;
}
