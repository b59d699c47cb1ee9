// @ts-check
/** Messages that replies refer to and that are not held: asked for when such a reply is shown. */

/** @typedef {import("./protocol.js").Message} Message */

/** Messages in one question, at most. */
const MOST_ASKED = 50;
/** Quoted messages that are kept; those needed longest ago go first. */
const MOST_QUOTES = 1000;

export class Quotes {
  /** @type {Map<number, Message | null>} null: there is no message of this number */
  #known = new Map();
  /** @type {Set<number>} */
  #open = new Set();

  /** A message; undefined if there is none, or it is not known yet and will be asked for. @param {number} seq */
  find(seq) {
    if (!this.#known.has(seq)) this.#open.add(seq);
    return this.#known.get(seq) ?? undefined;
  }

  /** Whether the host has no message of this number. @param {number} seq */
  isMissing(seq) {
    return this.#known.get(seq) === null;
  }

  /** The question that is wanted now. */
  get wanted() {
    if (!this.#open.size) return null;
    return { type: /** @type {const} */ ("messages"), seqs: [...this.#open].slice(0, MOST_ASKED) };
  }

  /**
   * Take note of an answer. What it leaves out is asked for again.
   * @param {import("./protocol.js").Events["messages"]} answer
   * @param {{seqs: number[]}} asked
   */
  receive({ messages, missing }, asked) {
    for (const message of messages) this.#add(message.seq, message);
    for (const seq of missing) this.#add(seq, null);
    if (asked.seqs.every((seq) => this.#open.has(seq))) this.refuse(asked); // it would be left out for ever
  }

  /** The host does not answer: what was asked counts as missing. @param {{seqs: number[]}} asked */
  refuse({ seqs }) {
    for (const seq of seqs) this.#add(seq, null);
  }

  /** A message has changed. @param {Message} message */
  update(message) {
    const known = this.#known.get(message.seq);
    if (known && message.change > known.change) this.#known.set(message.seq, message);
  }

  /** Forget all: what has changed since may not have been told. */
  clear() {
    this.#known.clear();
    this.#open.clear();
  }

  /**
   * @param {number} seq
   * @param {Message | null} message
   */
  #add(seq, message) {
    this.#open.delete(seq);
    this.#known.delete(seq);
    this.#known.set(seq, message);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_QUOTES) this.#known.delete(oldest);
  }
}
