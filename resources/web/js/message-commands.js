// @ts-check
/**
 * Connects what the person does to messages with the client: bar, menu, keys, composer, pinned messages, and links.
 *
 * @typedef {import("./transcript.js").MessageEntry} MessageEntry
 * @typedef {import("./message-bar.js").Act} Act
 */

import { announce } from "./announce.js";
import { shareAddress } from "./base-url.js";
import { copyText } from "./clipboard.js";
import { ComposerContext } from "./composer-context.js";
import { useEmoji } from "./emoji-habits.js";
import { onKey } from "./keyboard.js";
import { MessageBar } from "./message-bar.js";
import { showInformation } from "./message-information.js";
import { MessageMenu } from "./message-menu.js";
import { MessagePeople } from "./message-people.js";
import { isolated } from "./nickname.js";
import { PinnedBar } from "./pinned-bar.js";
import { ask } from "./question.js";

const LINK = /^#([^/]+)\/(\d{1,15})$/u;

export class MessageCommands {
  /**
   * @param {import("./client.js").ChatClient} client
   * @param {import("./timeline.js").Timeline} timeline
   * @param {import("./composer.js").Composer} composer
   * @param {import("./drafts.js").Drafts} drafts
   * @param {import("./emoji-picker.js").EmojiPicker} picker
   */
  constructor(client, timeline, composer, drafts, picker) {
    this.client = client;
    this.state = client.state;
    this.timeline = timeline;
    this.composer = composer;
    this.picker = picker;
    this.context = new ComposerContext(composer, drafts);
    this.menu = new MessageMenu();
    /**
     * What may be done to the author of a message.
     * @type {(item: MessageEntry) => import("./message-menu.js").Choice[]}
     */
    this.order = () => [];
    this.bar = new MessageBar(timeline.scroller, timeline, (act, item, anchor) => this.act(act, item, anchor));
    this.people = new MessagePeople(client, timeline);
    this.pins = new PinnedBar({
      chosen: (seq) => client.history.goTo(seq),
      unpinned: (seq) => client.acts.pin(seq, false),
    });
    onKey(composer.field, (key) => this.#pressed(key));
    window.addEventListener("hashchange", () => this.openLink());
  }

  /** The rows have been drawn. */
  render() {
    const { shown } = this.state;
    if (shown.stage === "inside" && !shown.acts.pins.shown) this.client.acts.showPins();
    this.bar.restore();
    this.people.render();
    this.pins.render(shown.acts.pinned);
    this.#refreshDraft();
  }

  /** What is being written follows the messages that it is about, and takes back what the host has refused. */
  #refreshDraft() {
    const { shown } = this.state;
    const { context, client } = this;
    if (shown.stage === "inside") context.draft.follow(shown.epoch);
    const { refusedEdit } = shown;
    const message = refusedEdit && client.acts.quote(refusedEdit.seq);
    shown.refusedEdit = null;
    if (refusedEdit && !message?.deleted) context.draft.keepEdit(refusedEdit.seq, refusedEdit.content);
    if (message && !message.deleted && !context.isOpen) context.edit(message);
    const { editing } = context.draft;
    context.draft.settle(
      (seq) => client.acts.isEditPending(seq),
      (seq) => client.acts.quote(seq),
    );
    if (context.draft.editing !== editing) context.show();
    context.refresh(client.acts);
  }

  /**
   * A button in a row has been pressed.
   * @param {string} action
   * @param {MessageEntry} item
   * @param {HTMLElement} button
   */
  clicked(action, item, button) {
    if (action === "quote") this.client.history.goTo(item.replyTo);
    else if (action === "readers") this.people.showReaders(item, button);
    else if (action === "reaction") this.#toggle(item, button.dataset.emoji ?? "");
    else this.act("react", item, button);
  }

  /**
   * @param {Act} act
   * @param {MessageEntry} item
   * @param {HTMLElement} anchor
   */
  act(act, item, anchor) {
    const { acts } = this.client;
    if (act === "react") this.#pickReaction(item, anchor);
    else if (act === "reply") this.context.reply(item.shown);
    else if (act === "edit" && acts.mayEdit(item)) this.context.edit(item.shown);
    else if (act === "pin") this.#pin(item);
    else if (act === "delete" && acts.mayDelete(item)) this.#askToDelete(item);
    else if (act === "more") this.#openMenu(item, anchor);
    else if (act === "unread") this.#markUnread(item);
    else if (act === "information") this.#showInformation(item, anchor);
    else if (act === "people") this.people.showReactors(item, anchor.dataset.emoji ?? "", anchor);
  }

  /**
   * The person has written something. Returns whether it was an edit, which is done with it.
   * @param {string} content
   */
  finishEdit(content) {
    const { draft } = this.context;
    const { editing: seq } = draft;
    if (!seq) return false;
    const mentions = draft.takeMentions(content);
    this.context.sendEdit(content);
    if (content !== this.client.acts.quote(seq)?.content) this.client.acts.edit(seq, content, mentions);
    return true;
  }

  /** The field is empty and Enter was pressed: an edit to nothing offers to delete the message. */
  emptied() {
    const item = this.state.shown.transcript.find(this.context.draft.editing);
    if (item) this.#askToDelete(item);
  }

  /** Go to the message that the page's address names. */
  openLink() {
    const [, room = "", seq = ""] = LINK.exec(location.hash) ?? [];
    if (!seq || !this.state.joined) return;
    const name = decodeURIComponent(room);
    if (name !== this.state.shown.name) this.client.rooms.show(name);
    this.client.history.goTo(Number(seq));
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    const { field } = this.composer;
    const plain = !key.ctrlKey && !key.metaKey && !key.shiftKey && !key.altKey;
    if (key.key !== "ArrowUp" || !plain || field.value || key.defaultPrevented || this.context.isOpen) return;
    const { outbox, transcript } = this.state.shown;
    if (outbox.waiting.length) return; // the one before the last is not meant
    const entries = [...transcript.entries].reverse();
    const last = entries.find((it) => it.kind === "message" && this.client.acts.mayEdit(it));
    if (last?.kind !== "message") return;
    key.preventDefault();
    this.context.edit(last.shown);
  }

  /**
   * @param {MessageEntry} item
   * @param {HTMLElement} anchor
   */
  async #pickReaction(item, anchor) {
    const emoji = await this.picker.pick(anchor);
    if (emoji) this.client.acts.react(item.seq, emoji);
  }

  /**
   * @param {MessageEntry} item
   * @param {string} emoji
   */
  #toggle(item, emoji) {
    this.client.acts.react(item.seq, emoji, !this.client.acts.ownReactions(item).has(emoji));
  }

  /** @param {MessageEntry} item */
  #markUnread({ seq }) {
    this.client.markUnread(seq);
    announce("Marked as unread from here");
  }

  /**
   * @param {MessageEntry} item
   * @param {HTMLElement} anchor
   */
  #showInformation(item, anchor) {
    showInformation(item, {
      room: this.state.shown.name,
      readers: this.client.receipts.count(item),
      showReaders: () => this.people.showReaders(item, anchor),
      showReactors: (emoji) => this.people.showReactors(item, emoji, anchor),
    });
  }

  /** @param {MessageEntry} item */
  #pin({ seq, pinned }) {
    this.client.acts.pin(seq, !pinned);
    announce(pinned ? "Unpinned" : "Pinned for everybody");
  }

  /** @param {MessageEntry} item */
  async #askToDelete(item) {
    const own = this.state.own.isMine(item);
    const title = own ? "Delete your message?" : `Delete the message by ${isolated(item.nickname)}?`;
    const text = "It will be gone for everybody, and for good. Answers to it stay.";
    if (!(await ask({ title, text, accept: "Delete", refuse: "Cancel", destroys: true }))) return;
    if (this.context.draft.editing === item.seq) this.context.close();
    this.client.acts.delete(item.seq);
  }

  /**
   * @param {MessageEntry} item
   * @param {HTMLElement} anchor
   */
  #openMenu(item, anchor) {
    const { acts } = this.client;
    const pin = item.pinned ? "Unpin" : "Pin for everybody";
    const choices = [
      { drawing: "reply", words: "Reply", act: () => this.context.reply(item.shown) },
      { drawing: "copy", words: "Copy text", act: () => this.#copy(item.content, "Text copied") },
      { drawing: "link", words: "Copy link", act: () => this.#copy(this.#linkTo(item), "Link copied") },
      { drawing: "pin", words: pin, act: () => this.#pin(item) },
      { drawing: "eye", words: "Mark unread from here", act: () => this.#markUnread(item) },
      { drawing: "question", words: "Information", act: () => this.#showInformation(item, anchor) },
      ...(acts.mayEdit(item) ? [{ drawing: "edit", words: "Edit", act: () => this.context.edit(item.shown) }] : []),
      ...(acts.mayDelete(item)
        ? [{ drawing: "trash", words: "Delete", danger: true, act: () => this.#askToDelete(item) }]
        : []),
      ...this.order(item),
    ];
    this.menu.open(anchor, acts.ownReactions(item), (emoji) => this.#quick(item, emoji, anchor), choices);
  }

  /**
   * @param {MessageEntry} item
   * @param {string | null} emoji
   * @param {HTMLElement} anchor
   */
  #quick(item, emoji, anchor) {
    if (!emoji) return this.#pickReaction(item, anchor);
    useEmoji(emoji);
    return this.#toggle(item, emoji);
  }

  /** @param {MessageEntry} item */
  #linkTo({ seq }) {
    const address = /^https?:/u.test(shareAddress) ? shareAddress : `${location.protocol}//${shareAddress}`;
    return `${address}/#${encodeURIComponent(this.state.shown.name)}/${seq}`;
  }

  /**
   * @param {string} text
   * @param {string} sentence
   */
  #copy(text, sentence) {
    const copied = copyText(text);
    announce(copied ? sentence : "This browser does not let the page copy.");
  }
}
