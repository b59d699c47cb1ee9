// @ts-check
/**
 * What one has written and the host has not acknowledged yet, in the order of writing.
 *
 * One message is on its way at a time, so that none overtakes another when the host asks for patience. What waits
 * belongs to a person in a room of one server, and goes out to no other that answers at the same address later: not
 * to one of another id, nor to one that has the id but does not know the person by the token. Nor does it go out in the
 * name of somebody else who uses the same browser.
 *
 * @typedef {{kind: "own", key: string, id: string, content: string, time: number, turn: number, reason: string}} Outgoing
 *   `turn`: its place in the order; `reason`: why it was refused, empty while it waits
 * @typedef {{place: string, nickname: string, token: string}} Owner the same token is the same person, whatever
 *   the name; `place`: server and room
 * @typedef {{owner: Owner, tab: string, draft: Outgoing}} StoredMessage `tab`: where it was written
 * @typedef {object} OutboxStore what outlives a reload
 * @property {string} tab this one
 * @property {() => StoredMessage[]} load
 * @property {(kept: StoredMessage) => boolean} save answers whether it is kept
 * @property {(id: string) => void} remove
 */

import { nicknameKey } from "./nickname.js";

const FIRST_DELAY = 500;
const LONGEST_DELAY = 5000;

const UNPROVED_REASON =
  "This may be another chat than the one it was written for. Send it again if it is for the people here.";

const OWN_PREFIX = "own:";

/**
 * The key of the row that shows this message, before and after it is acknowledged.
 * @param {string} id
 */
export function rowKeyOf(id) {
  return OWN_PREFIX + id;
}

/**
 * The message that a row of this key shows.
 * @param {string} key
 */
export function messageIdOf(key) {
  return key.slice(OWN_PREFIX.length);
}

/**
 * To whom drafts belong.
 * @param {string} server
 * @param {string} room
 * @param {string} nickname
 * @param {string} token
 * @returns {Owner}
 */
export function ownerOf(server, room, nickname, token) {
  return { place: JSON.stringify([server, room]), nickname, token };
}

export class Outbox {
  /** @type {Owner} */
  #owner = { place: "", nickname: "", token: "" };
  /** @type {Map<string, StoredMessage>} all that is known, by id; also what waits for others than the present owner */
  #stored = new Map();

  /** @param {OutboxStore} store */
  constructor(store) {
    this.store = store;
    /** @type {Outgoing[]} what the present owner sees of it */
    this.entries = [];
    /** @type {string | null} */
    this.sending = null;
    this.retryDelay = FIRST_DELAY;
    /** Whether a draft could not be stored: it will not outlive a reload. */
    this.storageFailed = false;
  }

  /** Drafts that go out by themselves. */
  get waiting() {
    return this.entries.filter((message) => !message.reason);
  }

  /**
   * Send the drafts of this owner, those included that another tab of theirs has left; show also those of whom nothing
   * proves to be the same person in the same place. Answers how many stay behind in another place.
   * @param {Owner} owner
   */
  setOwner(owner) {
    const before = owner.place === this.#owner.place ? [] : this.entries;
    if (!isSameOwner(owner, this.#owner)) this.sending = null;
    this.#owner = owner;
    this.refresh();
    return before.filter(({ id }) => !this.#find(id)).length;
  }

  /** Take over what another tab has stored: sent twice, it still has one effect. */
  refresh() {
    for (const stored of this.store.load()) {
      if (!this.#stored.has(stored.draft.id)) this.#stored.set(stored.draft.id, stored);
    }
    this.#updateEntries();
  }

  /**
   * @param {string} id
   * @param {string} content
   * @param {number} time
   */
  add(id, content, time) {
    const turn = this.#nextTurn(time);
    this.#store({ kind: "own", key: rowKeyOf(id), id, content, time, turn, reason: "" });
  }

  /** The draft to send now; null while one is on its way or none waits. */
  next() {
    if (this.sending) return null;
    const message = this.waiting[0] ?? null;
    this.sending = message?.id ?? null;
    return message;
  }

  /**
   * The host has it. Answers whether it was one of ours.
   * @param {string | undefined} id
   */
  confirm(id) {
    if (!id || !this.#find(id)) return false;
    this.retryDelay = FIRST_DELAY;
    this.discard(id);
    return true;
  }

  /** What was on its way may be lost: the connection is. */
  release() {
    this.sending = null;
  }

  /** The host asks for patience. Answers how long to wait before the same draft is sent again, in ms. */
  delay() {
    const pause = this.retryDelay;
    this.retryDelay = Math.min(pause * 2, LONGEST_DELAY);
    return pause;
  }

  /**
   * @param {string} id
   * @param {string} reason a sentence
   * @param {string} [newId] where the host has another message of this id: under which one it may be sent again
   */
  fail(id, reason, newId = id) {
    this.#stopSending(id);
    const message = this.#find(id);
    if (!message) return;
    this.#store({ ...message, id: newId, key: rowKeyOf(newId), reason });
    if (newId !== id) this.discard(id);
  }

  /**
   * Wait for its turn again, behind everything else; as the same message, for the host may have it already.
   * @param {string} id
   * @param {number} now
   */
  resend(id, now) {
    const message = this.#find(id);
    if (message) this.#store({ ...message, turn: this.#nextTurn(now), reason: "" });
  }

  /** Give up what the present owner has written in this tab. */
  discardOwn() {
    const own = [...this.#stored.values()].filter((it) => isSameOwner(it.owner, this.#owner) && it.tab === this.store.tab);
    for (const { draft } of own) this.discard(draft.id);
  }

  /** @param {string} id */
  discard(id) {
    this.store.remove(id);
    this.forget(id);
  }

  /**
   * Another tab has done with it.
   * @param {string} id
   */
  forget(id) {
    this.#stopSending(id);
    this.#stored.delete(id);
    this.#updateEntries();
  }

  /** @param {Outgoing} message */
  #store(message) {
    const stored = { owner: this.#owner, tab: this.store.tab, draft: message };
    this.#stored.set(message.id, stored);
    this.#updateEntries();
    if (!this.store.save(stored)) this.storageFailed = true;
  }

  #updateEntries() {
    const here = [...this.#stored.values()].filter((stored) => this.#isShown(stored));
    this.entries = here.map((stored) => this.#entryOf(stored)).sort(byTurn);
  }

  /** Whether it was written here by this person, or by somebody who may be the same one. @param {StoredMessage} stored */
  #isShown({ owner, tab }) {
    const { place, nickname } = this.#owner;
    if (owner.place !== place) return false;
    const sameName = nicknameKey(owner.nickname) === nicknameKey(nickname);
    return sameName || tab === this.store.tab || isSameOwner(owner, this.#owner);
  }

  /** @param {StoredMessage} stored */
  #entryOf({ owner, draft }) {
    return draft.reason || isSameOwner(owner, this.#owner) ? draft : { ...draft, reason: UNPROVED_REASON };
  }

  /** @param {string} id */
  #find(id) {
    return this.entries.find((message) => message.id === id);
  }

  /** @param {number} now */
  #nextTurn(now) {
    return Math.max(now, (this.entries.at(-1)?.turn ?? 0) + 1);
  }

  /** @param {string} id */
  #stopSending(id) {
    if (this.sending === id) this.sending = null;
  }
}

/**
 * @param {Owner} one
 * @param {Owner} other
 */
function isSameOwner(one, other) {
  return one.place === other.place && one.token === other.token;
}

/**
 * @param {Outgoing} one
 * @param {Outgoing} other
 */
function byTurn(one, other) {
  return one.turn - other.turn;
}
