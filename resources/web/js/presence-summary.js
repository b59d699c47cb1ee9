// @ts-check
/**
 * Sums up the joins and leaves in a row. A join and a leave of the same person cancel each other.
 *
 * @typedef {{nickname: string, author: string, joined: boolean, time: number}} PresenceChange
 */

/** Most people who are named, as in the window; the others are counted. */
const MOST_NAMED = 100;

export class PresenceSummary {
  /** @type {Map<string, PresenceChange>} by nickname */
  #changes = new Map();
  #joined = 0;
  /** How many others have joined and left, whom nobody names. */
  #othersJoined = 0;
  #othersLeft = 0;

  /** @param {PresenceChange} change */
  add(change) {
    const before = this.#changes.get(change.nickname);
    if (before?.joined === change.joined) return;
    this.#joined += before ? -Number(before.joined) : Number(change.joined);
    if (before) this.#changes.delete(change.nickname);
    else this.#changes.set(change.nickname, change);
  }

  /**
   * Count people who are not named.
   * @param {number} count negative for people who have left
   */
  addOthers(count) {
    if (count > 0) this.#othersJoined += count;
    else this.#othersLeft -= count;
  }

  /** The first changes, and how many people have joined and left; null if nothing is left. */
  get summary() {
    const { size } = this.#changes;
    if (!size && !this.#othersJoined && !this.#othersLeft) return null;
    /** @type {PresenceChange[]} */
    const named = [];
    for (const change of this.#changes.values()) {
      if (named.push(change) === MOST_NAMED) break;
    }
    const joined = this.#joined + this.#othersJoined;
    return { changes: named, joined, left: size - this.#joined + this.#othersLeft };
  }
}
