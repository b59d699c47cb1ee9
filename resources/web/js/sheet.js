// @ts-check
/** Dialogs over the page. Escape, a press beside one and the way back close it. */

export class Sheet {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {() => void} [closed]
   */
  constructor(dialog, closed = () => {}) {
    this.dialog = dialog;
    this.closed = closed;
    dialog.addEventListener("click", (click) => click.target === dialog && this.close());
    dialog.addEventListener("close", () => this.#closed());
    window.addEventListener("popstate", () => this.close());
  }

  open() {
    this.dialog.showModal();
    if (!history.state?.sheet) history.pushState({ sheet: true }, "");
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  #closed() {
    // One sheet may have made room for another.
    if (history.state?.sheet && !document.querySelector("dialog[open]")) history.back();
    this.closed();
  }
}
