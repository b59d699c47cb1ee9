// @ts-check
/**
 * Who somebody is to the host, and which of them is oneself: the one place that decides it.
 *
 * @typedef {{nickname: string, author?: string, nameless?: boolean}} Named whatever has an author and a nickname: a
 *   message, a person, somebody who types. A host that names no authors sends none; `nameless`: nobody is told who
 */

import { nicknameKey } from "./nickname.js";

/** What stands in the place of a name to mention all in the room. */
const EVERYBODY = "room";
/** More people than a page shows at once. */
const MOST_CACHED = 2000;
/** @type {Map<string, string>} keys of nicknames: it takes a while to make one, and each event needs it */
const keys = new Map();

/** @param {string} nickname */
function keyOf(nickname) {
  const key = keys.get(nickname) ?? nicknameKey(nickname);
  if (keys.size >= MOST_CACHED) keys.clear();
  keys.set(nickname, key);
  return key;
}

/**
 * What tells people apart: the author, under whatever nickname; the nickname where the host names no author.
 * @param {Named} named
 */
export function personKey({ author, nickname }) {
  return author ? `author:${author}` : `name:${keyOf(nickname)}`;
}

export class OwnIdentity {
  #author = "";
  #token = "";
  /** @type {Set<string>} the keys of all nicknames that this person has or had in this page */
  #keys = new Set();

  constructor() {
    this.nickname = "";
    /** @type {import("./own-presence.js").Availability} what the person has said here about whether they are there */
    this.availability = "online";
  }

  /** The host's id of the person; empty if it names none. */
  get author() {
    return this.#author;
  }

  /**
   * The host knows the person under this nickname, as this author. Another token is another person.
   * @param {string} nickname
   * @param {string} author
   * @param {string} token
   */
  welcomed(nickname, author, token) {
    if (token !== this.#token) this.#keys.clear();
    this.#token = token;
    this.nickname = nickname;
    this.#author = author;
    this.#keys.add(keyOf(nickname));
  }

  /** The person has this nickname from now on. @param {string} nickname */
  renamed(nickname) {
    this.nickname = nickname;
    this.#keys.add(keyOf(nickname));
  }

  /**
   * Whether somebody else's message mentions the person, by name or as one of all in the room.
   * @param {Named & {mentions: {author: string}[]}} message
   */
  isMentioned(message) {
    const meant = message.mentions.some(({ author }) => !author || author === this.#author);
    return meant && !this.isMine(message);
  }

  /**
   * Whether this message or person is the person's own.
   * @param {Named} named
   */
  isMine({ author, nickname }) {
    if (this.#author && author) return author === this.#author;
    return this.#keys.has(keyOf(nickname));
  }

  /**
   * Whether a mention means the person: as oneself, or as one of all in the room.
   * @param {{name: string, author: string}} mention
   */
  isMeant({ name, author }) {
    if (this.#author && author) return author === this.#author;
    return name === EVERYBODY || this.#keys.has(keyOf(name));
  }
}
