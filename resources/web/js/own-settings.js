// @ts-check
/** What the person lets others see of them, and what the host lets all do: receipts and private messages. */

import { byId } from "./dom.js";
import * as storage from "./storage.js";
import { Sheet } from "./sheet.js";

const BOTH = "Who turns this off does not see what others have read, either.";
const NOT_ALLOWED = "The host has turned this off in this chat.";

export class OwnSettings {
  /** @param {import("./client.js").ChatClient} client */
  constructor(client) {
    this.client = client;
    this.typing = /** @type {HTMLInputElement} */ (byId("give-typing"));
    this.receipts = /** @type {HTMLInputElement} */ (byId("give-receipts"));
    this.allowed = /** @type {HTMLInputElement} */ (byId("allow-receipts"));
    this.sheet = new Sheet(/** @type {HTMLDialogElement} */ (byId("own-settings")));
    for (const button of document.querySelectorAll(".own-settings-open")) {
      button.addEventListener("click", () => this.open());
    }
    this.among = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("[name=private-messages]")]);
    for (const choice of this.among) choice.addEventListener("change", () => client.rooms.allowPrivate(choice.value));
    byId("own-settings-close").addEventListener("click", () => this.sheet.close());
    client.sending.showsTyping = storage.showsTyping();
    this.typing.addEventListener("change", () => this.#setTyping(this.typing.checked));
    this.receipts.addEventListener("change", () => client.receipts.give(this.receipts.checked));
    this.allowed.addEventListener("change", () => client.receipts.allow(this.allowed.checked));
  }

  open() {
    this.#show();
    /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog[open]"))?.close(); // a drawer
    this.sheet.open();
  }

  /** The host may have changed what is allowed, or another device what is given. */
  render() {
    if (this.sheet.dialog.open) this.#show();
  }

  #show() {
    const { state, sending } = this.client;
    const { allowed, given } = state.receipts;
    const host = state.isHost(state.own);
    this.typing.checked = sending.showsTyping;
    this.receipts.checked = given && (allowed || host);
    this.receipts.disabled = !allowed && !host;
    this.allowed.checked = allowed;
    for (const choice of this.among) choice.checked = choice.value === state.list.privateMessages;
    byId("chat-settings").hidden = !host;
    byId("give-receipts-hint").textContent = allowed || host ? BOTH : NOT_ALLOWED;
  }

  /** @param {boolean} shown */
  #setTyping(shown) {
    this.client.sending.showsTyping = shown;
    if (!shown) this.client.sending.setTyping(false);
    storage.saveShowsTyping(shown);
  }
}
