// @ts-check
/** The switches with which the person turns notifications on. Nothing asks for permission before that. */

import { byId } from "./dom.js";
import * as storage from "./storage.js";

const ABOUT = "Of new messages while you look elsewhere, as you have set it for each room.";
/** @type {Record<import("./system-notifications.js").Obstacle, string>} */
const SENTENCES = {
  "": ABOUT,
  insecure:
    "Not at this address: browsers show notifications only over https, and on the host’s own computer. The title and " +
    "icon of the tab tell of new messages.",
  missing: "This browser shows none for pages. The title and icon of the tab tell of new messages.",
  denied: "This browser is set to show none for this page. Its settings for this address can change that.",
};

class NotificationSettings {
  /** @param {import("./system-notifications.js").SystemNotifications} notifications */
  constructor(notifications) {
    this.notifications = notifications;
    this.on = /** @type {HTMLInputElement} */ (byId("notify-on"));
    this.text = /** @type {HTMLInputElement} */ (byId("notify-text"));
    this.on.addEventListener("change", () => this.#turn());
    this.text.addEventListener("change", () => notifications.showText(this.text.checked));
    for (const button of document.querySelectorAll(".own-settings-open")) {
      button.addEventListener("click", () => this.#show());
    }
    this.#show();
  }

  async #turn() {
    await this.notifications.turn(this.on.checked);
    this.#show();
  }

  #show() {
    const { on, obstacle } = this.notifications;
    this.on.checked = on;
    this.on.disabled = obstacle !== "";
    this.text.checked = storage.loadNotifying().text;
    this.text.disabled = !on;
    byId("notify-about").textContent = SENTENCES[obstacle];
  }
}

/** @param {import("./system-notifications.js").SystemNotifications} notifications */
export function setUpNotificationSettings(notifications) {
  return new NotificationSettings(notifications);
}
