// @ts-check
/**
 * The people in the order of the list: the host, oneself, then by name. Where the list comes in pages, names are in the
 * host's order, so that further pages go behind it, and oneself is there from the beginning. A person who joins is
 * inserted; many at once are inserted over several frames.
 *
 * @typedef {import("./protocol.js").User} User
 */

import { compareAsHost } from "./people.js";
import { foldForSearch } from "./search-folding.js";
import { userLocales } from "./locale.js";

/** How much of a long name is searched: nicknames of honest hosts have at most 32 characters. */
const SEARCHED_CHARS = 64;

export class SortedPeople {
  /** @type {Map<string, User>} the people in `users`, by nickname */
  #listed = new Map();
  /** @type {Set<string>} nicknames whose position has to be updated */
  #pending = new Set();
  /** @type {WeakMap<User, string>} names as they are searched, folded once */
  #folded = new WeakMap();
  #self = "";
  #paged = false;
  #collator = new Intl.Collator(userLocales(), { sensitivity: "base", numeric: true });

  constructor() {
    /** @type {User[]} */
    this.users = [];
  }

  /**
   * Apply changes for as long as there is time. Returns whether all have been applied.
   * @param {import("./people.js").People} crowd
   * @param {User} self oneself
   * @param {() => boolean} inTime
   */
  update(crowd, self, inTime) {
    const changed = crowd.takeChanged();
    const isSame = self.nickname === this.#self && crowd.paged === this.#paged;
    const others = isSame ? changed : this.#startOver(self.nickname, crowd.paged);
    for (const nickname of others ?? [...this.#listed.keys(), ...crowd.users.keys()]) this.#pending.add(nickname);
    this.#pending.add(self.nickname);
    for (const nickname of this.#pending) {
      if (!inTime()) return false;
      this.#pending.delete(nickname);
      this.#place(nickname, crowd.users.get(nickname) ?? this.#unlisted(nickname, self, crowd.complete));
    }
    return true;
  }

  /**
   * Oneself, before the page of the list is here that one is in.
   * @param {string} nickname
   * @param {User} self
   * @param {boolean} complete whether the list is known to its end
   */
  #unlisted(nickname, self, complete) {
    if (complete || nickname !== self.nickname) return undefined;
    const before = this.#listed.get(nickname);
    return before && before.author === self.author ? before : self;
  }

  /**
   * The people whose name contains these words, and whether all names have been searched in time.
   * @param {string} words
   * @param {() => boolean} inTime
   * @returns {{users: User[], all: boolean}}
   */
  find(words, inTime) {
    const wanted = foldForSearch(words).trim();
    if (!wanted) return { users: this.users, all: true };
    const known = this.users.map((user) => this.#folded.get(user) ?? (inTime() ? this.#fold(user) : null));
    const users = this.users.filter((_, index) => known[index]?.includes(wanted));
    return { users, all: !known.includes(null) };
  }

  /**
   * Under another nickname, or in another kind of list, the order is another one.
   * @param {string} self
   * @param {boolean} paged
   */
  #startOver(self, paged) {
    this.#self = self;
    this.#paged = paged;
    this.#listed.clear();
    this.users = [];
    return null;
  }

  /**
   * @param {string} nickname
   * @param {User | undefined} user undefined for a person who has left
   */
  #place(nickname, user) {
    const before = this.#listed.get(nickname);
    if (before === user) return;
    if (before) this.users.splice(this.#indexOf(before), 1);
    if (!user) this.#listed.delete(nickname);
    else {
      this.users.splice(this.#indexOf(user), 0, user);
      this.#listed.set(nickname, user);
    }
  }

  /** The index of a person, or where to insert them. @param {User} user */
  #indexOf(user) {
    let low = 0;
    let high = this.users.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.users[middle], user) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * A total order: never 0 for two different people.
   * @param {User} one
   * @param {User} other
   */
  #compare(one, other) {
    const ranks = this.#rank(one) - this.#rank(other) || this.#compareNames(one, other);
    return ranks || Number(one.nickname > other.nickname) - Number(one.nickname < other.nickname);
  }

  /**
   * @param {User} one
   * @param {User} other
   */
  #compareNames(one, other) {
    return this.#paged ? compareAsHost(one, other) : this.#collator.compare(one.nickname, other.nickname);
  }

  /** @param {User} user */
  #rank(user) {
    return user.host ? 0 : user.nickname === this.#self ? 1 : 2;
  }

  /** @param {User} user */
  #fold(user) {
    const folded = foldForSearch(user.nickname.slice(0, SEARCHED_CHARS));
    this.#folded.set(user, folded);
    return folded;
  }
}
