// @ts-check
/**
 * What is searched for and what has been found. Only the answer to the newest question counts.
 *
 * @typedef {{message: import("./protocol.js").Message, parts: string[]}} Hit every second part is what was searched for
 */

/** Hits in an answer. */
const PAGE = 50;
/** After so many hits a person asks for something else. */
const MOST = 1000;

export class Search {
  /** @type {"" | "first" | "further" | "again" | "note"} the answer that is due */
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
    /** What the host says of the search: a sentence, or empty. */
    this.note = "";
    /** Whether the host cannot search everything yet. */
    this.preparing = false;
  }

  /** Whether somebody waits for an answer. */
  get busy() {
    return this.#due === "first" || this.#due === "further";
  }

  /**
   * Look for something else; what was found before stays until the answer comes.
   * @param {string} query
   */
  start(query) {
    this.query = query;
    this.refusal = "";
    this.#due = query ? "first" : "";
    if (query) return;
    this.#drop();
    this.note = "";
    this.preparing = false;
  }

  /** Look for older hits, too. */
  further() {
    if (!this.busy && this.more) this.#due = "further";
  }

  /**
   * Some time has passed: a host that was still preparing may be further by now. Nobody has asked for more hits than there
   * are; only where these were all, those beyond are of interest. Answers whether to ask.
   */
  lookAgain() {
    if (!this.preparing || this.#due || this.answered !== this.query) return false;
    this.#due = this.more ? "note" : "again";
    return true;
  }

  /** What to ask the host, now or once more; null when no answer is due. @returns {import("./protocol.js").Search | null} */
  get command() {
    if (!this.#due) return null;
    const last = this.#due === "first" ? undefined : this.hits.at(-1);
    const limit = this.#due === "note" ? 1 : PAGE;
    return { type: "search", query: this.query, limit, ...(last && { before: last.message.seq }) };
  }

  /**
   * Answers whether anything changed.
   * @param {{query: string, hits: Hit[], more: boolean, note?: string, prepared?: number}} event
   */
  take({ query, hits, more, note = "", prepared = 100 }) {
    if (query !== this.query || !this.#due || (this.#due !== "first" && !this.#follows(hits))) return false;
    if (this.#due !== "note") {
      this.hits = this.#due === "first" ? hits : [...this.hits, ...hits];
      // A host that has more and more of nothing is not asked for ever.
      this.more = more && hits.length > 0 && this.hits.length < MOST;
    }
    this.answered = query;
    this.note = note;
    this.preparing = prepared < 100;
    this.#due = "";
    return true;
  }

  /** @param {string} sentence */
  refuse(sentence) {
    this.refusal = sentence;
    this.#due = "";
  }

  /** The room has another log now, without anything of what was found. */
  forget() {
    this.#drop();
    this.start(this.query);
  }

  #drop() {
    this.hits = [];
    this.more = false;
    this.answered = "";
  }

  /** @param {Hit[]} hits */
  #follows(hits) {
    const last = this.hits.at(-1);
    return !last || hits.every((hit) => hit.message.seq < last.message.seq);
  }
}
