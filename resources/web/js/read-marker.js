// @ts-check
/**
 * How far one has read, and the line above what came while one was away.
 *
 * The line stays where it is while one reads, and moves only when something new comes after all was read.
 *
 * @typedef {{after: number, upTo: number, since: number, met: boolean}} Divider it stands behind the message `after`;
 *   new were the messages up to `upTo`, since the time `since` (ms since 1970); `met`: it has been in sight
 * @typedef {{epoch: string, seq: number, time: number, divider: Divider | null}} ReadPosition what outlives a reload
 */

export class ReadMarker {
  /** @param {ReadPosition | null} kept of last time */
  constructor(kept) {
    /** @type {ReadPosition} */
    this.position = kept ?? { epoch: "", seq: 0, time: 0, divider: null };
  }

  get divider() {
    return this.position.divider;
  }

  /**
   * How many messages have not been read.
   * @param {number} latest
   */
  unread(latest) {
    return this.position.epoch ? Math.max(latest - this.position.seq, 0) : 0;
  }

  /**
   * Read in this log. Who is new here has nothing to catch up on; a log begun afresh is new from its first message.
   * @param {string} epoch
   * @param {number} latest
   * @param {number} now
   */
  open(epoch, latest, now) {
    const { position } = this;
    if (position.epoch === epoch) return;
    const known = position.epoch !== "";
    this.position = { epoch, seq: known ? 0 : latest, time: known ? position.time : now, divider: null };
  }

  /**
   * This message and all before it have been in sight.
   * @param {number} seq
   * @param {number} time when it was said
   */
  markRead(seq, time) {
    if (seq > this.position.seq) this.position = { ...this.position, seq, time };
  }

  /**
   * This message, the next one, is one's own: it has been read, and the line does not stand above it.
   * @param {number} seq
   * @param {number} time when it was said
   */
  passOwn(seq, time) {
    if (seq === this.position.seq + 1) this.markRead(seq, time);
    const { divider } = this.position;
    if (divider?.after !== seq - 1) return;
    const line = seq < divider.upTo ? { ...divider, after: seq } : null;
    this.position = { ...this.position, divider: line };
  }

  /**
   * Messages up to this one exist: those that have not been read stand behind a line.
   * @param {number} latest
   */
  updateDivider(latest) {
    const { seq, time, divider } = this.position;
    if (!this.position.epoch || latest <= seq || divider?.upTo === latest) return; // without an epoch, nothing is open yet
    const continues = divider && seq < divider.upTo;
    const line = continues ? { ...divider, upTo: latest } : { after: seq, upTo: latest, since: time, met: false };
    this.position = { ...this.position, divider: line };
  }

  /** The line has been in sight. */
  markDividerSeen() {
    const { divider } = this.position;
    if (divider && !divider.met) this.position = { ...this.position, divider: { ...divider, met: true } };
  }

  /**
   * Who answers has read.
   * @param {number} latest
   * @param {number} now
   */
  markAllRead(latest, now) {
    this.markRead(latest, now);
    if (this.position.divider) this.position = { ...this.position, divider: null };
  }

  /**
   * Another tab has read further.
   * @param {ReadPosition | null} mark
   */
  merge(mark) {
    if (mark?.epoch === this.position.epoch) this.markRead(mark.seq, mark.time);
  }
}
