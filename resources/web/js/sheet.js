// @ts-check
/** Dialogs over the page. Escape, a press beside one and the way back close it. */

import { announce } from "./announce.js";
import { part } from "./dom.js";
import { isComposing } from "./keyboard.js";

/** Until then nobody hears a region that has been moved, in ms. */
const ANNOUNCE_DELAY = 200;

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
  }

  open() {
    this.dialog.showModal();
    moveLiveRegions();
    if (!history.state?.sheet) history.pushState({ sheet: true }, "");
    // Orca loses sight of the keyboard as what is behind a sheet goes, and is silent where it comes up again.
    setTimeout(() => this.dialog.open && announce(nameOf(this.dialog)), ANNOUNCE_DELAY);
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  #closed() {
    // One sheet may have made room for another.
    if (history.state?.sheet && !openSheet()) goBack();
    moveLiveRegions();
    this.closed();
  }
}

/** @param {HTMLDialogElement} dialog */
function nameOf(dialog) {
  return dialog.getAttribute("aria-label") ?? part(dialog.getAttribute("aria-labelledby") ?? "").textContent ?? "";
}

/** What is outside of an open dialog is silent. */
function moveLiveRegions() {
  (openSheet() ?? document.body).prepend(part("live-regions"));
}

function openSheet() {
  return /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog[open]"));
}

/** Whether the page itself is on the way back, from a sheet that has been closed. */
let returning = false;

function goBack() {
  if (!returning) history.back();
  returning = true;
}

window.addEventListener("popstate", () => {
  if (!returning) openSheet()?.close();
  // A sheet that was opened meanwhile stays, and has its own way back.
  else if (openSheet()) history.pushState({ sheet: true }, "");
  returning = false;
});
