// @ts-check
/** The pinned messages of a room: all of them, as they are now. */

/** @typedef {import("./protocol.js").Message} Message */

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
    this.#before = messages[0]?.seq ?? 0;
    this.complete = !more || !messages.length;
  }

  /** A message has changed, or is pinned. @param {Message} message */
  update(message) {
    const held = this.messages.get(message.seq);
    if (held && held.change >= message.change) return;
    if (message.pinned) this.messages.set(message.seq, message);
    else this.messages.delete(message.seq);
  }

  /** Read them again: the room has another log, or a change was not told. */
  restart() {
    this.messages.clear();
    this.complete = false;
    this.#before = 0;
  }
}
