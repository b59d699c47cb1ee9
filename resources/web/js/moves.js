// @ts-check
/**
 * Who came and who went while nothing else happened. Who comes and goes again is not worth a word.
 *
 * @typedef {{nickname: string, joined: boolean, time: number}} Move
 */

/** So many are named, the others counted, as in the window. */
const NAMED = 100;

export class Moves {
  /** @type {Map<string, Move>} by nickname */
  #moves = new Map();
  #joined = 0;

  /** @param {Move} move */
  add(move) {
    const before = this.#moves.get(move.nickname);
    if (before?.joined === move.joined) return;
    this.#joined += before ? -Number(before.joined) : Number(move.joined);
    if (before) this.#moves.delete(move.nickname);
    else this.#moves.set(move.nickname, move);
  }

  /** How many came and went, and the first of them; null for nobody. */
  get summary() {
    const { size } = this.#moves;
    if (!size) return null;
    /** @type {Move[]} */
    const named = [];
    for (const move of this.#moves.values()) {
      if (named.push(move) === NAMED) break;
    }
    return { moves: named, joined: this.#joined, left: size - this.#joined };
  }
}
