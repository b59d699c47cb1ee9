// @ts-check
/**
 * What somebody reads in a list of rows, so that it stays in sight when the rows become higher or lower: the window is
 * made narrower, a phone is turned, text becomes larger, a font comes late.
 */
export class ScrollAnchor {
  /** The row at the upper edge, how high it was, and how far below the edge it ended, in px.
   * @type {{row: HTMLElement, height: number, end: number} | null} */
  #captured = null;
  #width = 0;
  /** Where the list was put to keep the row in sight. */
  #restoredTop = -1;

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} list of its rows
   */
  constructor(scroller, list) {
    this.scroller = scroller;
    this.list = list;
  }

  /** Whether the rows still stand where somebody saw them: the width may have changed without a word so far. */
  get isCurrent() {
    return this.scroller.clientWidth === this.#width;
  }

  /** Whether the list is where it was put to keep its place: nobody has moved it. */
  get isRestored() {
    return this.scroller.scrollTop === this.#restoredTop;
  }

  /** Take note of what is read. */
  capture() {
    if (!this.isCurrent) return;
    const row = this.rowAt(0);
    this.#restoredTop = -1;
    this.#captured = row ? { row, height: row.offsetHeight, end: bottomOf(row) - this.scroller.scrollTop } : null;
  }

  /** Something has another size than before. @param {boolean} stay whether what was read is to stay in sight */
  resized(stay) {
    this.#width = this.scroller.clientWidth;
    if (!this.#width || !stay) return;
    const { row, height, end } = this.#captured ?? {};
    if (!row?.isConnected || !height || end === undefined) return this.capture();
    this.scroller.scrollTop = bottomOf(row) - (end * row.offsetHeight) / height;
    return this.markRestored();
  }

  /** The list has been put here to keep its place: what was read before is still what is read. */
  markRestored() {
    this.#restoredTop = this.scroller.scrollTop;
  }

  /**
   * The first row that ends further down than this.
   * @param {number} y below the upper edge of what is seen, in px
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
 * Where a row ends. Its beginning is no anchor: a name, a date and a line come and go there with what is above.
 * @param {HTMLElement} row
 */
export function bottomOf(row) {
  return row.offsetTop + row.offsetHeight;
}
