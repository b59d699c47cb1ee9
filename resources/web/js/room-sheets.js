// @ts-check
/** The sheets in which a room is made, and somebody is chosen to write to. */

import { byId, markInvalid } from "./dom.js";
import { Sheet } from "./sheet.js";

class AskingSheet {
  /**
   * @param {string} id of the dialog, and the beginning of the ids in it
   * @param {(value: string, more: string) => void} answered
   */
  constructor(id, answered) {
    this.sheet = new Sheet(byId(id));
    this.field = /** @type {HTMLInputElement} */ (byId(`${id}-name`));
    this.error = byId(`${id}-error`);
    const more = /** @type {HTMLInputElement | null} */ (document.getElementById(`${id}-topic`));
    byId(`${id}-form`).addEventListener("submit", (submit) => {
      submit.preventDefault();
      const value = this.field.value.trim();
      if (!value) return this.#refuse(this.field.dataset.empty ?? "");
      this.sheet.close();
      return answered(value, more?.value.trim() ?? "");
    });
    byId(`${id}-cancel`).addEventListener("click", () => this.sheet.close());
  }

  open() {
    /** @type {HTMLFormElement} */ (this.field.form).reset();
    this.#refuse("");
    this.sheet.open();
    this.field.focus();
  }

  /** @param {string} sentence */
  #refuse(sentence) {
    this.error.textContent = sentence;
    markInvalid(this.field, sentence !== "");
  }
}

/** Asks for the name and topic of a room. @param {(name: string, topic: string) => void} made */
export function newRoomSheet(made) {
  return new AskingSheet("new-room", (name, topic) => made(name.replace(/^#/u, "").replace(/\s+/gu, "-"), topic));
}

/**
 * Asks whom to write to; the people of the room are proposed.
 * @param {(name: string) => void} chosen
 */
export function newPrivateSheet(chosen) {
  return new AskingSheet("new-private", (name) => chosen(name));
}
