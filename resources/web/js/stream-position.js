// @ts-check
/**
 * How far the changes of a room have been followed: the next resume begins there. Changes come in order. Some have no
 * event of their own: those that a later change of the same message has overtaken before they were sent. So a missing
 * number is no gap, but a missing message is.
 */
export class StreamPosition {
  #interrupted = false;

  constructor() {
    /** The highest change received before anything was missing; 0 for a host that counts none. */
    this.change = 0;
  }

  /** The room has another log. */
  reset() {
    this.change = 0;
    this.#interrupted = false;
  }

  /**
   * A page that continues the stream ends with this change: nothing is missing any more.
   * @param {number} change 0 for any other page
   */
  reach(change) {
    if (!change) return;
    this.change = Math.max(this.change, change);
    this.#interrupted = false;
  }

  /**
   * A change has come. Beyond a gap, a resume has to bring what is missing, and this again.
   * @param {number} change
   * @param {boolean} gap whether messages are missing before it
   */
  receive(change, gap) {
    this.#interrupted ||= gap;
    if (!this.#interrupted) this.change = Math.max(this.change, change);
  }
}
