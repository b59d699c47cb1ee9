// @ts-check
/**
 * The menu of a message: a sheet from below on phones, beside its button elsewhere.
 *
 * @typedef {import("./transcript.js").MessageEntry} MessageEntry
 * @typedef {{drawing: string, words: string, danger?: boolean, act: () => void}} Choice
 */

import { GAP, placeBeside } from "./beside.js";
import { byId, el, phone } from "./dom.js";
import { recentEmoji } from "./emoji-habits.js";
import { icon } from "./icons.js";
import { onKey } from "./keyboard.js";
import { Sheet } from "./sheet.js";

/** Emoji on the sheet: with the picker's button, one row of a phone. */
const QUICK = 5;

export class MessageMenu {
  /** @type {HTMLElement | null} */
  #lit = null;
  /** @type {HTMLElement | null} */
  #focusedBefore = null;

  constructor() {
    this.dialog = /** @type {HTMLDialogElement} */ (byId("message-menu"));
    this.sheet = new Sheet(this.dialog, () => this.#closed());
    onKey(this.dialog, (key) => this.#pressed(key));
  }

  /**
   * @param {HTMLElement} anchor
   * @param {Set<string>} mine emoji with which the person has reacted
   * @param {(emoji: string | null) => void} react null: choose another one
   * @param {Choice[]} choices
   */
  open(anchor, mine, react, choices) {
    const quick = recentEmoji().slice(0, QUICK);
    const row = el("div", { class: "quick-reactions" }, ...quick.map((emoji) => this.#quick(emoji, mine, react)));
    const other = el("button", { type: "button", "aria-label": "Other emoji", title: "Other emoji" }, icon("smile"));
    other.addEventListener("click", () => this.#choose(() => react(null)));
    row.append(other);
    this.#show(anchor, "Message", row, ...choices.map((choice) => this.#choice(choice)));
  }

  /**
   * A menu of something else than a message.
   * @param {HTMLElement} anchor
   * @param {string} label
   * @param {Choice[]} choices
   */
  openChoices(anchor, label, choices) {
    this.#show(anchor, label, ...choices.map((choice) => this.#choice(choice)));
  }

  /**
   * @param {HTMLElement} anchor
   * @param {string} label
   * @param {...Node} content
   */
  #show(anchor, label, ...content) {
    const row = /** @type {HTMLElement | null} */ (anchor.closest(".row"));
    this.#focusedBefore = row ?? /** @type {HTMLElement} */ (document.activeElement);
    this.#lit = row;
    row?.classList.add("lit");
    row?.closest(".conversation")?.classList.add("dimmed");
    this.dialog.setAttribute("aria-label", label);
    this.dialog.replaceChildren(el("span", { class: "grab-bar", "aria-hidden": "true" }), ...content);
    this.sheet.open();
    placeBeside(this.dialog, anchor);
    if (phone.matches) this.#bringInSight();
    /** @type {HTMLElement | null} */ (this.dialog.querySelector("button"))?.focus();
  }

  /** The message stands above the sheet. */
  #bringInSight() {
    const bottom = this.#lit?.getBoundingClientRect().bottom ?? 0;
    const hidden = bottom + GAP - this.dialog.getBoundingClientRect().top;
    if (hidden > 0) this.#lit?.closest(".timeline")?.scrollBy({ top: hidden });
  }

  /**
   * @param {string} emoji
   * @param {Set<string>} mine
   * @param {(emoji: string | null) => void} react
   */
  #quick(emoji, mine, react) {
    const pressed = String(mine.has(emoji));
    const label = `React with ${emoji}`;
    const button = el("button", { type: "button", "aria-pressed": pressed, "aria-label": label }, emoji);
    button.addEventListener("click", () => this.#choose(() => react(emoji)));
    return button;
  }

  /** @param {Choice} choice */
  #choice({ drawing, words, danger, act }) {
    const attributes = { type: "button", class: danger ? "menu-row danger" : "menu-row" };
    const button = el("button", attributes, icon(drawing), words);
    button.addEventListener("click", () => this.#choose(act));
    return button;
  }

  /** @param {() => void} act */
  #choose(act) {
    this.sheet.close();
    setTimeout(act); // after the focus is back
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[key.key];
    if (!step) return;
    const stops = /** @type {HTMLElement[]} */ ([...this.dialog.querySelectorAll("button")]);
    const place = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    stops[(place + step + stops.length) % stops.length].focus();
    key.preventDefault();
  }

  #closed() {
    this.#lit?.classList.remove("lit");
    document.querySelector(".conversation.dimmed")?.classList.remove("dimmed");
    const before = this.#focusedBefore;
    if (before?.matches(".row")) before.tabIndex = -1;
    before?.focus({ preventScroll: true });
  }
}
