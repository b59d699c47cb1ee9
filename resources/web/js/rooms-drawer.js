// @ts-check
/** Places the list of rooms, and oneself below it: in the sidebar, or on phones in a sheet from the left. */

import { byId, phone, setHidden } from "./dom.js";
import { Sheet } from "./sheet.js";

export class RoomsDrawer {
  constructor() {
    this.opener = byId("rooms-open");
    this.sheet = new Sheet(byId("rooms-drawer"), () => this.opener.setAttribute("aria-expanded", "false"));
    this.rooms = byId("rooms");
    this.own = byId("me");
    this.opener.addEventListener("click", () => this.#open());
    byId("rooms-close").addEventListener("click", () => this.close());
    phone.addEventListener("change", () => this.#place());
    this.#place();
  }

  close() {
    this.sheet.close();
  }

  /** Show on the menu button whether another room waits for the person. @param {boolean} waits */
  mark(waits) {
    setHidden("rooms-dot", !waits);
    const label = waits ? "Rooms, something is unread" : "Rooms";
    if (this.opener.getAttribute("aria-label") !== label) this.opener.setAttribute("aria-label", label);
  }

  #open() {
    this.sheet.open();
    this.opener.setAttribute("aria-expanded", "true");
  }

  #place() {
    this.close();
    if (phone.matches) this.sheet.dialog.append(this.rooms, this.own);
    else byId("sidebar-header").after(this.rooms, this.own);
  }
}
