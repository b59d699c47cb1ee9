// @ts-check
/** The pinned messages of a room: all of them, as they are now. */

/** @typedef {import("./protocol.js").Message} Message */

/** Pinned messages that are kept, the newest ones. */
const MOST_PINS = 1000;

/** Asked for page by page, the newest first, once somebody looks; afterwards updates say what changes. */
export class Pins {
  #before = 0;

  constructor() {
    /** @type {Map<number, Message>} by number, in no order */
    this.messages = new Map();
    this.complete = false;
    /** Whether a view shows what is pinned. */
    this.shown = false;
  }

  /** The page that is wanted now. */
  get wanted() {
    if (!this.shown || this.complete) return null;
    return { type: /** @type {const} */ ("pins"), ...(this.#before && { before: this.#before }) };
  }

  /** @param {import("./protocol.js").Events["pins"]} page */
  receive({ messages, more }) {
    for (const message of messages) this.update(message);
    const before = this.#before || Infinity;
    this.#before = messages[0]?.seq ?? before;
    this.complete = !more || this.#before >= before || this.messages.size >= MOST_PINS;
  }

  /** A message has changed, or is pinned. @param {Message} message */
  update(message) {
    const held = this.messages.get(message.seq);
    if (held && held.change >= message.change) return;
    if (message.pinned) this.messages.set(message.seq, message);
    else this.messages.delete(message.seq);
    if (this.messages.size > MOST_PINS) this.messages.delete(Math.min(...this.messages.keys()));
  }

  /** Read them again: the room has another log, or a change was not told. */
  restart() {
    this.messages.clear();
    this.complete = false;
    this.#before = 0;
  }
}
