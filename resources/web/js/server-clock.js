// @ts-check
/** The host's clock: the time there, whatever the clock of this device says. */

export class ServerClock {
  /** @type {{then: number, at: number} | null} what it has shown, and when that was by a monotonic clock here */
  #told = null;

  /**
   * @param {string} timestamp
   * @param {number} now ms of a monotonic clock
   */
  tell(timestamp, now) {
    this.#told = { then: Date.parse(timestamp), at: now };
  }

  /**
   * The time in ms since 1970; null if it is unknown.
   * @param {number} now ms of the same clock
   */
  time(now) {
    return this.#told && this.#told.then + now - this.#told.at;
  }
}
