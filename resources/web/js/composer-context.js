// @ts-check
/** What is being written: an answer to a message or another text for one's own, shown above the field. */

import { hueClass } from "./avatar.js";
import { byId, el, nameElement } from "./dom.js";
import { icon } from "./icons.js";
import { onKey } from "./keyboard.js";
import { announce } from "./announce.js";
import { lineOf } from "./message-acts.js";

/** @typedef {import("./transcript.js").MessageEntry} MessageEntry */

export class ComposerContext {
  #draft = "";

  /** @param {import("./composer.js").Composer} composer */
  constructor(composer) {
    this.composer = composer;
    /** @type {{kind: "reply" | "edit", item: MessageEntry} | null} */
    this.current = null;
    this.box = el("div", { class: "composer-context", hidden: true });
    byId("composer").prepend(this.box);
    onKey(composer.field, (key) => this.#pressed(key));
  }

  /** The number of the message that is answered; 0 for none. */
  get replyTo() {
    return this.current?.kind === "reply" ? this.current.item.seq : 0;
  }

  /** The message that is edited; undefined for none. */
  get edited() {
    return this.current?.kind === "edit" ? this.current.item : undefined;
  }

  /** @param {MessageEntry} item */
  reply(item) {
    this.close();
    this.#open("reply", item);
    announce(`Answering ${item.nickname}`);
  }

  /**
   * @param {MessageEntry} item
   * @param {string} [content] what was written before
   */
  edit(item, content = item.content) {
    this.close();
    this.#draft = this.composer.field.value;
    this.#open("edit", item);
    this.composer.show(content);
    const end = this.composer.field.value.length;
    this.composer.field.setSelectionRange(end, end);
    announce("Editing your message");
  }

  /** Back to an ordinary message. What was written before an edit comes back; a text that answers stays. */
  close() {
    if (this.edited) this.composer.show(this.#draft);
    this.current = null;
    this.box.hidden = true;
    byId("composer").classList.remove("with-context");
  }

  /**
   * @param {"reply" | "edit"} kind
   * @param {MessageEntry} item
   */
  #open(kind, item) {
    this.current = { kind, item };
    const close = el("button", { type: "button", class: "icon-button", "aria-label": "Cancel", title: "Cancel (Esc)" });
    close.append(icon("close"));
    close.addEventListener("click", () => {
      this.close();
      this.composer.focus();
    });
    const heading = kind === "edit" ? el("span", {}, "Edit message") : nameElement(item.nickname);
    const line = el("p", { class: "elide", dir: "auto" }, lineOf(item));
    const title = el("p", { class: "composer-context-name" }, heading);
    const text = el("div", { class: "composer-context-text" }, title, line);
    this.box.className = `composer-context ${hueClass(item)}`;
    this.box.replaceChildren(text, close);
    this.box.hidden = false;
    byId("composer").classList.add("with-context");
    this.composer.focus();
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    if (key.key !== "Escape" || !this.current || key.defaultPrevented) return;
    key.preventDefault();
    this.close();
  }
}
