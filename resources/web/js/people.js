// @ts-check
/**
 * The people in the room, as far as the list is known, and which of them are typing. A large room's list comes in
 * pages: the host, then the others by name. It is known from its beginning to the last person of the last page.
 * Changes are recorded, so that a list of many thousands need not be compared for each person who joins.
 *
 * @typedef {import("./protocol.js").User} User
 * @typedef {import("./protocol.js").Users} UsersCommand
 * @typedef {{users: User[], user_count: number, more: boolean}} PeoplePage
 */

import { nicknameKey } from "./nickname.js";
import { TYPING_EXPIRES } from "./protocol.js";
import { MOST_PEOPLE } from "./validation.js";

/** Most people who count as typing: the page names three, so more need no memory. */
const MOST_TYPING = 100;
/** In a room of more people nobody is told who joins, leaves or is renamed: most would be strangers. */
const TOLD_UP_TO = 50;
/** With more changes than this, comparing everybody is less work. */
const MOST_CHANGES = 2 * MOST_PEOPLE;
/**
 * How often a list that names were left out of is read again, at most, in ms; and over how much time all pages spread
 * it: they hear of a crowd at the same moment, and would ask at the same moment.
 */
const REFRESH_INTERVAL = 5000;
/** Where much of the list is known it is read again less often: in ms, which makes a second for each page. */
const REFRESH_PER_PERSON = 5;

/**
 * What is shown of a person.
 * @type {("client" | "host" | "author" | "status" | "status_text" | "role" | "muted" | "verified")[]}
 */
const SHOWN = ["client", "host", "author", "status", "status_text", "role", "muted", "verified"];

/** What the dot beside a person shows. @param {User} user */
export function presenceOf({ status }) {
  return status === "away" || status === "busy" ? status : "online";
}

export class People {
  /** @type {Map<string, number>} how many people have this first name */
  #firstNames = new Map();
  /** @type {User | undefined} the last person of the last page */
  #last = undefined;
  #wantsMore = false;
  /** Whether names were left out of the list since it was read. */
  #stale = false;
  /** When the list is read again and when it was, in ms of the monotonic clock; 0 for never. */
  #refreshAt = 0;
  #readAt = 0;
  /** @type {User[] | null} what has been read again of the list; null if it is not being read */
  #readAgain = null;

  constructor() {
    /** @type {Map<string, User>} by nickname */
    this.users = new Map();
    /** Whether the list is known to its end. */
    this.complete = true;
    /** Whether the list comes in pages: then it stays in the host's order, so that nobody moves when it ends. */
    this.paged = false;
    /** Whether somebody looks at the list: only then it is read again. */
    this.shown = false;
    /** The author of the host; empty as long as none is known. */
    this.hostAuthor = "";
    /** @type {Set<string>} the authors who were moderators when they were listed last */
    this.moderators = new Set();
    /** How many people there are, as the host reports. */
    this.reportedCount = 0;
    /** @type {Map<string, number>} when each expires, by nickname, in ms of the monotonic clock */
    this.typing = new Map();
    /** @type {Set<string> | null} nicknames that have changed since `takeChanged`; null for possibly all */
    this.changed = new Set();
  }

  /**
   * Replace the list by its first page.
   * @param {PeoplePage} page
   */
  reset(page) {
    this.#wantsMore = this.#stale = false;
    this.#refreshAt = 0;
    this.#readAgain = null;
    this.paged = page.more;
    this.#replace(page.users, page);
  }

  /** The next page is wanted. */
  loadMore() {
    this.#wantsMore = !this.complete;
  }

  /** The request for the page that is wanted now; null if none is. @returns {UsersCommand | null} */
  get wanted() {
    const last = this.#readAgain ? this.#readAgain.at(-1) : this.#last;
    if (!this.#readAgain && !(this.#wantsMore && last)) return null;
    return { type: "users", query: "", ...(last && { after: last.nickname }) };
  }

  /**
   * Add a page that was asked for. One that is no longer wanted changes nothing but the count.
   * @param {PeoplePage} page
   * @param {UsersCommand} asked
   * @param {number} now
   */
  receive(page, asked, now) {
    const { wanted } = this;
    this.reportedCount = page.user_count;
    if (!wanted || wanted.after !== asked.after) return;
    if (this.#readAgain) this.#receiveAgain(page, this.#readAgain, now);
    else {
      this.#wantsMore = false;
      for (const user of page.users) this.#add(user);
      this.#setEnd(page.users, page);
    }
  }

  /** The host refuses the page for good. */
  refuse() {
    this.#wantsMore = false;
    this.#readAgain = null;
  }

  /**
   * Apply joins and leaves; `more`: there were others, whom nobody names. Returns the people who are new, those who
   * have left, and how many others have joined, negative if they have left.
   * @param {{joined: User[], left: {nickname: string, author: string}[], user_count: number, more?: boolean}} change
   */
  change({ joined, left, user_count: count, more = false }) {
    // A join may be announced to a newcomer who has received the person in the list already.
    const came = joined.filter(({ nickname }) => !this.users.has(nickname));
    const went = left.filter(({ nickname }) => this.#remove(nickname) || !this.complete);
    for (const user of joined) if (this.#isInKnownPart(user)) this.#add(user);
    const others = more ? count - this.reportedCount - came.length + went.length : 0;
    this.reportedCount = count;
    this.#stale ||= more;
    return { came, went, others };
  }

  /** These people have another status. @param {User[]} people */
  update(people) {
    for (const user of people) if (this.users.has(user.nickname)) this.#add(user);
  }

  /**
   * Somebody has another nickname than the `old` one.
   * @param {string} old
   * @param {string} nickname
   */
  rename(old, nickname) {
    const user = this.users.get(old);
    if (!user) return;
    this.#remove(old);
    const renamed = { ...user, nickname };
    if (this.#isInKnownPart(renamed)) this.#add(renamed);
  }

  /**
   * Read a list again that names were left out of, while somebody looks at it.
   * @param {number} now
   * @param {number} random 0 to 1
   */
  refresh(now, random) {
    if (!this.shown || !this.#stale || this.#readAgain) return;
    const interval = Math.max(REFRESH_INTERVAL, this.users.size * REFRESH_PER_PERSON);
    this.#refreshAt ||= Math.max(now, this.#readAt + interval) + random * REFRESH_INTERVAL;
    if (now < this.#refreshAt) return;
    this.#stale = false;
    this.#refreshAt = 0;
    this.#readAgain = [];
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

  /** Whether the timeline says who joins, leaves or has another nickname: only in a room that is not large. */
  get tellsOfChanges() {
    return this.count <= TOLD_UP_TO;
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

  /**
   * Read on until as much is known as before.
   * @param {PeoplePage} page
   * @param {User[]} before
   * @param {number} now
   */
  #receiveAgain(page, before, now) {
    const read = [...before, ...page.users];
    const goesOn = page.more && page.users.length > 0 && read.length < Math.min(this.users.size, MOST_PEOPLE);
    this.#readAgain = goesOn ? read : null;
    if (goesOn) return;
    this.#readAt = now;
    this.#replace(read, page);
  }

  /**
   * @param {User[]} users
   * @param {PeoplePage} page the last one
   */
  #replace(users, page) {
    const now = new Set(users.map((user) => user.nickname));
    for (const nickname of [...this.users.keys(), ...this.typing.keys()]) {
      if (!now.has(nickname)) this.#remove(nickname);
    }
    for (const user of users) this.#add(user);
    this.#setEnd(users, page);
  }

  /**
   * The known part ends with the last of these people. A host that has more and sends nobody has no more.
   * @param {User[]} users
   * @param {PeoplePage} page
   */
  #setEnd(users, page) {
    this.complete = !page.more || !users.length || this.users.size >= MOST_PEOPLE;
    this.reportedCount = page.user_count;
    this.#last = users.at(-1);
  }

  /** @param {User} user */
  #isInKnownPart(user) {
    return this.complete || !this.#last || compareAsHost(user, this.#last) <= 0;
  }

  /** Add or update a person. Returns whether the person is new. @param {User} user */
  #add(user) {
    if (user.host) this.hostAuthor = user.author;
    const moderates = user.author !== "" && user.role === "moderator" && this.moderators.size < MOST_PEOPLE;
    if (moderates) this.moderators.add(user.author);
    else this.moderators.delete(user.author);
    const before = this.users.get(user.nickname);
    const known = before && SHOWN.every((field) => before[field] === user[field]);
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

/** @type {WeakMap<User, string>} nicknames as the host orders them */
const keys = new WeakMap();

/** @param {User} user */
function keyOf(user) {
  const key = keys.get(user) ?? nicknameKey(user.nickname);
  keys.set(user, key);
  return key;
}

/**
 * The order of the host's list: the host, then by name.
 * @param {User} one
 * @param {User} other
 */
export function compareAsHost(one, other) {
  return Number(other.host) - Number(one.host) || compareCodePoints(keyOf(one), keyOf(other));
}

/**
 * As the host compares texts. JavaScript compares code units, which puts some symbols before some letters.
 * @param {string} one
 * @param {string} other
 */
function compareCodePoints(one, other) {
  const [letters, others] = [Array.from(one), Array.from(other)];
  const index = letters.findIndex((letter, place) => letter !== others[place]);
  if (index < 0) return letters.length - others.length;
  return (letters[index].codePointAt(0) ?? 0) - (others[index]?.codePointAt(0) ?? -1);
}
