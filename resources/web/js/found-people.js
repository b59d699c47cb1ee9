// @ts-check
/**
 * A search for people by name, in a room whose list is not known to its end: the host searches.
 *
 * @typedef {import("./protocol.js").User} User
 * @typedef {import("./protocol.js").Users} UsersCommand
 * @typedef {{query: string, people: User[], complete: boolean, busy: boolean}} FoundPeople the people found so far;
 *   `complete`: these are all; `busy`: an answer is pending
 */

import { NAME_QUERY_CHARS } from "./protocol.js";
import { MOST_PEOPLE } from "./validation.js";

export class PeopleSearch {
  constructor() {
    /** @type {FoundPeople | null} null while nobody searches */
    this.found = null;
  }

  /**
   * Search for names that contain `query`; an empty one ends the search. Returns whether it is another search.
   * @param {string} query
   */
  start(query) {
    const wanted = Array.from(query.trim()).slice(0, NAME_QUERY_CHARS).join("");
    if (wanted === (this.found?.query ?? "")) return false;
    this.found = wanted ? { query: wanted, people: [], complete: false, busy: true } : null;
    return true;
  }

  /** The next page of those found is wanted. */
  loadMore() {
    if (this.found && !this.found.complete) this.found = { ...this.found, busy: true };
  }

  /** The request for the page that is wanted now; null if none is. @returns {UsersCommand | null} */
  get wanted() {
    if (!this.found?.busy) return null;
    const { query, people } = this.found;
    const last = people.at(-1);
    return { type: "users", query, ...(last && { after: last.nickname }) };
  }

  /**
   * Add a page. The answer to an earlier request changes nothing; returns whether this one did.
   * @param {{users: User[], more: boolean}} page
   * @param {UsersCommand} asked
   */
  receive({ users, more }, asked) {
    if (!this.found || !this.#isWanted(asked)) return false;
    const people = [...this.found.people, ...users].slice(0, MOST_PEOPLE);
    // A host that claims to have more and sends nobody is not asked again.
    const complete = !more || !users.length || people.length >= MOST_PEOPLE;
    this.found = { ...this.found, people, complete, busy: false };
    return true;
  }

  /**
   * The host refuses a page for good.
   * @param {UsersCommand} asked
   */
  refuse(asked) {
    if (this.found && this.#isWanted(asked)) this.found = { ...this.found, complete: true, busy: false };
  }

  /** @param {UsersCommand} asked */
  #isWanted({ query, after }) {
    const { wanted } = this;
    return wanted !== null && query === wanted.query && after === wanted.after;
  }
}
