// @ts-check
/**
 * Who is in the room, and who of them is typing. What has changed is noted, so that nobody has to look at all of them for
 * one who came.
 *
 * @typedef {import("./protocol.js").User} User
 */

import { TYPING_EXPIRES } from "./protocol.js";
import { MOST_PEOPLE } from "./validation.js";

/** More people than this are not shown as typing. */
const MOST_TYPING = 100;
/** With more changes than this it is less work to look at everybody. */
const MOST_CHANGES = 2 * MOST_PEOPLE;

export class People {
  /** @type {Map<string, number>} how many are called so with their first word */
  #firstNames = new Map();

  constructor() {
    /** @type {Map<string, User>} by nickname */
    this.users = new Map();
    /** How many there are, as the host says. */
    this.reportedCount = 0;
    /** @type {Map<string, number>} nickname to when it expires, by the steady clock */
    this.typing = new Map();
    /** @type {Set<string> | null} who came, went or changed since `takeChanged`; null for anybody */
    this.changed = new Set();
  }

  /**
   * These are all.
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
   * These came, those went. Answers who of them was not there before, and who was.
   * @param {User[]} joined
   * @param {string[]} left
   */
  change(joined, left) {
    // Who is in the list of a joiner may be announced after it once more.
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
    else if (this.typing.has(nickname) || this.typing.size < MOST_TYPING) this.typing.set(nickname, now + TYPING_EXPIRES);
  }

  /**
   * Forget who has stopped typing without saying so. Answers whether anybody has.
   * @param {number} now
   */
  expireTyping(now) {
    const expired = [...this.typing].filter(([, until]) => until <= now);
    for (const [nickname] of expired) this.typing.delete(nickname);
    return expired.length > 0;
  }

  /** How many are here, and no fewer than are listed. */
  get count() {
    return Math.max(this.reportedCount, this.users.size);
  }

  /** Who has changed since this was last asked; null for anybody. */
  takeChanged() {
    const { changed } = this;
    this.changed = new Set();
    return changed;
  }

  /**
   * Whether somebody else here has this first name.
   * @param {string} nickname
   * @param {string} first
   */
  sharesFirstName(nickname, first) {
    const own = this.users.has(nickname) ? 1 : 0;
    return (this.#firstNames.get(first) ?? 0) > own;
  }

  /** Answers whether there was no such one, and is now. @param {User} user */
  #add(user) {
    const before = this.users.get(user.nickname);
    const known = before && before.client === user.client && before.host === user.host;
    if (known || (!before && this.users.size >= MOST_PEOPLE)) return false;
    if (!before) this.#countFirst(user.nickname, 1);
    this.users.set(user.nickname, user);
    this.#noteChange(user.nickname);
    return !before;
  }

  /** Answers whether there was such a one. @param {string} nickname */
  #remove(nickname) {
    this.typing.delete(nickname);
    if (!this.users.delete(nickname)) return false;
    this.#countFirst(nickname, -1);
    this.#noteChange(nickname);
    return true;
  }

  /** @param {string} nickname */
  #noteChange(nickname) {
    this.changed?.add(nickname);
    if (this.changed && this.changed.size > MOST_CHANGES) this.changed = null;
  }

  /**
   * @param {string} nickname
   * @param {number} by
   */
  #countFirst(nickname, by) {
    const first = nickname.split(" ", 1)[0];
    const count = (this.#firstNames.get(first) ?? 0) + by;
    if (count) this.#firstNames.set(first, count);
    else this.#firstNames.delete(first);
  }
}
