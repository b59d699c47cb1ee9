// @ts-check
/**
 * Who came and who went while nothing else happened. Who comes and goes again is not worth a word.
 *
 * @typedef {{nickname: string, joined: boolean, time: number}} PresenceChange
 */

/** So many are named, the others counted, as in the window. */
const MOST_NAMED = 100;

export class PresenceSummary {
  /** @type {Map<string, PresenceChange>} by nickname */
  #changes = new Map();
  #joined = 0;

  /** @param {PresenceChange} change */
  add(change) {
    const before = this.#changes.get(change.nickname);
    if (before?.joined === change.joined) return;
    this.#joined += before ? -Number(before.joined) : Number(change.joined);
    if (before) this.#changes.delete(change.nickname);
    else this.#changes.set(change.nickname, change);
  }

  /** How many came and went, and the first of them; null for nobody. */
  get summary() {
    const { size } = this.#changes;
    if (!size) return null;
    /** @type {PresenceChange[]} */
    const named = [];
    for (const change of this.#changes.values()) {
      if (named.push(change) === MOST_NAMED) break;
    }
    return { changes: named, joined: this.#joined, left: size - this.#joined };
  }
}
