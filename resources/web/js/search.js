// @ts-check
/**
 * What is searched for and what has been found. Only the answer to the newest question counts.
 *
 * @typedef {{message: import("./protocol.js").Message, parts: string[]}} Hit every second part is what was searched for
 */

/** Hits in an answer. */
const PAGE_HITS = 50;
/** After so many hits a person asks for something else. */
const MOST_HITS = 1000;

export class SearchState {
  /** @type {"" | "first" | "further" | "again" | "note"} the answer that is due */
  #pending = "";

  constructor() {
    this.query = "";
    /** The query that the hits belong to. */
    this.answeredQuery = "";
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
    return this.#pending === "first" || this.#pending === "further";
  }

  /**
   * Look for something else; what was found before stays until the answer comes.
   * @param {string} query
   */
  start(query) {
    this.query = query;
    this.refusal = "";
    this.#pending = query ? "first" : "";
    if (query) return;
    this.#clear();
    this.note = "";
    this.preparing = false;
  }

  /** Look for older hits, too. */
  loadMore() {
    if (!this.busy && this.more) this.#pending = "further";
  }

  /**
   * Some time has passed: a host that was still preparing may be further by now. Nobody has asked for more hits than there
   * are; only where these were all, those beyond are of interest. Answers whether to ask.
   */
  refresh() {
    if (!this.preparing || this.#pending || this.answeredQuery !== this.query) return false;
    this.#pending = this.more ? "note" : "again";
    return true;
  }

  /** What to ask the host, now or once more; null when no answer is due. @returns {import("./protocol.js").Search | null} */
  get command() {
    if (!this.#pending) return null;
    const last = this.#pending === "first" ? undefined : this.hits.at(-1);
    const limit = this.#pending === "note" ? 1 : PAGE_HITS;
    return { type: "search", query: this.query, limit, ...(last && { before: last.message.seq }) };
  }

  /**
   * Answers whether anything changed.
   * @param {{query: string, hits: Hit[], more: boolean, note?: string, prepared?: number}} event
   */
  receive({ query, hits, more, note = "", prepared = 100 }) {
    if (query !== this.query || !this.#pending || (this.#pending !== "first" && !this.#follows(hits))) return false;
    if (this.#pending !== "note") {
      this.hits = this.#pending === "first" ? hits : [...this.hits, ...hits];
      // A host that has more and more of nothing is not asked for ever.
      this.more = more && hits.length > 0 && this.hits.length < MOST_HITS;
    }
    this.answeredQuery = query;
    this.note = note;
    this.preparing = prepared < 100;
    this.#pending = "";
    return true;
  }

  /** @param {string} sentence */
  refuse(sentence) {
    this.refusal = sentence;
    this.#pending = "";
  }

  /** The room has another log now, without anything of what was found. */
  forget() {
    this.#clear();
    this.start(this.query);
  }

  #clear() {
    this.hits = [];
    this.more = false;
    this.answeredQuery = "";
  }

  /** @param {Hit[]} hits */
  #follows(hits) {
    const last = this.hits.at(-1);
    return !last || hits.every((hit) => hit.message.seq < last.message.seq);
  }
}
