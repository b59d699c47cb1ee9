// @ts-check
/** Dialogs over the page. Escape, a press beside one and the way back close it. */

import { part } from "./dom.js";
import { isComposing } from "./keys.js";

export class Sheet {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {() => void} [closed]
   */
  constructor(dialog, closed = () => {}) {
    this.dialog = dialog;
    this.closed = closed;
    dialog.addEventListener("click", (click) => click.target === dialog && this.close());
    dialog.addEventListener("keydown", (key) => key.key === "Escape" && isComposing(key) && key.preventDefault());
    dialog.addEventListener("close", () => this.#closed());
    window.addEventListener("popstate", () => this.close());
  }

  open() {
    this.dialog.showModal();
    keepSpeaking();
    if (!history.state?.sheet) history.pushState({ sheet: true }, "");
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  #closed() {
    // One sheet may have made room for another.
    if (history.state?.sheet && !document.querySelector("dialog[open]")) history.back();
    keepSpeaking();
    this.closed();
  }
}

/** What is outside of an open dialog is silent. */
function keepSpeaking() {
  (document.querySelector("dialog[open]") ?? document.body).prepend(part("spoken"));
}
