// @ts-check
/** The search field and its results: in the top bar, or on phones in a sheet over the page. */

import { cleanLine } from "./clean-text.js";
import { byId, phone } from "./dom.js";
import { SearchHits } from "./search-hits.js";
import { onKey } from "./keyboard.js";
import { Sheet } from "./sheet.js";

/** The search starts after this pause in typing, in ms: shorter pauses are within words. */
const TYPING_PAUSE = 200;

/**
 * @typedef {object} Listener
 * @property {(query: string) => void} queryChanged
 * @property {() => void} olderWanted older hits are wanted
 * @property {(seq: number) => void} hitChosen a hit has been chosen
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
    this.hits = new SearchHits(this.field, { loadMore: listener.olderWanted, chosen: (seq) => this.#choose(seq) });
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

  /** @param {import("./search.js").SearchState} search */
  render(search) {
    this.hits.show(search.hits);
    this.status.textContent = statusOf(search);
    this.status.classList.toggle("count", search.hits.length > 0 && !search.refusal);
    this.note.textContent = search.preparing ? search.note : "";
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

  /** @param {number} seq */
  #choose(seq) {
    this.sheet.close();
    this.#showPanel(false);
    this.listener.hitChosen(seq);
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
function statusOf({ answeredQuery, hits, more, busy, refusal, note, preparing }) {
  if (refusal) return refusal;
  if (busy && !hits.length) return "Searching…";
  if (!answeredQuery) return "";
  if (!hits.length && preparing) return "Nothing found yet";
  if (!hits.length) return note || "No message holds all of these words.";
  if (more) return `${hits.length} newest, scroll for more`;
  return hits.length === 1 ? "1 message found" : `${hits.length} messages found`;
}
