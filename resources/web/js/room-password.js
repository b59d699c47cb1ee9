// @ts-check
/** Asks for the password of a room that the host has not let the person into without it. */

import { byId } from "./dom.js";
import { isolated } from "./nickname.js";
import { PasswordField } from "./password-field.js";
import { Sheet } from "./sheet.js";

export class RoomPassword {
  #room = "";

  /** @param {(room: string, password: string) => void} given */
  constructor(given) {
    this.sheet = new Sheet(byId("room-password"));
    const button = /** @type {HTMLButtonElement} */ (byId("room-password-submit"));
    this.field = new PasswordField("room-password-text", button);
    byId("room-password-cancel").addEventListener("click", () => this.sheet.close());
    byId("room-password-form").addEventListener("submit", (submit) => {
      submit.preventDefault();
      if (this.field.waits) return undefined;
      if (!this.field.value) return this.field.refuse("Write the password first.");
      this.sheet.close();
      return given(this.#room, this.field.value);
    });
  }

  /** @param {{room: string, refusal: import("./protocol.js").Refusal}} asking */
  open({ room, refusal }) {
    if (room !== this.#room) this.field.reset();
    this.#room = room;
    byId("room-password-title").textContent = `${isolated(room)} has a password`;
    this.sheet.open();
    this.field.refused(refusal);
  }
}
