// @ts-check
/**
 * How far the person has read, and the divider above the new messages.
 *
 * The divider stays in place while the person reads. It moves only if new messages arrive after all have been read.
 *
 * @typedef {{after: number, upTo: number, since: number, met: boolean}} Divider it stands behind the message `after`;
 *   the messages up to `upTo` were new, since the time `since` (ms since 1970); `met`: it has been visible
 * @typedef {{epoch: string, seq: number, time: number, divider: Divider | null}} StoredPosition as it is stored
 */

export class ReadPosition {
  /** @param {StoredPosition | null} stored from the last visit */
  constructor(stored) {
    /** @type {StoredPosition} */
    this.stored = stored ?? { epoch: "", seq: 0, time: 0, divider: null };
  }

  get divider() {
    return this.stored.divider;
  }

  /**
   * The number of unread messages.
   * @param {number} latest
   */
  unread(latest) {
    return this.stored.epoch ? Math.max(latest - this.stored.seq, 0) : 0;
  }

  /**
   * Set the log. A newcomer has nothing to catch up on; of a new log in a known room every message is new.
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
   * This message and all before it have been visible.
   * @param {number} seq
   * @param {number} time of the message
   */
  markRead(seq, time) {
    if (seq > this.stored.seq) this.stored = { ...this.stored, seq, time };
  }

  /**
   * The next message is one's own: it counts as read, and the divider moves below it.
   * @param {number} seq
   * @param {number} time of the message
   */
  passOwn(seq, time) {
    if (seq === this.stored.seq + 1) this.markRead(seq, time);
    const { divider } = this.stored;
    if (divider?.after !== seq - 1) return;
    const line = seq < divider.upTo ? { ...divider, after: seq } : null;
    this.stored = { ...this.stored, divider: line };
  }

  /**
   * Place the divider above the unread messages up to the newest one.
   * @param {number} latest
   */
  updateDivider(latest) {
    const { seq, time, divider } = this.stored;
    if (!this.stored.epoch || latest <= seq || divider?.upTo === latest) return; // without an epoch no log is set
    const continues = divider && seq < divider.upTo;
    const line = continues ? { ...divider, upTo: latest } : { after: seq, upTo: latest, since: time, met: false };
    this.stored = { ...this.stored, divider: line };
  }

  /** The divider has been visible. */
  markDividerSeen() {
    const { divider } = this.stored;
    if (divider && !divider.met) this.stored = { ...this.stored, divider: { ...divider, met: true } };
  }

  /**
   * All messages count as read, because the person has answered.
   * @param {number} latest
   * @param {number} now
   */
  markAllRead(latest, now) {
    this.markRead(latest, now);
    if (this.stored.divider) this.stored = { ...this.stored, divider: null };
  }

  /**
   * Another tab has read further.
   * @param {StoredPosition | null} position
   */
  merge(position) {
    if (position?.epoch === this.stored.epoch) this.markRead(position.seq, position.time);
  }
}
