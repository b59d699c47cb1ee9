// @ts-check
/**
 * The outbox: messages that the host has not confirmed yet, in the order of writing.
 *
 * One message is sent at a time, so that they arrive in order whatever is lost, refused or sent again. A message
 * belongs to a person in a room of one server. It is not sent to another server that answers at the same address later:
 * neither to one with another id, nor to one with the same id that does not know the person's token. Nor is it sent in
 * the name of another person who uses the same browser.
 *
 * @typedef {{kind: "own", key: string, id: string, content: string, time: number, turn: number, reason: string,
 *   replyTo: number, action: boolean, mentions: Mentioned[], to: Mentioned | null, waits?: string}} Outgoing
 *   `turn`: its position in the order, a stored name; `reason`: why it has been refused, empty while it waits;
 *   `replyTo`: the number of the
 *   message that it answers, or 0; `action`: by `/me`; `mentions`: whom names in it mean; `to`: for this person alone;
 *   `waits`: the host keeps it until somebody decides, and for whom it waits, in words
 * @typedef {import("./protocol.js").Mentioned} Mentioned a person under the name that was written; `author` may be
 *   unknown
 * @typedef {Pick<Outgoing, "content" | "mentions">} Withdrawn
 * @typedef {{place: string, nickname: string, token: string}} Owner equal tokens mean the same person, whatever
 *   the nickname; `place`: server and room
 * @typedef {{owner: Owner, tab: string, draft: Outgoing}} StoredMessage as it is stored; `tab`: the tab it was
 *   written in; `draft`: the message, a name from earlier versions
 * @typedef {object} OutboxStore where the outbox is stored
 * @property {string} tab the id of this tab
 * @property {() => StoredMessage[]} load
 * @property {(message: StoredMessage) => boolean} save returns whether it has been stored
 * @property {(id: string) => void} remove
 */

import { nicknameKey } from "./nickname.js";

const UNVERIFIED_REASON =
  "This may be another chat than the one it was written for. Send it again if it is for the people here.";

const OWN_PREFIX = "own:";

/**
 * The key of the row that shows this message, before and after its confirmation.
 * @param {string} id
 */
export function rowKeyOf(id) {
  return OWN_PREFIX + id;
}

/**
 * The id of the message that the row with this key shows.
 * @param {string} key
 */
export function messageIdOf(key) {
  return key.slice(OWN_PREFIX.length);
}

/**
 * The owner of messages: a person in a room.
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
  /** @type {Map<string, StoredMessage>} all known messages by id, including those of other owners */
  #stored = new Map();
  /** @type {Set<string>} ids in place of others, which the host has used for other messages */
  #renamed = new Set();
  /** @type {Set<string>} those of them that the host has used as well */
  #taken = new Set();

  /** @param {OutboxStore} store */
  constructor(store) {
    this.store = store;
    /** @type {Outgoing[]} the messages that the current owner sees */
    this.entries = [];
    /** Whether a message could not be stored, and would be lost in a reload. */
    this.storageFailed = false;
  }

  /** The messages that are sent automatically: those that have not been refused. */
  get waiting() {
    return this.entries.filter((message) => !message.reason && !message.waits);
  }

  /** The message whose turn it is; undefined if none waits. */
  get next() {
    return this.entries.find((message) => !message.reason && !message.waits);
  }

  /**
   * The command that sends the next one.
   * @returns {import("./protocol.js").SendMessage | null}
   */
  get command() {
    if (!this.next) return null;
    const { id, content, replyTo, action, mentions, to } = this.next;
    return {
      ...{ type: "message", id, content },
      ...(replyTo && { reply_to: replyTo }),
      ...(action && { action }),
      ...(mentions.length && { mentions }),
      ...(to && { to: to.author ? `@${to.author}` : to.name }),
    };
  }

  /**
   * Send the messages of this owner, including those that another of their tabs has left. Messages that may be theirs,
   * without proof, are shown as refused. Returns how many messages stay behind for another server or room.
   * @param {Owner} owner
   */
  setOwner(owner) {
    const before = owner.place === this.#owner.place ? [] : this.entries;
    this.#owner = owner;
    this.refresh();
    return before.filter(({ id }) => !this.#find(id)).length;
  }

  /** Adopt what other tabs have stored. If two tabs send a message, the host accepts it once, by its id. */
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
   * @param {Partial<Pick<Outgoing, "replyTo" | "action" | "mentions" | "to">>} [about]
   */
  add(id, content, time, { replyTo = 0, action = false, mentions = [], to = null } = {}) {
    const written = { id, content, time, replyTo, action, mentions, to };
    this.#store({ kind: "own", key: rowKeyOf(id), turn: this.#nextTurn(time), reason: "", ...written });
  }

  /**
   * The host has stored a message. Returns whether it was in this outbox.
   * @param {string | undefined} id
   */
  confirm(id) {
    if (!id || !this.#find(id)) return false;
    this.discard(id);
    return true;
  }

  /**
   * @param {string} id
   * @param {string} reason a sentence
   */
  fail(id, reason) {
    const message = this.#find(id);
    if (message) this.#store({ ...message, reason });
  }

  /**
   * The host keeps a message until somebody decides about it, or has declined it. It may have been written on another
   * device, or before the browser has forgotten it.
   * @param {string} id
   * @param {string} content
   * @param {number} time
   * @param {string} words for whom it waits, or why it was declined
   * @param {boolean} declined
   */
  hold(id, content, time, words, declined) {
    if (!this.#find(id)) this.add(id, content, time);
    const message = this.#find(id);
    if (declined) this.decline(id, words);
    else if (message) this.#keep({ ...message, waits: words });
  }

  /**
   * A message was not let through: should it be sent again, it is another one.
   * @param {string} id
   * @param {string} reason a sentence
   */
  decline(id, reason) {
    const message = this.#find(id);
    if (!message) return;
    this.#taken.add(id);
    this.#store({ ...message, reason, waits: "" });
  }

  /**
   * The host has another message with this id: use a new one, in the same position. Returns false if this was done
   * before: a host that knows every id is not asked for ever.
   * @param {string} id
   * @param {string} newId
   */
  rename(id, newId) {
    if (this.#renamed.has(id)) this.#taken.add(id);
    const message = this.#find(id);
    if (!message || this.#renamed.has(id)) return false;
    this.#replace(message, newId);
    return true;
  }

  /**
   * Send a refused message again, behind all others. Its id stays, because the host may have it already, unless the id
   * was what the host refused.
   * @param {string} id
   * @param {number} now
   * @param {string} newId
   */
  resend(id, now, newId) {
    const message = this.#find(id);
    if (!message) return;
    const again = { ...message, turn: this.#nextTurn(now), reason: "", waits: "" };
    if (this.#taken.has(id)) this.#replace(again, newId);
    else this.#store(again);
  }

  /** Discard what the current owner has written in this tab. */
  discardOwn() {
    const own = [...this.#stored.values()].filter(
      (it) => isSameOwner(it.owner, this.#owner) && it.tab === this.store.tab,
    );
    for (const { draft } of own) this.discard(draft.id);
  }

  /** @param {string} id */
  discard(id) {
    this.store.remove(id);
    this.forget(id);
  }

  /**
   * Another tab has sent or discarded this message.
   * @param {string} id
   */
  forget(id) {
    this.#stored.delete(id);
    this.#updateEntries();
  }

  /**
   * @param {Outgoing} message
   * @param {string} newId
   */
  #replace(message, newId) {
    this.#renamed.add(newId);
    this.#store({ ...message, id: newId, key: rowKeyOf(newId) });
    this.discard(message.id);
  }

  /** Change a message for this page alone: after a reload the host says the same again. @param {Outgoing} message */
  #keep(message) {
    const stored = { owner: this.#owner, tab: this.store.tab, draft: message };
    this.#stored.set(message.id, stored);
    this.#updateEntries();
    return stored;
  }

  /** @param {Outgoing} message */
  #store(message) {
    const stored = this.#keep(message);
    if (!this.store.save(stored)) this.storageFailed = true;
  }

  #updateEntries() {
    const here = [...this.#stored.values()].filter((stored) => this.#isShown(stored));
    this.entries = here.map((stored) => this.#entryOf(stored)).sort(byTurn);
  }

  /**
   * Whether it was written in this room by this person, or by somebody who may be the same.
   * @param {StoredMessage} stored
   */
  #isShown({ owner, tab }) {
    const { place, nickname } = this.#owner;
    if (owner.place !== place) return false;
    const sameName = nicknameKey(owner.nickname) === nicknameKey(nickname);
    return sameName || tab === this.store.tab || isSameOwner(owner, this.#owner);
  }

  /** @param {StoredMessage} stored */
  #entryOf({ owner, draft }) {
    return draft.reason || isSameOwner(owner, this.#owner) ? draft : { ...draft, reason: UNVERIFIED_REASON };
  }

  /** @param {string} id */
  #find(id) {
    return this.entries.find((message) => message.id === id);
  }

  /** @param {number} now */
  #nextTurn(now) {
    return Math.max(now, (this.entries.at(-1)?.turn ?? 0) + 1);
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

/**
 * The notice about messages of another chat.
 * @param {number} count
 */
export function unsentElsewhereNotice(count) {
  const messages = count === 1 ? "One message that was not sent waits" : `${count} messages that were not sent wait`;
  return `Another chat answers at this address now. ${messages} for the one before.`;
}
