// @ts-check
/** What one has sent, to write it again: Ctrl+Up goes back, Ctrl+Down forward. */

import { onKey } from "./keyboard.js";

/** Texts that are kept: nobody goes further back by one key. */
const MOST = 50;

export class SentTexts {
  /** @type {string[]} */
  #texts = [];
  /** How many texts back the field is; 0 is what is being written now. */
  #place = 0;
  #unsent = "";

  /** @param {HTMLTextAreaElement} field */
  constructor(field) {
    this.field = field;
    onKey(field, (key) => this.#pressed(key));
  }

  /** The person has sent this. @param {string} text */
  add(text) {
    this.#texts = [...this.#texts.filter((other) => other !== text), text].slice(-MOST);
    this.#place = 0;
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    const step = { ArrowUp: 1, ArrowDown: -1 }[key.key];
    if (!step || !(key.ctrlKey || key.metaKey) || key.shiftKey || key.altKey) return;
    key.preventDefault();
    const place = Math.min(Math.max(this.#place + step, 0), this.#texts.length);
    if (place === this.#place) return;
    if (!this.#place) this.#unsent = this.field.value;
    this.#place = place;
    this.field.value = place ? (this.#texts.at(-place) ?? "") : this.#unsent;
    this.field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
  }
}
