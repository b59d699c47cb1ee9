// @ts-check
/**
 * What is being written: an answer to a message or another text for one's own, shown above the field. The draft of the
 * room says which, so it is the same after a reload, and when the room is shown again.
 */

import { hueClass } from "./avatar.js";
import { byId, el, nameElement } from "./dom.js";
import { icon } from "./icons.js";
import { onKey } from "./keyboard.js";
import { announce } from "./announce.js";
import { lineOf } from "./message-acts.js";

/** @typedef {import("./protocol.js").Message} Message */

export class ComposerContext {
  /** The message that the box shows. @type {Message | undefined} */
  #message;

  /**
   * @param {import("./composer.js").Composer} composer
   * @param {import("./drafts.js").Drafts} drafts
   */
  constructor(composer, drafts) {
    this.composer = composer;
    this.drafts = drafts;
    this.box = el("div", { class: "composer-context", hidden: true });
    byId("composer").prepend(this.box);
    onKey(composer.field, (key) => this.#pressed(key));
  }

  /** The draft that stands in the field. */
  get draft() {
    return this.drafts.shown;
  }

  /** Whether an answer or an edit is being written, and no ordinary message. */
  get isOpen() {
    return this.draft.editing > 0 || this.draft.replyTo > 0;
  }

  /** Show what is being written in the room that is on the screen now. */
  show() {
    this.composer.show(this.draft.text);
    this.#draw(undefined);
  }

  /** @param {Message} message */
  reply(message) {
    this.draft.editing = 0;
    this.draft.reply(message.seq);
    this.#begin(message);
    announce(`Answering ${message.nickname}`);
  }

  /** @param {Message} message */
  edit(message) {
    this.draft.edit(message.seq, { text: message.content, mentions: message.mentions });
    this.#begin(message);
    const end = this.composer.field.value.length;
    this.composer.field.setSelectionRange(end, end);
    announce("Editing your message");
  }

  /** Back to an ordinary message. What was written before an edit comes back; a text that answers stays. */
  close() {
    if (this.draft.editing) this.draft.cancelEdit();
    else this.draft.reply(0);
    this.show();
  }

  /** The edit is sent: what was written before it comes back. @param {string} content */
  sendEdit(content) {
    this.draft.sendEdit(content);
    this.show();
  }

  /** @param {Message} message */
  #begin(message) {
    this.composer.show(this.draft.text);
    this.#draw(message);
    this.composer.focus();
  }

  /**
   * The messages of the room are known better: show the one that is edited or answered.
   * @param {import("./message-actions.js").MessageActions} acts
   */
  refresh(acts) {
    const { draft } = this;
    const seq = draft.editing || draft.replyTo;
    const message = seq ? acts.quote(seq) : undefined;
    const lost = message ? message.deleted !== "" : seq > 0 && acts.isMissing(seq);
    if (lost) draft.loseMessage();
    if (lost) this.show();
    else if (message?.change !== this.#message?.change || message?.seq !== this.#message?.seq) this.#draw(message);
  }

  /** @param {Message | undefined} message undefined while it is not known */
  #draw(message) {
    this.#message = message;
    this.box.hidden = !this.isOpen;
    this.composer.edit(this.draft.editing > 0);
    byId("composer").classList.toggle("with-context", this.isOpen);
    if (!this.isOpen) return;
    const close = el("button", { type: "button", class: "icon-button", "aria-label": "Cancel", title: "Cancel (Esc)" });
    close.append(icon("close"));
    close.addEventListener("click", () => {
      this.close();
      this.composer.focus();
    });
    const heading = this.draft.editing ? el("span", {}, "Edit message") : nameElement(message?.nickname ?? "…");
    const line = el("p", { class: "elide", dir: "auto" }, message ? lineOf(message) : "…");
    const title = el("p", { class: "composer-context-name" }, heading);
    const text = el("div", { class: "composer-context-text" }, title, line);
    this.box.className = `composer-context ${message ? hueClass(message) : ""}`;
    this.box.replaceChildren(text, close);
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    if (key.key !== "Escape" || !this.isOpen || key.defaultPrevented) return;
    key.preventDefault();
    this.close();
  }
}
