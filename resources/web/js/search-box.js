// @ts-check
/** The search field and its results: in the top bar, or on phones in a sheet over the page. */

import { cleanLine } from "./clean-text.js";
import { byId, phone } from "./dom.js";
import { SearchHits, rowsOf } from "./search-hits.js";
import { onKey } from "./keyboard.js";
import { Sheet } from "./sheet.js";

/** The search starts after this pause in typing, in ms: shorter pauses are within words. */
const TYPING_PAUSE = 200;
const FURTHER = "There are more rooms with these words: search for more of them, or in: one room.";

/**
 * @typedef {object} Listener
 * @property {(query: string) => void} queryChanged
 * @property {(room?: string) => void} olderWanted older hits of a room are wanted, by default of the last one
 * @property {(message: import("./protocol.js").Message) => void} hitChosen a hit has been chosen
 */

export class SearchBox {
  #typingTimer = 0;
  /** The present query. */
  #query = "";
  /** @type {HTMLElement | null} what had the focus before */
  #previousFocus = null;

  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    this.box = byId("search");
    this.field = /** @type {HTMLInputElement} */ (byId("search-field"));
    this.panel = byId("search-panel");
    this.status = byId("search-status");
    this.note = byId("search-note");
    this.sheet = new Sheet(byId("search-sheet"), () => this.#cancelTimer());
    const chosen = (/** @type {import("./protocol.js").Message} */ message) => this.#choose(message);
    this.hits = new SearchHits(this.field, { loadMore: listener.olderWanted, chosen });
    byId("search-key").textContent = /Mac|iP/u.test(navigator.userAgent) ? "⌘ F" : "Ctrl F";
    byId("search-open").addEventListener("click", () => this.open());
    byId("search-close").addEventListener("click", () => this.close());
    this.field.addEventListener("input", () => this.#typed());
    onKey(this.field, (key) => this.#pressed(key));
    this.field.addEventListener("focus", () => this.#showPanel());
    this.box.addEventListener("focusin", (focus) => this.#focusEntered(focus));
    this.box.addEventListener("focusout", (focus) => this.#focusLeft(focus));
    phone.addEventListener("change", () => this.#placeBox());
    this.#placeBox();
  }

  /** Whether the field has the focus. */
  get hasFocus() {
    return document.activeElement === this.field;
  }

  /** Whether the field has text. */
  get hasText() {
    return this.field.value !== "";
  }

  open() {
    if (phone.matches) this.sheet.open();
    this.field.focus();
    this.field.select();
  }

  /** Open the search with these words. @param {string} query */
  openWith(query) {
    this.open();
    this.field.value = query;
    this.#submit();
  }

  /** Close the panel, and give the focus back. */
  close() {
    if (phone.matches) return this.sheet.close();
    this.#showPanel(false);
    if (this.#previousFocus?.isConnected) this.#previousFocus.focus();
    else this.field.blur();
    return undefined;
  }

  /** Close and clear the search. */
  leave() {
    this.close();
    this.clear();
  }

  /** Clear the search. */
  clear() {
    this.field.value = "";
    this.#submit();
    this.sheet.close();
  }

  /**
   * @param {import("./search.js").SearchState} search
   * @param {(room: string) => string} title what a room is called
   * @param {string} shown the room on the screen
   */
  render(search, title, shown) {
    this.hits.show(rowsOf(search, title, shown));
    this.status.textContent = statusOf(search);
    this.status.classList.toggle("count", search.hits.length > 0 && !search.refusal);
    this.note.textContent = search.preparing ? search.note : search.further ? FURTHER : "";
    this.#showPanel();
  }

  #typed() {
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#submit(), TYPING_PAUSE);
  }

  #cancelTimer() {
    clearTimeout(this.#typingTimer);
    this.#typingTimer = 0;
  }

  #submit() {
    this.#cancelTimer();
    const query = cleanLine(this.field.value);
    if (query === this.#query) return false;
    this.#query = query;
    this.listener.queryChanged(query);
    return true;
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    const acts = new Map([
      ["ArrowDown", () => this.hits.move(1)],
      ["ArrowUp", () => this.hits.move(-1)],
      ["Enter", () => this.#submit() || this.hits.choose()],
      ["Escape", () => this.leave()],
    ]);
    const act = acts.get(key.key);
    if (!act) return;
    key.preventDefault();
    act();
  }

  /** @param {import("./protocol.js").Message} message */
  #choose(message) {
    this.sheet.close();
    this.#showPanel(false);
    this.listener.hitChosen(message);
  }

  /** @param {FocusEvent} focus */
  #focusEntered({ relatedTarget }) {
    if (!(relatedTarget instanceof Node && this.box.contains(relatedTarget))) {
      this.#previousFocus = /** @type {HTMLElement | null} */ (relatedTarget);
    }
  }

  /** @param {FocusEvent} focus */
  #focusLeft({ relatedTarget }) {
    const stays = relatedTarget instanceof Node && this.box.contains(relatedTarget);
    if (!stays && !phone.matches && document.hasFocus()) this.#showPanel(false);
  }

  /** @param {boolean} [wanted] by default while the field has the focus */
  #showPanel(wanted = this.hasFocus || this.sheet.dialog.open) {
    this.panel.hidden = !this.#query || !wanted;
    this.field.setAttribute("aria-expanded", String(!this.panel.hidden && !this.hits.list.hidden));
  }

  /** Place the search in the top bar, or on phones in the sheet. */
  #placeBox() {
    this.sheet.close();
    if (phone.matches) byId("search-sheet-bar").append(this.box);
    else byId("top-text").after(this.box);
    this.#showPanel();
  }
}

/** @param {import("./search.js").SearchState} search */
function statusOf({ answeredQuery, hits, moreIn, further, busy, refusal, note, preparing }) {
  if (refusal) return refusal;
  if (busy && !hits.length) return "Searching…";
  if (!answeredQuery) return "";
  if (!hits.length && preparing) return "Nothing found yet";
  if (!hits.length) return note || "No message holds all of these words.";
  const rooms = new Set(hits.map(({ message }) => message.room)).size;
  const where = rooms > 1 ? ` in ${rooms} rooms` : "";
  if (moreIn.size || further) return `${hits.length} newest${where || ", scroll for more"}`;
  return hits.length === 1 ? "1 message found" : `${hits.length} messages found${where}`;
}
