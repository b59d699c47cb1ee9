// @ts-check
/**
 * The people in the room, and which of them are typing. Changes are recorded, so that a list of many thousands need not
 * be compared for each person who joins.
 *
 * @typedef {import("./protocol.js").User} User
 */

import { TYPING_EXPIRES } from "./protocol.js";
import { MOST_PEOPLE } from "./validation.js";

/** Most people who count as typing: the page names three, so more need no memory. */
const MOST_TYPING = 100;
/** With more changes than this, comparing everybody is less work. */
const MOST_CHANGES = 2 * MOST_PEOPLE;

export class People {
  /** @type {Map<string, number>} how many people have this first name */
  #firstNames = new Map();

  constructor() {
    /** @type {Map<string, User>} by nickname */
    this.users = new Map();
    /** How many people there are, as the host reports. */
    this.reportedCount = 0;
    /** @type {Map<string, number>} when each expires, by nickname, in ms of the monotonic clock */
    this.typing = new Map();
    /** @type {Set<string> | null} nicknames that have changed since `takeChanged`; null for possibly all */
    this.changed = new Set();
  }

  /**
   * Replace the list.
   * @param {User[]} users
   */
  reset(users) {
    const now = new Set(users.map((user) => user.nickname));
    for (const nickname of [...this.users.keys(), ...this.typing.keys()]) {
      if (!now.has(nickname)) this.#remove(nickname);
    }
    for (const user of users) this.#add(user);
  }

  /**
   * Apply joins and leaves. Returns the nicknames that are new, and those that have really left.
   * @param {User[]} joined
   * @param {string[]} left
   */
  change(joined, left) {
    // A join may be announced to a newcomer who has received the person in the list already.
    const known = new Set(joined.map((user) => user.nickname).filter((nickname) => this.users.has(nickname)));
    const went = left.filter((nickname) => this.#remove(nickname));
    const came = joined.filter((user) => this.#add(user)).map((user) => user.nickname);
    return { came: came.filter((nickname) => !known.has(nickname)), went };
  }

  /**
   * @param {string} nickname
   * @param {boolean} active
   * @param {number} now
   */
  setTyping(nickname, active, now) {
    if (!active) this.typing.delete(nickname);
    else if (this.typing.has(nickname) || this.typing.size < MOST_TYPING)
      this.typing.set(nickname, now + TYPING_EXPIRES);
  }

  /**
   * Forget the people who have stopped typing without an event. Returns whether there were any.
   * @param {number} now
   */
  expireTyping(now) {
    const expired = [...this.typing].filter(([, until]) => until <= now);
    for (const [nickname] of expired) this.typing.delete(nickname);
    return expired.length > 0;
  }

  /** How many people are in the room, at least those listed. */
  get count() {
    return Math.max(this.reportedCount, this.users.size);
  }

  /** The nicknames that have changed since the last call; null for possibly all. */
  takeChanged() {
    const { changed } = this;
    this.changed = new Set();
    return changed;
  }

  /**
   * Whether another person in the room has this first name.
   * @param {string} nickname
   * @param {string} first
   */
  sharesFirstName(nickname, first) {
    const own = this.users.has(nickname) ? 1 : 0;
    return (this.#firstNames.get(first) ?? 0) > own;
  }

  /** Add or update a person. Returns whether the person is new. @param {User} user */
  #add(user) {
    const before = this.users.get(user.nickname);
    const known = before && before.client === user.client && before.host === user.host;
    if (known || (!before && this.users.size >= MOST_PEOPLE)) return false;
    if (!before) this.#countFirstName(user.nickname, 1);
    this.users.set(user.nickname, user);
    this.#recordChange(user.nickname);
    return !before;
  }

  /** Returns whether the person was in the list. @param {string} nickname */
  #remove(nickname) {
    this.typing.delete(nickname);
    if (!this.users.delete(nickname)) return false;
    this.#countFirstName(nickname, -1);
    this.#recordChange(nickname);
    return true;
  }

  /** @param {string} nickname */
  #recordChange(nickname) {
    this.changed?.add(nickname);
    if (this.changed && this.changed.size > MOST_CHANGES) this.changed = null;
  }

  /**
   * @param {string} nickname
   * @param {number} by
   */
  #countFirstName(nickname, by) {
    const first = nickname.split(" ", 1)[0];
    const count = (this.#firstNames.get(first) ?? 0) + by;
    if (count) this.#firstNames.set(first, count);
    else this.#firstNames.delete(first);
  }
}
