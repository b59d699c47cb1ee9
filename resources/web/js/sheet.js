// @ts-check
/** Modal dialogs. Escape, a click beside the dialog and the browser's back button close it. */

import { announce } from "./announce.js";
import { byId } from "./dom.js";
import { isComposing } from "./keyboard.js";

/** Screen readers ignore a live region for about this long after it has been moved, in ms. */
export const MOVED = 200;

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
    // Orca loses the focus when the page behind a dialog becomes inert, and does not say where it is now.
    setTimeout(() => this.dialog.open && announce(nameOf(this.dialog)), MOVED);
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  #closed() {
    // One sheet may have been replaced by another.
    if (history.state?.sheet && !openSheet()) goBack();
    moveLiveRegions();
    this.closed();
  }
}

/** @param {HTMLDialogElement} dialog */
function nameOf(dialog) {
  return dialog.getAttribute("aria-label") ?? byId(dialog.getAttribute("aria-labelledby") ?? "").textContent ?? "";
}

/** Live regions outside an open dialog are silent: move them into it, and back. */
function moveLiveRegions() {
  (openSheet() ?? document.body).prepend(byId("live-regions"));
}

function openSheet() {
  return /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog[open]"));
}

/** Whether the page itself is going back in the browser's history, because a sheet has been closed. */
let returning = false;

function goBack() {
  if (!returning) history.back();
  returning = true;
}

window.addEventListener("popstate", () => {
  if (!returning) openSheet()?.close();
  // A sheet that was opened meanwhile stays, and gets its own entry in the history.
  else if (openSheet()) history.pushState({ sheet: true }, "");
  returning = false;
});
