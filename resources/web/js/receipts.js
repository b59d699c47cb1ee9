// @ts-check
/**
 * How many others have read the person's messages in a room, and who has read the one that a view asks about.
 *
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./protocol.js").Events} Events
 * @typedef {import("./protocol.js").AskReceipts | import("./protocol.js").AskReaders} Question
 * @typedef {Events["readers"]["readers"]} Readers
 * @typedef {{seq: number, readers: Readers, count: number, people: number, more: boolean, busy: boolean}} ShownReaders
 *   `count` of `people` who could have it have read it, of whom `readers` are loaded; nothing is known yet while it is
 *   `busy` with none of them
 */

import { MOST_PEOPLE } from "./validation.js";

/** Messages in one question. */
const MOST_ASKED = 50;

/** Counts are asked for when a view shows a message, once on each connection, and only while there are receipts. */
export class RoomReceipts {
  #active = false;
  /** @type {Map<number, number>} by message */
  #counts = new Map();
  /** @type {Set<number>} messages whose changes the host tells, or that were asked about on this connection */
  #known = new Set();
  /** @type {Set<number>} messages to ask about */
  #open = new Set();

  /** @param {import("./own-identity.js").OwnIdentity} own */
  constructor(own) {
    this.own = own;
    /** @type {ShownReaders | null} */
    this.shown = null;
  }

  /**
   * How many others have read a message; null where that is not told, or not yet.
   * @param {Pick<Message, "seq" | "nickname" | "author" | "deleted">} message
   */
  count({ seq, nickname, author, deleted }) {
    if (!this.#active || deleted || !this.own.isMine({ nickname, author })) return null;
    if (!this.#known.has(seq)) this.#open.add(seq);
    this.#known.add(seq);
    return this.#counts.get(seq) ?? null;
  }

  /** Whether something has to be asked. */
  get asks() {
    return this.#open.size > 0 || (this.shown?.busy ?? false);
  }

  /** The person has said this just now: nobody has read it, and the host tells when they have. @param {number} seq */
  said(seq) {
    if (this.#known.has(seq)) return;
    this.#known.add(seq);
    if (!this.#counts.has(seq)) this.#counts.set(seq, 0);
  }

  /** A view shows who has read this message from now on. @param {number} seq */
  show(seq) {
    this.shown = { seq, readers: [], count: 0, people: 0, more: false, busy: true };
  }

  /** The view wants further names. */
  loadMore() {
    if (this.shown?.more) this.shown = { ...this.shown, busy: true };
  }

  /** No view shows names any more. */
  hide() {
    this.shown = null;
  }

  /**
   * The questions that are wanted now.
   * @returns {Generator<["receipts" | "readers", Question]>}
   */
  *wanted() {
    if (!this.#active) return;
    if (this.#open.size) yield ["receipts", { type: "receipts", seqs: [...this.#open].slice(0, MOST_ASKED) }];
    const { shown } = this;
    if (shown?.busy) yield ["readers", { type: "readers", seq: shown.seq, skip: shown.readers.length }];
  }

  /** There are receipts for the person, or none: then nothing of them is known any more. @param {boolean} active */
  setActive(active) {
    if (active === this.#active) return;
    this.#active = active;
    this.restart();
  }

  /**
   * Take counts, perhaps the answer to a question.
   * @param {Events["receipts"]} event
   * @param {import("./protocol.js").Requested | undefined} asked
   * @param {string} epoch of the room's log
   */
  receive(event, asked, epoch) {
    if (asked?.type === "receipts") this.#answered(asked);
    if (!this.#active || event.epoch !== epoch) return;
    // Others are asked about once a view shows them.
    const wanted = event.messages.filter(({ seq }) => this.#known.has(seq) || this.#counts.has(seq));
    const changed = wanted.filter(({ seq, readers }) => this.#counts.get(seq) !== readers);
    for (const { seq, readers } of changed) this.#counts.set(seq, readers);
    const { shown } = this;
    // The names stay in the view until the new ones come.
    if (shown && !shown.busy && changed.some(({ seq }) => seq === shown.seq))
      this.shown = { ...shown, readers: [], busy: true };
  }

  /**
   * Take a page of names.
   * @param {Events["readers"]} page
   * @param {import("./protocol.js").Requested | undefined} asked
   */
  receiveReaders({ seq, readers, count, people, more }, asked) {
    const { shown } = this;
    if (!shown || asked?.type !== "readers" || shown.seq !== seq || shown.readers.length !== asked.skip) return;
    const all = [...shown.readers, ...readers];
    const goesOn = more && readers.length > 0 && all.length < MOST_PEOPLE;
    this.shown = { seq, readers: all, count, people, more: goesOn, busy: false };
  }

  /** The host does not answer: there are no receipts any more, or no such message. @param {Question} asked */
  refuse(asked) {
    if (asked.type === "receipts") this.#answered(asked);
    else this.hide();
  }

  /** Others go on reading meanwhile, and the host will not tell. */
  disconnected() {
    this.#known.clear();
    this.#open.clear();
  }

  /** The room has another log, in which numbers mean other messages. */
  restart() {
    this.disconnected();
    this.#counts.clear();
    this.hide();
  }

  /** @param {{seqs: number[]}} asked */
  #answered({ seqs }) {
    for (const seq of seqs) this.#open.delete(seq);
  }
}
