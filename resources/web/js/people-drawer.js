// @ts-check
/** Places the list of people: beside the timeline, or on phones in a sheet over it. */

import { byId, phone } from "./dom.js";
import { Sheet } from "./sheet.js";

export class PeopleDrawer {
  /** @param {() => void} changed the list has become visible, or is no longer */
  constructor(changed) {
    this.changed = changed;
    this.sheet = new Sheet(byId("drawer"), () => this.#expand(false));
    this.people = byId("people");
    this.home = byId("chat");
    this.opener = byId("people-open");
    this.opener.addEventListener("click", () => this.#open());
    byId("people-close").addEventListener("click", () => this.close());
    phone.addEventListener("change", () => this.#place());
    this.#place();
  }

  /** Whether the list of people can be seen: always, where there is room for it. */
  get isVisible() {
    return !phone.matches || this.sheet.dialog.open;
  }

  close() {
    this.sheet.close();
  }

  #open() {
    this.sheet.open();
    this.#expand(true);
  }

  /** @param {boolean} open */
  #expand(open) {
    this.opener.setAttribute("aria-expanded", String(open));
    this.changed();
  }

  #place() {
    this.close();
    (phone.matches ? this.sheet.dialog : this.home).prepend(this.people);
    this.changed();
  }
}
