// @ts-check
/**
 * The state of a search of all rooms: the query, and its hits room by room. Only the answer to what is wanted counts.
 *
 * @typedef {import("./protocol.js").Search} SearchCommand
 * @typedef {{message: import("./protocol.js").Message, parts: string[]}} Hit every second part matches the query
 */

import { withOwnDays } from "./search-days.js";

/** Hits per answer: more than a screen shows. */
const PAGE_HITS = 50;
/** As long as the excerpts of hosts. */
const EXCERPT_CHARS = 160;
/** Most hits that are listed: a person refines the query before. */
const MOST_HITS = 1000;

export class SearchState {
  /** @type {"" | "first" | "further" | "again" | "note"} the kind of answer that is pending */
  #pending = "";
  /** The request whose answer is wanted now; null if none is. @type {SearchCommand | null} */
  wanted = null;

  constructor() {
    this.query = "";
    /** The query that the hits answer. */
    this.answeredQuery = "";
    /** @type {Hit[]} */
    this.hits = [];
    /** The rooms that have older hits. @type {Set<string>} */
    this.moreIn = new Set();
    /** Whether there are hits in rooms beside these. */
    this.further = false;
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

  /** Whether the last room has older hits, which follow the last one here. */
  get more() {
    const last = this.hits.at(-1);
    return last !== undefined && this.moreIn.has(last.message.room);
  }

  /**
   * Start a search. The former hits stay until the answer arrives.
   * @param {string} query
   */
  start(query) {
    this.query = query;
    this.refusal = "";
    this.#request(query ? "first" : "");
    if (query) return;
    this.#clear();
    this.note = "";
    this.preparing = false;
  }

  /**
   * Request older hits of a room.
   * @param {string} [room] by default the last one
   */
  loadMore(room = this.hits.at(-1)?.message.room ?? "") {
    if (this.busy || !this.moreIn.has(room)) return;
    this.refusal = "";
    this.#request("further", { room, before: Math.min(...this.#of(room).map(({ message }) => message.seq)) });
  }

  /** Repeat the search if the host was still preparing its index; only for its note if it had more hits anyway. */
  refresh() {
    if (!this.preparing || this.#pending || this.answeredQuery !== this.query) return;
    if (this.moreIn.size) this.#request("note", { limit: 1 });
    else this.#request("again");
  }

  /**
   * Apply an answer. Returns whether anything has changed.
   * @param {{room: string, query: string, hits: Hit[], more: boolean, more_in?: string[], note?: string,
   *   prepared?: number}} event
   * @param {SearchCommand} asked
   */
  receive({ room, query, hits, more, more_in: moreIn = [], note = "", prepared = 100 }, asked) {
    if (query !== asked.query || !this.#isWanted(asked)) return false;
    if (asked.before) this.#extend(asked, hits, more);
    else if (this.#pending !== "note") {
      this.hits = hits;
      // A host that searches one room only says so by its name.
      this.moreIn = new Set(room && more ? [room] : moreIn);
      this.further = more && !room;
    }
    this.answeredQuery = this.query;
    this.note = note;
    this.preparing = prepared < 100;
    this.#request("");
    return true;
  }

  /**
   * A message has changed: what was deleted is found no more, and what was edited shows its present beginning. Returns
   * whether it is one of the hits.
   * @param {import("./protocol.js").Message} message
   */
  update(message) {
    const place = this.hits.findIndex((hit) => hit.message.seq === message.seq && hit.message.room === message.room);
    if (place < 0 || this.hits[place].message.content === message.content) return false;
    const now = message.deleted ? [] : [{ message, parts: [message.content.slice(0, EXCERPT_CHARS)] }];
    this.hits = [...this.hits.slice(0, place), ...now, ...this.hits.slice(place + 1)];
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
    this.#request("");
  }

  /** The log of a room was replaced: drop the hits and search again. */
  forget() {
    this.#clear();
    this.start(this.query);
  }

  /**
   * Older hits of one room stand behind those of it that are here.
   * @param {SearchCommand} asked
   * @param {Hit[]} hits
   * @param {boolean} more
   */
  #extend({ room = "", before = 0 }, hits, more) {
    const older = hits.filter(({ message }) => message.room === room && message.seq < before);
    const last = this.#of(room).at(-1);
    const end = last ? this.hits.indexOf(last) + 1 : this.hits.length;
    this.hits = [...this.hits.slice(0, end), ...older, ...this.hits.slice(end)];
    // A host that claims to have more and sends nothing is not asked again and again.
    if (!more || !older.length || this.hits.length >= MOST_HITS) this.moreIn.delete(room);
  }

  /** @param {string} room */
  #of(room) {
    return this.hits.filter(({ message }) => message.room === room);
  }

  /**
   * @param {"" | "first" | "further" | "again" | "note"} pending
   * @param {{room?: string, before?: number, limit?: number}} [fields]
   */
  #request(pending, fields) {
    this.#pending = pending;
    this.wanted = pending ? { type: "search", query: withOwnDays(this.query), limit: PAGE_HITS, ...fields } : null;
  }

  /** @param {SearchCommand} asked */
  #isWanted({ query, room, before, limit }) {
    const { wanted } = this;
    return wanted?.query === query && wanted.room === room && wanted.before === before && wanted.limit === limit;
  }

  #clear() {
    this.hits = [];
    this.moreIn = new Set();
    this.further = false;
    this.answeredQuery = "";
  }
}
