// @ts-check
/** The field for the code of an invitation on the join screen, which stands in for password and token. */

import { byId, markInvalid, setHidden, setText } from "./dom.js";

const MISSING = "Type the code of the invitation first, such as k7f-m2x-4rw.";

export class InvitationField {
  /**
   * @param {string} code of the link that has led here; empty for none
   * @param {() => void} changed the field is shown now, or hidden
   */
  constructor(code, changed) {
    this.changed = changed;
    this.row = byId("join-invitation-row");
    this.field = /** @type {HTMLInputElement} */ (byId("join-invitation"));
    this.field.addEventListener("input", () => this.showError(""));
    byId("join-invitation-toggle").addEventListener("click", () => this.#toggle());
    this.field.value = code;
    this.#show(code !== "");
  }

  /** Whether the person comes by an invitation. */
  get active() {
    return !this.row.hidden;
  }

  get value() {
    return this.active ? this.field.value.trim() : "";
  }

  /** Offer the field, or not: the chat asks newcomers for something, or nothing. @param {boolean} asked */
  offer(asked) {
    setHidden("join-invitation-toggle", !asked && !this.active);
  }

  /** The person comes by an invitation: let them type its code. */
  open() {
    this.#show(true);
    this.field.focus();
    this.changed();
  }

  /** The person is in. */
  reset() {
    this.field.value = "";
    this.#show(false);
  }

  /** Whether a code is there, if the person comes by one; otherwise the error is shown. */
  check() {
    if (this.active && !this.value) this.showError(MISSING);
    return !this.active || this.value !== "";
  }

  /** @param {string} sentence why the code is refused; empty for no error */
  showError(sentence) {
    setText("join-invitation-error", sentence);
    markInvalid(this.field, Boolean(sentence));
    if (!sentence) return;
    this.#show(true);
    this.field.focus();
    this.field.select();
  }

  #toggle() {
    if (!this.active) return this.open();
    this.#show(false);
    this.showError("");
    return this.changed();
  }

  /** @param {boolean} shown */
  #show(shown) {
    this.row.hidden = !shown;
    byId("join-invitation-toggle").setAttribute("aria-expanded", String(shown));
    setText("join-invitation-toggle", shown ? "Come in without an invitation" : "I have an invitation");
  }
}
