// @ts-check
/**
 * The people behind a small button of a message: who has read it, or who has reacted. It names four, and the others
 * when they are asked for. Pressed, it has the focus; for a pointer that rests on the button it only shows.
 *
 * @typedef {{nickname: string, author: string, time?: string}} Named
 * @typedef {object} Source
 * @property {() => {title: string, people: Named[], count: number, busy: boolean} | null} read what is known now,
 *   `count` being how many there are; null if there is nothing to show any more
 * @property {() => void} begin nobody else is shown any more
 * @property {() => void} more the end of the people that are known is in sight
 * @property {() => void} closed
 */

import { avatar } from "./avatar.js";
import { placeBeside } from "./beside.js";
import { el, nameElement } from "./dom.js";
import { Sheet } from "./sheet.js";

/** People who are named at first. */
const FIRST = 4;
/** From the end of the list, in px: the next people are asked for. */
const NEAR_END = 40;

export class PeoplePopover {
  /** @type {Source | null} */
  #source = null;
  /** @type {HTMLElement | null} */
  #anchor = null;
  /** Whether all people are named, and not only the first. */
  #all = false;
  #drawn = "";
  /** Whether it belongs to the pointer and has no focus. */
  #hovers = false;

  constructor() {
    this.title = el("h2", {});
    this.list = el("ul", {});
    this.others = el("button", { type: "button", class: "text-button" });
    this.box = el("div", { class: "people-popover-content" }, this.title, this.list, this.others);
    const grab = el("span", { class: "grab-bar", "aria-hidden": "true" });
    const dialog = el("dialog", { class: "people-popover", "aria-label": "People" }, grab);
    this.dialog = /** @type {HTMLDialogElement} */ (dialog);
    this.floating = el("div", { class: "people-popover", hidden: true });
    document.body.append(this.dialog, this.floating);
    this.sheet = new Sheet(this.dialog, () => this.#closed());
    this.others.addEventListener("click", () => this.#showAll());
    this.box.addEventListener("scroll", () => this.#scrolled());
  }

  get isOpen() {
    return this.#source !== null;
  }

  /** Show people, and have the focus. @param {HTMLElement} anchor @param {Source} source */
  open(anchor, source) {
    this.#begin(anchor, source, false);
    this.dialog.append(this.box);
    this.render();
    if (!this.isOpen) return;
    this.sheet.open();
    this.#place();
    this.box.focus();
  }

  /** Show people beside the pointer, without the focus. @param {HTMLElement} anchor @param {Source} source */
  hover(anchor, source) {
    if (this.dialog.open) return;
    this.#begin(anchor, source, true);
    this.floating.append(this.box);
    this.render();
    if (!this.isOpen) return;
    this.floating.hidden = false;
    this.#place();
  }

  /** The pointer has left. */
  leave() {
    if (this.#hovers && !this.floating.hidden) this.#closed();
  }

  /** What is known may have changed. */
  render() {
    const known = this.#source?.read();
    if (!known) return this.close();
    const { title, people, count, busy } = known;
    if (busy && !people.length && this.#drawn) return undefined; // those before stay until these are known
    const shown = this.#all ? people : people.slice(0, FIRST);
    const drawn = JSON.stringify([title, shown, count, busy, this.#all]);
    if (drawn === this.#drawn) return undefined;
    this.#drawn = drawn;
    this.title.textContent = title;
    this.dialog.setAttribute("aria-label", title);
    this.list.replaceChildren(...shown.map(rowOf));
    const others = count - shown.length;
    this.others.hidden = this.#all || others <= 0 || this.#hovers;
    this.others.textContent = `${others} more`;
    this.list.classList.toggle("busy", busy);
    this.box.tabIndex = this.#hovers ? -1 : 0;
    return this.#place();
  }

  /** It begins with what it belongs to, in the direction of the page. */
  #place() {
    const side = getComputedStyle(document.body).direction === "rtl" ? "right" : "left";
    if (this.#anchor?.isConnected) placeBeside(this.#hovers ? this.floating : this.dialog, this.#anchor, side);
  }

  close() {
    if (this.dialog.open) this.sheet.close();
    else this.#closed();
  }

  /** @param {HTMLElement} anchor @param {Source} source @param {boolean} hovers */
  #begin(anchor, source, hovers) {
    if (this.isOpen) this.#closed();
    source.begin();
    this.#source = source;
    this.#anchor = anchor;
    this.#hovers = hovers;
    this.#all = false;
    this.#drawn = "";
  }

  #showAll() {
    this.#all = true;
    this.render();
    this.box.focus();
    this.#scrolled();
  }

  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.box;
    if (this.#all && scrollTop + clientHeight > scrollHeight - NEAR_END) this.#source?.more();
  }

  #closed() {
    const source = this.#source;
    this.#source = null;
    this.floating.hidden = true;
    source?.closed();
    const anchor = this.#anchor;
    // The rows may have been drawn again meanwhile.
    if (!this.#hovers && anchor && !anchor.isConnected) sameIn(anchor)?.focus();
  }
}

/**
 * The button that stands in the place of one that was drawn again.
 * @param {HTMLElement} button
 * @returns {HTMLElement | null}
 */
function sameIn({ dataset: { action = "", emoji = "", key = "" } }) {
  const row = document.querySelector(`.row[data-key="${CSS.escape(key)}"]`);
  const emojis = emoji ? `[data-emoji="${CSS.escape(emoji)}"]` : "";
  return row?.querySelector(`[data-action="${action}"]${emojis}`) ?? null;
}

/** @param {Named} person */
function rowOf({ nickname, author, time }) {
  const name = nameElement(nickname, { class: "elide", title: nickname });
  return el("li", {}, avatar({ nickname, author }), name, time ? el("span", { class: "muted" }, time) : null);
}
