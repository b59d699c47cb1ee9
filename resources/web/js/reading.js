// @ts-check
/**
 * How far one has read, and the line above what came while one was away.
 *
 * The line stays where it is while one reads, and moves only when something new comes after all was read.
 *
 * @typedef {{after: number, upTo: number, since: number, met: boolean}} Divider it stands behind the message `after`;
 *   new were the messages up to `upTo`, since the time `since` (ms since 1970); `met`: it has been in sight
 * @typedef {{epoch: string, seq: number, time: number, divider: Divider | null}} Mark what outlives a reload
 */

export class Reading {
  /** @param {Mark | null} kept of last time */
  constructor(kept) {
    /** @type {Mark} */
    this.mark = kept ?? { epoch: "", seq: 0, time: 0, divider: null };
  }

  get divider() {
    return this.mark.divider;
  }

  /**
   * How many messages have not been read.
   * @param {number} latest
   */
  unread(latest) {
    return this.mark.epoch ? Math.max(latest - this.mark.seq, 0) : 0;
  }

  /**
   * Read in this log. Who is new here has nothing to catch up on; a log begun afresh is new from its first message.
   * @param {string} epoch
   * @param {number} latest
   * @param {number} now
   */
  open(epoch, latest, now) {
    const { mark } = this;
    if (mark.epoch === epoch) return;
    const known = mark.epoch !== "";
    this.mark = { epoch, seq: known ? 0 : latest, time: known ? mark.time : now, divider: null };
  }

  /**
   * This message and all before it have been in sight.
   * @param {number} seq
   * @param {number} time when it was said
   */
  saw(seq, time) {
    if (seq > this.mark.seq) this.mark = { ...this.mark, seq, time };
  }

  /**
   * This message, the next one, is one's own: it has been read, and the line does not stand above it.
   * @param {number} seq
   * @param {number} time when it was said
   */
  pass(seq, time) {
    if (seq === this.mark.seq + 1) this.saw(seq, time);
    const { divider } = this.mark;
    if (divider?.after !== seq - 1) return;
    const line = seq < divider.upTo ? { ...divider, after: seq } : null;
    this.mark = { ...this.mark, divider: line };
  }

  /**
   * Messages up to this one exist: those that have not been read stand behind a line.
   * @param {number} latest
   */
  note(latest) {
    const { seq, time, divider } = this.mark;
    if (!this.mark.epoch || latest <= seq || divider?.upTo === latest) return; // without an epoch, nothing is open yet
    const continues = divider && seq < divider.upTo;
    const line = continues ? { ...divider, upTo: latest } : { after: seq, upTo: latest, since: time, met: false };
    this.mark = { ...this.mark, divider: line };
  }

  /** The line has been in sight. */
  meet() {
    const { divider } = this.mark;
    if (divider && !divider.met) this.mark = { ...this.mark, divider: { ...divider, met: true } };
  }

  /**
   * Who answers has read.
   * @param {number} latest
   * @param {number} now
   */
  clear(latest, now) {
    this.saw(latest, now);
    if (this.mark.divider) this.mark = { ...this.mark, divider: null };
  }

  /**
   * Another tab has read further.
   * @param {Mark | null} mark
   */
  adopt(mark) {
    if (mark?.epoch === this.mark.epoch) this.saw(mark.seq, mark.time);
  }
}
