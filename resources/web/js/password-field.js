// @ts-check
/** A field for a password of the chat or of a room, whose words can be shown, and the wait after wrong ones. */

import { byId, markInvalid } from "./dom.js";
import { addEye } from "./eye.js";

export class PasswordField {
  /** When the next try is looked at, in ms of `performance.now`. */
  #until = 0;
  #timer = 0;

  /**
   * @param {string} id of the field; those of its error and of the button that shows the words begin with it
   * @param {HTMLButtonElement} submit which is off during the wait
   */
  constructor(id, submit) {
    this.input = /** @type {HTMLInputElement} */ (byId(id));
    this.error = byId(`${id}-error`);
    this.hideText = addEye(this.input, byId(`${id}-show`), "password");
    this.submit = submit;
    this.input.addEventListener("input", () => this.#until || this.refuse(""));
  }

  get value() {
    return this.input.value.trim();
  }

  /** Empty it. */
  reset() {
    this.input.value = "";
    this.hideText();
    this.#endWait();
    this.refuse("");
  }

  /** Say what is wrong; nothing if the sentence is empty. @param {string} sentence */
  refuse(sentence) {
    this.error.textContent = sentence;
    markInvalid(this.input, sentence !== "");
  }

  /**
   * The host has refused it.
   * @param {import("./protocol.js").Refusal} refusal
   */
  refused({ code, content, retry_after: seconds }) {
    this.refuse(code === "bad_password" ? content : "");
    this.input.focus();
    this.input.select();
    if (!seconds) return;
    this.#until = performance.now() + seconds * 1000;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  /** Whether the host looks at no password yet. */
  get waits() {
    return this.#until > performance.now();
  }

  #tick() {
    const seconds = Math.ceil((this.#until - performance.now()) / 1000);
    if (seconds <= 0) {
      this.#endWait();
      return this.refuse("");
    }
    this.submit.disabled = true;
    this.submit.dataset.wait = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    return undefined;
  }

  #endWait() {
    clearInterval(this.#timer);
    this.#until = 0;
    if (this.submit.dataset.wait) this.submit.disabled = false;
    delete this.submit.dataset.wait;
  }
}
