// @ts-check
/** The way to a day of the room: a small sheet with a date in it. */

import { part } from "./dom.js";
import { Sheet } from "./sheet.js";

export class DateSheet {
  /** @param {(time: number) => void} chosen to the first message from this moment on */
  constructor(chosen) {
    this.sheet = new Sheet(part("date"));
    this.field = /** @type {HTMLInputElement} */ (part("date-field"));
    this.chosen = chosen;
    part("date-form").addEventListener("submit", (submit) => this.#submit(submit));
    part("date-cancel").addEventListener("click", () => this.close());
  }

  /** @param {number} time within the day to begin with */
  open(time) {
    this.field.max = dateOf(Date.now());
    this.field.value = dateOf(time);
    this.sheet.open();
    this.field.focus();
  }

  close() {
    this.sheet.close();
  }

  /** @param {globalThis.Event} submit */
  #submit(submit) {
    submit.preventDefault();
    const midnight = new Date(`${this.field.value}T00:00`).getTime();
    if (Number.isNaN(midnight)) return;
    this.close();
    this.chosen(midnight);
  }
}

/**
 * The day as the field wants it, by this device's clock.
 * @param {number} time
 */
function dateOf(time) {
  const day = new Date(time);
  const parts = [day.getFullYear(), day.getMonth() + 1, day.getDate()];
  return parts.map((part, index) => String(part).padStart(index ? 2 : 4, "0")).join("-");
}
