// @ts-check
/**
 * The grid of a picker: emoji in rows of eight under their headings. The focus stays in the field; one cell is active.
 *
 * @typedef {import("./emoji-list.js").Emoji} Emoji
 * @typedef {{heading: string, emoji: Emoji[]}} Section
 */

import { el } from "./dom.js";
import { withTone } from "./emoji-list.js";

const COLUMNS = 8;

export class EmojiGrid {
  /** @type {HTMLElement[]} all cells, in order */
  #cells = [];
  /** @type {Emoji[]} */
  #emoji = [];
  /** @type {number[]} for each cell its row */
  #rows = [];
  #active = -1;

  /**
   * @param {HTMLElement} field keeps the focus
   * @param {{chosen: (emoji: string) => void, pointed: (emoji: Emoji | null, text: string) => void}} listener
   */
  constructor(field, listener) {
    this.field = field;
    this.listener = listener;
    this.box = el("div", { class: "emoji-grid", id: "emoji-grid", role: "grid", "aria-label": "Emoji" });
    this.box.addEventListener("mousedown", (press) => press.preventDefault());
    this.box.addEventListener("click", (click) => this.#clicked(/** @type {Element} */ (click.target)));
    this.box.addEventListener("mouseover", (over) => this.#pointed(/** @type {Element} */ (over.target)));
  }

  /**
   * @param {Section[]} sections
   * @param {number} tone
   */
  show(sections, tone) {
    this.#cells = [];
    this.#emoji = [];
    this.#rows = [];
    let row = 0;
    const made = sections.map(({ heading, emoji }) => {
      const rows = [];
      for (let start = 0; start < emoji.length; start += COLUMNS, row += 1) {
        rows.push(this.#row(emoji.slice(start, start + COLUMNS), row, tone));
      }
      const name = el("h3", { class: "emoji-heading" }, heading);
      return el("div", { class: "emoji-section", role: "rowgroup", "aria-label": heading }, name, ...rows);
    });
    this.box.replaceChildren(...made);
    this.box.scrollTop = 0;
    this.#activate(this.#cells.length ? 0 : -1);
  }

  /** Show a section from its heading on. @param {number} number */
  scrollTo(number) {
    const section = /** @type {HTMLElement} */ (this.box.children[number]);
    const cell = section.querySelector("[role=gridcell]");
    this.#activate(this.#cells.indexOf(/** @type {HTMLElement} */ (cell)));
    this.box.scrollTop = section.offsetTop - this.box.offsetTop;
  }

  /** The number of the section at the upper edge. */
  get firstSection() {
    const top = this.box.scrollTop + this.box.offsetTop + 1;
    const sections = /** @type {HTMLElement[]} */ ([...this.box.children]);
    return Math.max(sections.filter((section) => section.offsetTop <= top).length - 1, 0);
  }

  /**
   * Make the cell so many rows below and columns beside active.
   * @param {number} rows
   * @param {number} columns
   */
  move(rows, columns) {
    if (this.#active < 0) return;
    const target = columns ? this.#active + columns : this.#below(rows);
    if (target >= 0 && target < this.#cells.length) this.#activate(target);
  }

  /** Choose the active cell. */
  choose() {
    const cell = this.#cells[this.#active];
    if (cell) this.listener.chosen(cell.textContent ?? "");
  }

  /**
   * The cell in the same column of another row, or the last one of a shorter row; -1 beyond the ends.
   * @param {number} rows
   */
  #below(rows) {
    const row = this.#rows[this.#active] + rows;
    const column = this.#active - this.#rows.indexOf(this.#rows[this.#active]);
    const first = this.#rows.indexOf(row);
    return first < 0 ? -1 : Math.min(first + column, this.#rows.lastIndexOf(row));
  }

  /**
   * @param {Emoji[]} emoji
   * @param {number} row
   * @param {number} tone
   */
  #row(emoji, row, tone) {
    const cells = emoji.map((entry) => {
      const id = `emoji-${this.#cells.length}`;
      const attributes = { id, role: "gridcell", "aria-selected": "false", "aria-label": entry.name };
      const cell = el("span", attributes, withTone(entry, tone));
      this.#cells.push(cell);
      this.#emoji.push(entry);
      this.#rows.push(row);
      return cell;
    });
    return el("div", { class: "emoji-row", role: "row" }, ...cells);
  }

  /** @param {number} index -1 for none */
  #activate(index) {
    this.#cells[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const cell = this.#cells[index];
    cell?.setAttribute("aria-selected", "true");
    cell?.scrollIntoView({ block: "nearest" });
    if (cell) this.field.setAttribute("aria-activedescendant", cell.id);
    else this.field.removeAttribute("aria-activedescendant");
    this.listener.pointed(this.#emoji[index] ?? null, cell?.textContent ?? "");
  }

  /** @param {Element} target */
  #pointed(target) {
    const index = this.#cells.indexOf(/** @type {HTMLElement} */ (target.closest("[role=gridcell]")));
    if (index >= 0) this.listener.pointed(this.#emoji[index], this.#cells[index].textContent ?? "");
  }

  /** @param {Element} target */
  #clicked(target) {
    const cell = target.closest("[role=gridcell]");
    if (cell) this.listener.chosen(cell.textContent ?? "");
  }
}
