// @ts-check
/**
 * What is searched for and what has been found. Only the answer to the newest question counts.
 *
 * @typedef {import("./protocol.js").Command} Command
 * @typedef {{message: import("./protocol.js").Message, parts: string[]}} Hit every second part is what was searched for
 */

/** Hits in an answer. */
const PAGE = 50;
/** What the host takes for part of a word: letters, figures, emoji. */
const WORD = /[\p{L}\p{N}]|(?!\p{ASCII})[\p{So}\p{Sk}]/u;

export class Search {
  /** @type {"" | "first" | "further"} the answer that is due */
  #due = "";

  constructor() {
    this.query = "";
    /** The query that the hits belong to. */
    this.answered = "";
    /** @type {Hit[]} */
    this.hits = [];
    /** Whether older hits exist. */
    this.more = false;
    /** Why the host could not search: a sentence, or empty. */
    this.refusal = "";
  }

  /** Whether there was any word in what was asked. */
  get hasWord() {
    return WORD.test(this.answered);
  }

  get busy() {
    return this.#due !== "";
  }

  /**
   * Look for something else; what was found before stays until the answer comes.
   * @param {string} query
   */
  start(query) {
    this.query = query;
    this.refusal = "";
    this.#due = query ? "first" : "";
    if (!query) Object.assign(this, { hits: [], more: false, answered: "" });
  }

  /** Look for older hits, too. */
  further() {
    if (!this.#due && this.more) this.#due = "further";
  }

  /** What to ask the host, now or once more; null when no answer is due. @returns {Command | null} */
  get command() {
    if (!this.#due) return null;
    const before = this.#due === "further" ? { before: this.hits.at(-1)?.message.seq } : {};
    return { type: "search", query: this.query, limit: PAGE, ...before };
  }

  /**
   * Answers whether anything changed.
   * @param {{query: string, hits: Hit[], more: boolean}} event
   */
  take({ query, hits, more }) {
    if (query !== this.query || !this.#due || (this.#due === "further" && !this.#follows(hits))) return false;
    this.hits = this.#due === "first" ? hits : [...this.hits, ...hits];
    Object.assign(this, { more, answered: query });
    this.#due = "";
    return true;
  }

  /** @param {string} sentence */
  refuse(sentence) {
    this.refusal = sentence;
    this.#due = "";
  }

  /** The room's log began anew: nothing of what was found is there. */
  forget() {
    Object.assign(this, { hits: [], more: false, answered: "" });
    this.start(this.query);
  }

  /** @param {Hit[]} hits */
  #follows(hits) {
    const last = this.hits.at(-1)?.message.seq ?? 0;
    return hits.every((hit) => hit.message.seq < last);
  }
}
