// @ts-check
/** The people beside the timeline, or on phones over it; there the way back closes them. */

import { part, phone } from "./dom.js";

export class Drawer {
  constructor() {
    this.dialog = /** @type {HTMLDialogElement} */ (part("drawer"));
    this.people = part("people");
    this.home = part("chat");
    this.opener = part("people-open");
    this.opener.addEventListener("click", () => this.#open());
    part("people-close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (click) => click.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => this.#closed());
    window.addEventListener("popstate", () => this.dialog.close());
    phone.addEventListener("change", () => this.#place());
    this.#place();
  }

  close() {
    this.dialog.close();
  }

  #open() {
    this.dialog.showModal();
    this.opener.setAttribute("aria-expanded", "true");
    history.pushState({ drawer: true }, "");
  }

  #closed() {
    this.opener.setAttribute("aria-expanded", "false");
    if (history.state?.drawer) history.back();
  }

  #place() {
    this.dialog.close();
    (phone.matches ? this.dialog : this.home).prepend(this.people);
  }
}
