// @ts-check
/**
 * A short notice above the composer that says what was done, with a button that takes it back. From where the focus is
 * when it appears, Tab leads to the button, wherever both are in the page.
 */

import { announce } from "./announce.js";
import { byId } from "./dom.js";
import { onKey } from "./keyboard.js";
import { MOVED } from "./sheet.js";

/** Long enough to be reached by keys, in ms. */
const STAYS = 10_000;
const SECOND = 1000;

export class Toast {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #undo = () => {};
  #left = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #counter;
  /** @type {Element | null} had the focus when the notice appeared */
  #before = null;

  constructor() {
    this.element = byId("toast");
    this.text = byId("toast-text");
    this.button = byId("toast-undo");
    this.button.addEventListener("click", () => this.#takeBack());
    onKey(this.element, (key) => {
      if (key.key === "Escape") this.#hide();
      else if (key.key === "Tab" && key.shiftKey) this.#goTo(key, this.#before);
    });
    onKey(window, (key) => {
      const isNext = key.key === "Tab" && !key.shiftKey && key.target === this.#before;
      if (isNext && !this.element.hidden) this.#goTo(key, this.button);
    });
  }

  get isShown() {
    return !this.element.hidden;
  }

  /**
   * Show what was done for ten seconds, in place of an earlier one.
   * @param {string} done
   * @param {(() => void) | null} undo null if it cannot be undone
   * @param {boolean} [counts] whether the button counts the seconds that are left
   */
  show(done, undo, counts = false) {
    this.#undo = undo ?? (() => {});
    this.button.hidden = !undo;
    clearInterval(this.#counter);
    this.button.removeAttribute("data-left");
    if (counts) this.#count();
    this.#before = document.activeElement;
    this.text.textContent = done;
    this.element.hidden = false;
    this.#wait();
    if (undo) setTimeout(() => announce(`${done}. It can be undone for ten seconds.`), MOVED);
  }

  /** Count the seconds in the button: the style sheet shows them, and screen readers are told once. */
  #count() {
    this.#left = STAYS / SECOND;
    const show = () => (this.button.dataset.left = String(this.#left));
    show();
    this.#counter = setInterval(() => {
      this.#left = Math.max(this.#left - 1, 0);
      show();
    }, SECOND);
  }

  /**
   * @param {KeyboardEvent} key
   * @param {Element | null} element
   */
  #goTo(key, element) {
    if (!(element instanceof HTMLElement) || element === document.body) return;
    key.preventDefault();
    element.focus();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), STAYS);
  }

  /** Stay while somebody points at it, or has the keys on its button. */
  #end() {
    if (this.element.matches(":hover, :focus-within")) this.#wait();
    else this.#hide();
  }

  /** Give the focus back to where it was before. */
  #hide() {
    clearTimeout(this.#timer);
    clearInterval(this.#counter);
    const focused = this.element.contains(document.activeElement);
    this.element.hidden = true;
    if (focused && this.#before instanceof HTMLElement) this.#before.focus();
  }

  #takeBack() {
    this.#hide();
    this.#undo();
  }
}
