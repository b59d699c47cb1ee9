// @ts-check
/**
 * How far one has read, and the line above what came while one was away.
 *
 * The line stays where it is while one reads, and moves only when something new comes after all was read.
 *
 * @typedef {{after: number, upTo: number, since: number, met: boolean}} Divider it stands behind the message `after`;
 *   new were the messages up to `upTo`, since the time `since` (ms since 1970); `met`: it has been in sight
 * @typedef {{epoch: string, seq: number, time: number, divider: Divider | null}} StoredPosition what outlives a reload
 */

export class ReadPosition {
  /** @param {StoredPosition | null} kept of last time */
  constructor(kept) {
    /** @type {StoredPosition} */
    this.stored = kept ?? { epoch: "", seq: 0, time: 0, divider: null };
  }

  get divider() {
    return this.stored.divider;
  }

  /**
   * How many messages have not been read.
   * @param {number} latest
   */
  unread(latest) {
    return this.stored.epoch ? Math.max(latest - this.stored.seq, 0) : 0;
  }

  /**
   * Read in this log. Who is new here has nothing to catch up on; a log begun afresh is new from its first message.
   * @param {string} epoch
   * @param {number} latest
   * @param {number} now
   */
  open(epoch, latest, now) {
    const { stored } = this;
    if (stored.epoch === epoch) return;
    const known = stored.epoch !== "";
    this.stored = { epoch, seq: known ? 0 : latest, time: known ? stored.time : now, divider: null };
  }

  /**
   * This message and all before it have been in sight.
   * @param {number} seq
   * @param {number} time when it was said
   */
  markRead(seq, time) {
    if (seq > this.stored.seq) this.stored = { ...this.stored, seq, time };
  }

  /**
   * This message, the next one, is one's own: it has been read, and the line does not stand above it.
   * @param {number} seq
   * @param {number} time when it was said
   */
  passOwn(seq, time) {
    if (seq === this.stored.seq + 1) this.markRead(seq, time);
    const { divider } = this.stored;
    if (divider?.after !== seq - 1) return;
    const line = seq < divider.upTo ? { ...divider, after: seq } : null;
    this.stored = { ...this.stored, divider: line };
  }

  /**
   * Messages up to this one exist: those that have not been read stand behind a line.
   * @param {number} latest
   */
  updateDivider(latest) {
    const { seq, time, divider } = this.stored;
    if (!this.stored.epoch || latest <= seq || divider?.upTo === latest) return; // without an epoch, nothing is open yet
    const continues = divider && seq < divider.upTo;
    const line = continues ? { ...divider, upTo: latest } : { after: seq, upTo: latest, since: time, met: false };
    this.stored = { ...this.stored, divider: line };
  }

  /** The line has been in sight. */
  markDividerSeen() {
    const { divider } = this.stored;
    if (divider && !divider.met) this.stored = { ...this.stored, divider: { ...divider, met: true } };
  }

  /**
   * Who answers has read.
   * @param {number} latest
   * @param {number} now
   */
  markAllRead(latest, now) {
    this.markRead(latest, now);
    if (this.stored.divider) this.stored = { ...this.stored, divider: null };
  }

  /**
   * Another tab has read further.
   * @param {StoredPosition | null} mark
   */
  merge(mark) {
    if (mark?.epoch === this.stored.epoch) this.markRead(mark.seq, mark.time);
  }
}
