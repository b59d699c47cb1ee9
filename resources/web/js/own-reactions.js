// @ts-check
/** With what the person has reacted: a message names the first of those who have, and the others only as a number. */

import { HISTORY_PAGE } from "./protocol.js";

/** @typedef {import("./protocol.js").Message} Message */

/** What a message leaves open is asked once for each message; afterwards the person's own acts keep it. */
export class OwnReactions {
  /** @type {Map<number, Set<string>>} by message, of what the host has said or confirmed */
  #known = new Map();
  /** @type {Set<number>} */
  #open = new Set();

  /** @param {import("./own-identity.js").OwnIdentity} own */
  constructor(own) {
    this.own = own;
  }

  /**
   * With which of a message's reactions the person has reacted, as far as that is known.
   * @param {Pick<Message, "seq" | "reactions">} message
   */
  of({ seq, reactions }) {
    return new Set(reactions.filter((it) => this.#isMine(seq, it)).map(({ emoji }) => emoji));
  }

  /** The host has confirmed an act. @param {import("./protocol.js").React} react */
  confirmed({ seq, emoji, active }) {
    const known = this.#known.get(seq) ?? new Set();
    if (active) known.add(emoji);
    else known.delete(emoji);
    this.#known.set(seq, known);
  }

  /** The question that is wanted now: messages in one page. */
  get wanted() {
    if (!this.#open.size) return null;
    const first = Math.min(...this.#open);
    const last = Math.max(...[...this.#open].filter((seq) => seq < first + HISTORY_PAGE));
    return { type: /** @type {const} */ ("own_reactions"), first, last };
  }

  /**
   * Take note of an answer.
   * @param {import("./protocol.js").Events["own_reactions"]} answer
   * @param {{first: number, last: number}} asked
   */
  receive({ messages }, { first, last }) {
    const found = new Map(messages.map(({ seq, emoji }) => [seq, new Set(emoji)]));
    for (const seq of this.#open) {
      if (seq < first || seq > last) continue;
      this.#open.delete(seq);
      this.#known.set(seq, found.get(seq) ?? new Set());
    }
  }

  /** The host does not answer this question. */
  refuse() {
    for (const seq of this.#open) this.#known.set(seq, new Set());
    this.#open.clear();
  }

  /** Ask again: the room has another log, or the line was lost and another device may have acted. */
  clear() {
    this.#known.clear();
    this.#open.clear();
  }

  /**
   * @param {number} seq
   * @param {Message["reactions"][number]} reaction
   */
  #isMine(seq, { emoji, count, people }) {
    if (people.some(({ author }) => author === this.own.author)) return true;
    if (count <= people.length) return false;
    if (!this.#known.has(seq)) this.#open.add(seq);
    return Boolean(this.#known.get(seq)?.has(emoji));
  }
}
