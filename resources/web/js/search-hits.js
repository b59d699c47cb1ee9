// @ts-check
/**
 * The list of search hits, room by room. The focus stays in the field; the list shows the active option.
 *
 * @typedef {import("./search.js").Hit} Hit
 * @typedef {{hit: Hit, heading: string} | {hit: null, heading: string, room: string}} Row `heading`: the room's name
 *   above its first hit; without a hit, the row brings older ones of this room
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
  /** @type {Row[]} */
  #shown = [];
  #active = -1;
  #anchor;

  /**
   * @param {HTMLElement} field the search field
   * @param {{loadMore: (room?: string) => void, chosen: (message: import("./protocol.js").Message) => void}} listener
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

  /** @param {Row[]} rows */
  show(rows) {
    if (rows[0]?.hit !== this.#shown[0]?.hit) this.#replace(rows);
    else this.#change(rows);
    this.#shown = rows;
    this.list.hidden = !rows.length;
    this.#loadMoreIfNear();
  }

  /** More of the same hits are here: rows that stay keep their elements. @param {Row[]} rows */
  #change(rows) {
    const active = this.list.children[this.#active];
    const kept = new Map(this.#shown.map((row, index) => [keyOf(row), this.list.children[index]]));
    this.list.replaceChildren(...rows.map((row) => kept.get(keyOf(row)) ?? elementOf(row)));
    this.#active = active ? [...this.list.children].indexOf(active) : -1;
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
    this.#chooseRow(this.#shown[Math.max(this.#active, 0)]);
  }

  /** @param {Row | undefined} row */
  #chooseRow(row) {
    if (row?.hit) this.chosen(row.hit.message);
    else if (row) this.further(row.room);
  }

  /** @param {Row[]} rows */
  #replace(rows) {
    this.list.replaceChildren(...rows.map(elementOf));
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
    if (row) this.#chooseRow(this.#shown[[...this.list.children].indexOf(row)]);
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

/**
 * The rows of a search. The last room's older hits follow by themselves when one scrolls to the end.
 * @param {import("./search.js").SearchState} search
 * @param {(room: string) => string} title what a room is called
 * @param {string} shown the room on the screen, which needs no name
 * @returns {Row[]}
 */
export function rowsOf({ hits, moreIn }, title, shown) {
  const rooms = [...new Set(hits.map(({ message }) => message.room))];
  const named = rooms.length > 1 || rooms.some((room) => room !== "" && room !== shown);
  return rooms.flatMap((room) => {
    const heading = named ? title(room) : "";
    const own = hits.filter(({ message }) => message.room === room);
    const rows = own.map((hit, index) => ({ hit, heading: index ? "" : heading }));
    const more = moreIn.has(room) && room !== rooms.at(-1);
    return more ? [...rows, { hit: null, heading: title(room), room }] : rows;
  });
}

/** @param {Row} row */
function keyOf(row) {
  return row.hit ?? row.room;
}

/** @param {Row} row */
function elementOf(row) {
  if (row.hit) return hitElement(row.hit, row.heading);
  const attributes = { id: `more-${row.room}`, role: "option", class: "more", "aria-selected": "false" };
  return el("li", attributes, "More in ", el("bdi", {}, row.heading));
}

/**
 * @param {Hit} hit
 * @param {string} heading
 */
function hitElement({ message, parts }, heading) {
  const { seq, nickname, timestamp } = message;
  const name = nameElement(nickname, { class: `name ${hueClass(message)}` });
  const byline = el("div", { class: "byline" }, name, el("time", { datetime: timestamp }, momentOf(timestamp)));
  const excerpt = el("p", { class: "excerpt", dir: "auto" }, ...parts.slice(0, MOST_SNIPPET_PARTS).map(partOf));
  const attributes = { id: `hit-${message.room}-${seq}`, role: "option", "aria-selected": "false" };
  const room = heading ? el("div", { class: "hit-room" }, el("bdi", {}, heading)) : null;
  return el("li", attributes, room, el("div", { class: "hit" }, byline, excerpt));
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
