// @ts-check
/** The pinned messages of the room: how many, the newest in one line, and all of them as a list. */

import { hueClass } from "./avatar.js";
import { byId, el, nameElement } from "./dom.js";
import { icon } from "./icons.js";
import { lineOf } from "./message-acts.js";
import { onKey } from "./keyboard.js";

/** @typedef {import("./protocol.js").Message} Message */

export class PinnedBar {
  /** @type {Message[]} */
  #shown = [];

  /** @param {{chosen: (seq: number) => void, unpinned: (seq: number) => void}} listener */
  constructor({ chosen, unpinned }) {
    this.chosen = chosen;
    this.unpinned = unpinned;
    this.box = byId("pinned");
    this.list = el("ul", { id: "pinned-list", class: "pinned-list", hidden: true });
    this.title = el("b", {});
    this.text = el("span", { class: "elide", dir: "auto" });
    this.newest = el("button", { type: "button", class: "pinned-newest", title: "Go to this message" });
    this.newest.append(icon("pin"), this.title, this.text);
    const label = "All pinned messages";
    this.opener = el("button", { type: "button", class: "icon-button", "aria-label": label, title: label });
    this.opener.append(icon("chevron-down"));
    this.opener.setAttribute("aria-controls", this.list.id);
    this.opener.setAttribute("aria-expanded", "false");
    this.box.append(el("div", { class: "pinned-bar" }, this.newest, this.opener), this.list);
    this.newest.addEventListener("click", () => chosen(this.#shown[0].seq));
    this.opener.addEventListener("click", () => this.#setOpen(this.list.hidden));
    onKey(this.box, (key) => {
      if (key.key !== "Escape" || this.list.hidden) return;
      key.preventDefault();
      this.#setOpen(false);
      this.opener.focus();
    });
  }

  /** @param {Message[]} messages the newest first */
  render(messages) {
    if (messages.length === this.#shown.length && messages.every((it, place) => it === this.#shown[place])) return;
    this.#shown = messages;
    this.box.hidden = !messages.length;
    if (!messages.length) return this.#setOpen(false);
    this.title.textContent = `Pinned ${messages.length}`;
    this.text.textContent = lineOf(messages[0]);
    this.list.replaceChildren(...messages.map((it) => this.#row(it)));
    return undefined;
  }

  /** @param {Message} message */
  #row(message) {
    const open = el("button", { type: "button", class: "pinned-row" });
    const text = el("span", { class: "elide", dir: "auto" }, lineOf(message));
    open.append(nameElement(message.nickname, { class: `quote-name ${hueClass(message)}` }), text);
    open.addEventListener("click", () => this.chosen(message.seq));
    const unpin = el("button", { type: "button", class: "icon-button", "aria-label": "Unpin", title: "Unpin" });
    unpin.append(icon("close"));
    unpin.addEventListener("click", () => this.unpinned(message.seq));
    return el("li", {}, open, unpin);
  }

  /** @param {boolean} open */
  #setOpen(open) {
    this.list.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
  }
}
