// @ts-check
/**
 * The state of a search: the query and its hits. Only the answer to what is wanted counts.
 *
 * @typedef {import("./protocol.js").Search} SearchCommand
 * @typedef {{message: import("./protocol.js").Message, parts: string[]}} Hit every second part matches the query
 */

/** Hits per answer: more than a screen shows. */
const PAGE_HITS = 50;
/** Most hits that are listed: a person refines the query before. */
const MOST_HITS = 1000;

export class SearchState {
  /** @type {"" | "first" | "further" | "again" | "note"} the kind of answer that is pending */
  #pending = "";

  constructor() {
    this.query = "";
    /** The query that the hits answer. */
    this.answeredQuery = "";
    /** @type {Hit[]} */
    this.hits = [];
    /** Whether older hits exist. */
    this.more = false;
    /** Why the host could not search: a sentence, or empty. */
    this.refusal = "";
    /** The host's note about the search: a sentence, or empty. */
    this.note = "";
    /** Whether the host still prepares its index. */
    this.preparing = false;
  }

  /** Whether the person waits for an answer. */
  get busy() {
    return this.#pending === "first" || this.#pending === "further";
  }

  /**
   * Start a search. The former hits stay until the answer arrives.
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

  /** Request older hits. */
  loadMore() {
    if (!this.busy && this.more) this.#pending = "further";
  }

  /**
   * Repeat the search if the host was still preparing its index: for further hits if all known ones are here, otherwise
   * only for the host's note. Returns whether to send it.
   */
  refresh() {
    if (!this.preparing || this.#pending || this.answeredQuery !== this.query) return false;
    this.#pending = this.more ? "note" : "again";
    return true;
  }

  /** The request whose answer is wanted now; null if none is. @returns {SearchCommand | null} */
  get wanted() {
    if (!this.#pending) return null;
    const last = this.#pending === "first" ? undefined : this.hits.at(-1);
    const limit = this.#pending === "note" ? 1 : PAGE_HITS;
    return { type: "search", query: this.query, limit, ...(last && { before: last.message.seq }) };
  }

  /**
   * Apply an answer. Returns whether anything has changed.
   * @param {{query: string, hits: Hit[], more: boolean, note?: string, prepared?: number}} event
   * @param {SearchCommand} asked
   */
  receive({ query, hits, more, note = "", prepared = 100 }, asked) {
    if (query !== asked.query || !this.#isWanted(asked) || (asked.before && !this.#follows(hits))) return false;
    if (this.#pending !== "note") {
      this.hits = this.#pending === "first" ? hits : [...this.hits, ...hits];
      // A host that claims to have more and sends nothing is not asked again and again.
      this.more = more && hits.length > 0 && this.hits.length < MOST_HITS;
    }
    this.answeredQuery = query;
    this.note = note;
    this.preparing = prepared < 100;
    this.#pending = "";
    return true;
  }

  /**
   * The host refuses for good.
   * @param {string} sentence
   * @param {SearchCommand} asked
   */
  refuse(sentence, asked) {
    if (!this.#isWanted(asked)) return;
    this.refusal = sentence;
    this.#pending = "";
  }

  /** @param {SearchCommand} asked */
  #isWanted({ query, before, limit }) {
    const { wanted } = this;
    return wanted !== null && query === wanted.query && before === wanted.before && limit === wanted.limit;
  }

  /** The room has another log: drop the hits and search again. */
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
