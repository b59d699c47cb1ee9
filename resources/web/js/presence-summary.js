// @ts-check
/**
 * Sums up the joins, leaves and renames in a row. A join and a leave of the same person cancel each other, and of
 * several names of one person the first and the last count.
 *
 * @typedef {{nickname: string, author: string, joined: boolean, time: number}} PresenceChange
 * @typedef {{old: string, nickname: string, author: string, time: number}} Rename
 */

/** Most people who are named, as in the window; the others are counted. */
const MOST_NAMED = 100;

export class PresenceSummary {
  /** @type {Map<string, PresenceChange>} by nickname */
  #changes = new Map();
  /** @type {Map<string, Rename>} by the nickname of now */
  #renames = new Map();
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

  /** @param {Rename} rename */
  rename({ old, nickname, author, time }) {
    const arrival = this.#changes.get(old);
    const before = this.#renames.get(old);
    this.#changes.delete(old);
    this.#renames.delete(old);
    if (arrival?.joined) this.#changes.set(nickname, { ...arrival, nickname });
    else if (arrival) this.#changes.set(old, arrival);
    const first = before?.old ?? old;
    if (!arrival?.joined && first !== nickname) this.#renames.set(nickname, { old: first, nickname, author, time });
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
    if (!size && !this.#othersJoined && !this.#othersLeft && !this.#renames.size) return null;
    /** @type {PresenceChange[]} */
    const named = [];
    for (const change of this.#changes.values()) {
      if (named.push(change) === MOST_NAMED) break;
    }
    const joined = this.#joined + this.#othersJoined;
    const renamed = [...this.#renames.values()].slice(0, MOST_NAMED);
    return { changes: named, joined, left: size - this.#joined + this.#othersLeft, renamed };
  }
}
