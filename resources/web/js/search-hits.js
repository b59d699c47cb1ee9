// @ts-check
/**
 * The list of search hits. The focus stays in the field; the list shows the active option.
 *
 * @typedef {import("./search.js").Hit} Hit
 */

import { ScrollAnchor } from "./scroll-anchor.js";
import { hueClass } from "./avatar.js";
import { linesOf } from "./clean-text.js";
import { momentName } from "./date-time.js";
import { el, nameElement, byId } from "./dom.js";

/** Most parts of an excerpt that are shown: more than its line holds. */
const MOST_SNIPPET_PARTS = 100;
/** Distance from the end at which older hits are requested, in px: about four hits. */
const NEAR_END = 300;

export class SearchHits {
  /** @type {Hit[]} */
  #shown = [];
  #active = -1;
  #anchor;

  /**
   * @param {HTMLElement} field the search field
   * @param {{loadMore: () => void, chosen: (seq: number) => void}} listener
   */
  constructor(field, { loadMore, chosen }) {
    this.field = field;
    this.list = byId("search-hits");
    this.#anchor = new ScrollAnchor(this.list, this.list);
    this.further = loadMore;
    this.chosen = chosen;
    this.list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#anchor.resized(true)).observe(this.list);
    this.list.addEventListener("click", (click) => this.#clicked(/** @type {Element} */ (click.target)));
    // The field keeps the focus.
    this.list.addEventListener("mousedown", (press) => press.preventDefault());
  }

  /** @param {Hit[]} hits */
  show(hits) {
    const continues = hits.length >= this.#shown.length && hits[0] === this.#shown[0];
    const added = (continues ? hits.slice(this.#shown.length) : hits).map(rowOf);
    if (continues) this.list.append(...added);
    else this.#replace(added);
    this.#shown = hits;
    this.list.hidden = !hits.length;
    this.#loadMoreIfNear();
  }

  /** The day or the time zone has changed. */
  refreshTimes() {
    for (const time of this.list.querySelectorAll("time")) time.textContent = momentOf(time.dateTime);
  }

  /** @param {number} by 1 down, -1 up */
  move(by) {
    const last = this.#shown.length - 1;
    if (last >= 0) this.#activate(Math.min(Math.max(this.#active + by, 0), last));
  }

  /** Choose the active hit, or the first one. */
  choose() {
    const hit = this.#shown[Math.max(this.#active, 0)];
    if (hit) this.chosen(hit.message.seq);
  }

  /** @param {HTMLElement[]} rows */
  #replace(rows) {
    this.list.replaceChildren(...rows);
    this.list.scrollTop = 0;
    this.#activate(-1);
  }

  /** @param {number} index -1 for none */
  #activate(index) {
    this.list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const row = this.list.children[index];
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.field.setAttribute("aria-activedescendant", row.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  /** @param {Element} target */
  #clicked(target) {
    const row = target.closest("[role=option]");
    if (row) this.chosen(Number(row.getAttribute("data-seq")));
  }

  #scrolled() {
    if (!this.#anchor.isRestored) this.#anchor.capture();
    this.#loadMoreIfNear();
  }

  #loadMoreIfNear() {
    const { scrollHeight, scrollTop, clientHeight } = this.list;
    if (clientHeight && scrollHeight - scrollTop - clientHeight < NEAR_END) this.further();
  }
}

/** @param {Hit} hit */
function rowOf({ message, parts }) {
  const { seq, nickname, timestamp } = message;
  const name = nameElement(nickname, { class: `name ${hueClass(message)}` });
  const byline = el("div", { class: "byline" }, name, el("time", { datetime: timestamp }, momentOf(timestamp)));
  const excerpt = el("p", { class: "excerpt", dir: "auto" }, ...parts.slice(0, MOST_SNIPPET_PARTS).map(partOf));
  const attributes = { id: `hit-${seq}`, role: "option", "aria-selected": "false", "data-seq": seq };
  return el("li", attributes, byline, excerpt);
}

/** @param {string} timestamp */
function momentOf(timestamp) {
  return momentName(Date.parse(timestamp), Date.now());
}

/**
 * @param {string} text
 * @param {number} index
 */
function partOf(text, index) {
  const words = linesOf(text).join(" ");
  return index % 2 ? el("mark", {}, words) : words;
}
