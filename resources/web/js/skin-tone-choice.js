// @ts-check
/** The choice of a skin tone: a hand that opens a group of six, one of which is chosen. */

import { el } from "./dom.js";
import { SKIN_TONES } from "./emoji-list.js";
import { skinTone } from "./emoji-habits.js";
import { onKey } from "./keyboard.js";

const HAND = "✋";
const NAMES = ["No skin tone", "Light", "Medium light", "Medium", "Medium dark", "Dark"];

export class SkinToneChoice {
  /** @param {(tone: number) => void} chosen */
  constructor(chosen) {
    this.chosen = chosen;
    this.button = el("button", { type: "button", class: "icon-button", "aria-expanded": "false", title: "Skin tone" });
    this.choice = el("div", { class: "skin-tones", role: "radiogroup", "aria-label": "Skin tone", hidden: true });
    this.hands = SKIN_TONES.map((tone, number) => this.#hand(HAND + tone, number));
    this.choice.append(...this.hands);
    this.button.addEventListener("click", () => (this.choice.hidden ? this.#open() : this.close()));
    onKey(this.choice, (key) => this.#pressed(key));
    this.#show();
  }

  close() {
    this.choice.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.#show();
  }

  #open() {
    this.choice.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.hands[skinTone()].focus();
  }

  #show() {
    const tone = skinTone();
    this.button.textContent = HAND + SKIN_TONES[tone];
    this.button.setAttribute("aria-label", `Skin tone: ${NAMES[tone]}`);
    this.hands.forEach((hand, number) => {
      hand.setAttribute("aria-checked", String(number === tone));
      hand.tabIndex = number === tone ? 0 : -1;
    });
  }

  /**
   * @param {string} text
   * @param {number} number
   */
  #hand(text, number) {
    const attributes = { type: "button", role: "radio", "aria-label": NAMES[number], title: NAMES[number] };
    const hand = el("button", attributes, text);
    hand.addEventListener("click", () => this.#choose(number));
    return hand;
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key.key];
    if (!step && key.key !== "Escape") return;
    key.preventDefault();
    key.stopPropagation();
    if (!step) return this.#leave();
    const place = this.hands.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    return this.hands[(place + step + this.hands.length) % this.hands.length].focus();
  }

  #leave() {
    this.close();
    this.button.focus();
  }

  /** @param {number} number */
  #choose(number) {
    this.chosen(number);
    this.close();
  }
}
