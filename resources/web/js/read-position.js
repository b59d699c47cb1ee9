// @ts-check
/**
 * How far the person has read, and the divider above the new messages. One's own messages are never new.
 *
 * The divider stays in place while the person reads. It moves only if new messages arrive after all have been read.
 *
 * @typedef {{after: number, upTo: number, since: number, met: boolean}} Divider it stands behind the message `after`;
 *   the messages up to `upTo` were new, since the time `since` (ms since 1970); `met`: it has been visible
 * @typedef {{epoch: string, seq: number, time: number, divider: Divider | null, held: boolean}} StoredPosition as it is
 *   stored; `held`: what is in view does not count as seen, as the person has set the position back and is still here
 * @typedef {object} ServerMark how far the person has read on all devices, as the host knows it
 * @property {string} epoch
 * @property {number} seq
 * @property {number} last_seq the newest message that was counted
 * @property {number} unread messages of others between the two
 * @property {number} mentions those of them that mention the person
 */

/** Own messages that are remembered behind the read position: the person may write in another window. */
const MOST_OWN = 1000;

export class ReadPosition {
  /** @type {Set<number>} own messages behind the read position or the divider */
  #own = new Set();
  /** Whether all of the log counts as read only because nobody has said what is. */
  #assumed = false;
  /** @type {ServerMark | null} */
  server = null;
  /** Whether the host does not know yet that the person has set the position back. */
  untoldBack = false;
  /**
   * While it is held: the last message in view; a later one is read on to. Null: not known yet.
   * @type {number | null}
   */
  #inView = null;
  /** Whether the person had set it back when the page was last loaded, and has not shown the room since. */
  #restored = false;

  /** @param {StoredPosition | null} [stored] from the last visit */
  constructor(stored = null) {
    /** @type {StoredPosition} */
    this.stored = stored ?? { epoch: "", seq: 0, time: 0, divider: null, held: false };
    this.#restored = this.stored.held;
  }

  get divider() {
    return this.stored.divider;
  }

  /** How many messages of others are between the divider and the newest one when it was placed. */
  get newCount() {
    const { divider } = this.stored;
    return divider ? this.#countOthers(divider.after, divider.upTo) : 0;
  }

  /** Whether the host does not know yet how far the person has read. */
  get untold() {
    const { server, stored } = this;
    return server !== null && !this.#assumed && server.epoch === stored.epoch && stored.seq > server.seq;
  }

  /**
   * The number of messages of others after the last one that was seen, where they are not loaded: the host has counted
   * up to some of them.
   * @param {number} newest
   * @param {number} [oldest] that the host has
   */
  unread(newest, oldest = 1) {
    const { server, stored } = this;
    const after = Math.max(stored.seq, oldest - 1);
    if (!stored.epoch) return 0;
    if (server?.epoch === stored.epoch && server.seq === stored.seq)
      return server.unread + this.#countOthers(Math.max(after, server.last_seq), newest);
    return this.#countOthers(after, newest);
  }

  /**
   * The number of messages after the last one that was seen that mention the person: of those that are loaded where all
   * of them are, otherwise as the host has counted them, and what has come since.
   * @param {import("./transcript.js").Transcript} transcript
   * @param {(message: import("./transcript.js").MessageEntry) => boolean} isMentioned
   */
  mentions({ entries, newestSeq, oldestSeq }, isMentioned) {
    const { server, stored } = this;
    const messages = entries.filter((it) => it.kind === "message");
    let after = Math.max(stored.seq, oldestSeq - 1);
    let counted = 0;
    const areLoaded = messages.length > 0 && messages[0].seq <= after + 1 && messages.at(-1)?.seq === newestSeq;
    if (!areLoaded && server?.epoch === stored.epoch && server.seq === stored.seq) {
      after = Math.max(after, server.last_seq);
      counted = server.mentions;
    }
    return counted + messages.filter((it) => it.seq > after && isMentioned(it)).length;
  }

  /**
   * The host says how far the person has read. It has moved forward, or some device has set it back.
   * @param {ServerMark} server
   * @param {number} newest
   * @param {number} time of the last message that was read, ms since 1970
   * @param {number[] | null} [own] the person's messages after it, if it was set back
   */
  told(server, newest, time, own = null) {
    const known = this.server;
    this.server = server;
    const { stored } = this;
    if (server.epoch !== stored.epoch || this.untoldBack) return;
    if (own && known && stored.seq <= known.seq) return void this.#hold(server.seq, newest, time, own);
    if (server.seq > stored.seq) this.release();
    const seq = Math.min(server.seq, newest);
    if (this.#assumed) {
      this.#assumed = false;
      this.stored = { ...this.stored, seq, time, divider: null };
      this.divide(newest);
    } else if (seq > stored.seq) {
      const unseen = stored.divider !== null && stored.seq <= stored.divider.after;
      this.markRead(seq, time);
      if (!unseen) return;
      this.stored = { ...this.stored, divider: null };
      this.divide(newest);
    }
  }

  /**
   * Set the log. Nothing in a log that is new to this page is unread.
   * @param {string} epoch
   * @param {number} newest
   * @param {number} now
   */
  open(epoch, newest, now) {
    const { stored } = this;
    if (stored.epoch === epoch) {
      this.stored = stored.seq > newest ? { ...stored, seq: newest } : stored;
    } else {
      this.#own.clear();
      this.stored = { epoch, seq: newest, time: now, divider: null, held: false };
      this.#restored = false;
      this.#assumed = true;
    }
    if (this.server) this.told(this.server, newest, now);
  }

  /**
   * This message and all before it have been visible.
   * @param {number} seq
   * @param {number} time of the message
   */
  markRead(seq, time) {
    if (!this.stored.held && seq > this.stored.seq) this.stored = { ...this.stored, seq, time };
    this.#forgetOwn();
  }

  /**
   * This message is one's own: it is not new. Directly behind what was read it counts as read, and the divider moves
   * below it.
   * @param {number} seq
   * @param {number} time of the message
   */
  addOwn(seq, time) {
    if (seq <= this.#start || this.#own.has(seq)) return;
    this.#own.add(seq);
    while (this.#own.has(this.stored.seq + 1)) this.stored = { ...this.stored, seq: this.stored.seq + 1, time };
    this.#moveDivider();
    this.#forgetOwn();
  }

  /**
   * Place the divider above the messages that are new up to the newest one, if there are any.
   * @param {number} newest
   */
  divide(newest) {
    const { epoch, seq, time, divider } = this.stored;
    const continues = divider !== null && seq < divider.upTo;
    const after = continues ? divider.after : seq;
    if (!epoch || divider?.upTo === newest || !this.#countOthers(Math.max(seq, after), newest)) return;
    const line = continues ? { ...divider, upTo: newest } : { after, upTo: newest, since: time, met: false };
    this.stored = { ...this.stored, divider: line };
    this.#moveDivider();
  }

  /** The divider has been visible. */
  markDividerSeen() {
    const { divider } = this.stored;
    if (divider && !divider.met) this.stored = { ...this.stored, divider: { ...divider, met: true } };
  }

  /**
   * All messages count as read, because the person has answered.
   * @param {number} newest
   * @param {number} now
   */
  markAllRead(newest, now) {
    this.#assumed = this.untoldBack = false;
    this.release();
    if (this.stored.divider) this.stored = { ...this.stored, divider: null };
    this.markRead(newest, now);
  }

  /**
   * The person wants all after this message to be unread again, although it is in view.
   * @param {number} seq
   * @param {number} newest
   * @param {number} time of the message
   * @param {number[]} own the person's messages after it
   */
  setBack(seq, newest, time, own) {
    if (seq >= this.stored.seq && !this.stored.held) return;
    this.untoldBack ||= seq < this.stored.seq;
    this.#hold(seq, newest, time, own);
  }

  /** What is in view counts as seen again: the person has gone on. */
  release() {
    this.#restored = false;
    if (this.stored.held) this.stored = { ...this.stored, held: false };
  }

  /** The person shows the room: what is in view counts as seen, unless they go on with what was shown before. */
  show() {
    if (!this.#restored) this.release();
    this.#restored = false;
  }

  /**
   * A message is visible since the person has set the position back: it is in view, or they have read on. What arrives
   * below the end is in view by itself: that is no reading.
   * @param {number} seq
   * @param {number} newest
   */
  readOn(seq, newest) {
    if (!this.stored.held) return;
    if (this.#inView === null) this.#inView = lastInView(seq, newest);
    else if (seq > this.#inView) this.release();
  }

  /**
   * @param {number} seq
   * @param {number} newest
   * @param {number} time
   * @param {number[]} own
   */
  #hold(seq, newest, time, own) {
    if (!this.stored.held) this.#inView = lastInView(this.stored.seq, newest);
    this.#assumed = false;
    for (const mine of own) this.#own.add(mine);
    this.stored = { ...this.stored, seq: Math.max(0, seq), time, divider: null, held: true };
    this.divide(newest);
  }

  /**
   * Another tab has read further.
   * @param {StoredPosition | null} position
   */
  merge(position) {
    if (position?.epoch === this.stored.epoch) this.markRead(position.seq, position.time);
  }

  /** Own messages up to here need not be remembered. */
  get #start() {
    const { seq, divider } = this.stored;
    return divider ? Math.min(seq, divider.after) : seq;
  }

  /** The divider is not above own messages: it moves below them, and goes if nothing else is there. */
  #moveDivider() {
    const { divider } = this.stored;
    if (!divider || !this.#own.has(divider.after + 1)) return;
    let { after } = divider;
    while (this.#own.has(after + 1)) after += 1;
    this.stored = { ...this.stored, divider: after < divider.upTo ? { ...divider, after } : null };
  }

  #forgetOwn() {
    for (const seq of this.#own) if (seq <= this.#start || this.#own.size > MOST_OWN) this.#own.delete(seq);
  }

  /**
   * @param {number} after
   * @param {number} upTo
   */
  #countOthers(after, upTo) {
    const own = [...this.#own].filter((seq) => seq > after && seq <= upTo).length;
    return Math.max(upTo - after - own, 0);
  }
}

/**
 * The last message in view: whatever arrives, if that is the newest one.
 * @param {number} seq
 * @param {number} newest
 */
function lastInView(seq, newest) {
  return seq < newest ? seq : Infinity;
}
