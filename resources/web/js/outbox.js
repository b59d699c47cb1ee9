// @ts-check
/**
 * What one has written and the host has not acknowledged yet, in the order of writing.
 *
 * One message is on its way at a time, so that none overtakes another when the host asks for patience. What waits
 * belongs to a person in a room of one server, and goes out to no other that answers at the same address later.
 *
 * @typedef {{kind: "own", key: string, id: string, content: string, time: number, day: string, turn: number,
 *            reason: string}} Draft `turn`: its place in the order; `reason`: why it was refused, empty while it waits
 * @typedef {object} Store what outlives a reload
 * @property {(owner: string) => Draft[]} draftsOf
 * @property {(owner: string, draft: Draft) => boolean} keepDraft answers whether it is kept
 * @property {(id: string) => void} dropDraft
 */

import { dayOf } from "./log.js";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;

const OWN = "own:";

/**
 * The key of the row that shows this message, before and after it is acknowledged.
 * @param {string} id
 */
export function keyOf(id) {
  return OWN + id;
}

/**
 * The message that a row of this key shows.
 * @param {string} key
 */
export function idOf(key) {
  return key.slice(OWN.length);
}

/**
 * To whom drafts belong: who comes with the same token is the same person, whatever the name.
 * @param {string} server
 * @param {string} room
 * @param {string} token
 */
export function ownerOf(server, room, token) {
  return JSON.stringify([server, room, token]);
}

export class Outbox {
  #owner = "";
  /** @type {Map<string, Draft[]>} drafts of others than the present owner */
  #elsewhere = new Map();

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    /** @type {Draft[]} */
    this.drafts = [];
    /** @type {string | null} */
    this.sending = null;
    this.pause = FIRST_PAUSE;
    /** Whether a draft could not be stored: it will not outlive a reload. */
    this.forgetful = false;
  }

  /** Drafts that go out by themselves. */
  get waiting() {
    return this.drafts.filter((draft) => !draft.reason);
  }

  /**
   * Show and send the drafts of this owner, those included that another tab of theirs has left. Answers how many stay
   * behind with the owner before.
   * @param {string} owner
   */
  open(owner) {
    const changes = owner !== this.#owner;
    const behind = changes ? this.drafts : [];
    if (changes) {
      this.#elsewhere.set(this.#owner, behind);
      this.drafts = this.#elsewhere.get(owner) ?? [];
      this.sending = null;
    }
    this.#owner = owner;
    this.refresh();
    return behind.length;
  }

  /** Take over what another tab has stored: sent twice, it still has one effect. */
  refresh() {
    const known = new Set(this.drafts.map((draft) => draft.id));
    const others = this.store.draftsOf(this.#owner).filter((draft) => !known.has(draft.id));
    if (others.length) this.drafts = [...this.drafts, ...others].sort(inOrder);
  }

  /**
   * @param {string} id
   * @param {string} content
   * @param {number} time
   */
  add(id, content, time) {
    const turn = this.#nextTurn(time);
    this.#put({ kind: "own", key: keyOf(id), id, content, time, day: dayOf(time), turn, reason: "" });
  }

  /** The draft to send now; null while one is on its way or none waits. */
  next() {
    if (this.sending) return null;
    const draft = this.waiting[0] ?? null;
    this.sending = draft?.id ?? null;
    return draft;
  }

  /**
   * The host has it. Answers whether it was one of ours.
   * @param {string | undefined} id
   */
  confirm(id) {
    const known = this.drafts.some((draft) => draft.id === id);
    if (!known || !id) return false;
    this.pause = FIRST_PAUSE;
    this.discard(id);
    return true;
  }

  /** What was on its way may be lost: the connection is. */
  interrupt() {
    this.sending = null;
  }

  /** The host asks for patience. Answers how long to wait before the same draft is sent again, in ms. */
  postpone() {
    const pause = this.pause;
    this.pause = Math.min(pause * 2, LONGEST_PAUSE);
    return pause;
  }

  /**
   * @param {string} id
   * @param {string} reason a sentence
   */
  refuse(id, reason) {
    this.#settle(id);
    const draft = this.drafts.find((known) => known.id === id);
    if (draft) this.#put({ ...draft, reason });
  }

  /**
   * Wait for its turn again, behind everything else, as a new message: the old id may belong to another one.
   * @param {string} id
   * @param {string} newId
   * @param {number} now
   */
  revive(id, newId, now) {
    const draft = this.drafts.find((known) => known.id === id);
    if (!draft) return;
    this.discard(id);
    this.#put({ ...draft, id: newId, key: keyOf(newId), turn: this.#nextTurn(now), reason: "" });
  }

  /** @param {string} id */
  discard(id) {
    this.store.dropDraft(id);
    this.forget(id);
  }

  /**
   * Another tab has done with it.
   * @param {string} id
   */
  forget(id) {
    this.#settle(id);
    this.drafts = this.drafts.filter((draft) => draft.id !== id);
  }

  /** @param {Draft} draft */
  #put(draft) {
    this.drafts = [...this.drafts.filter((known) => known.id !== draft.id), draft].sort(inOrder);
    if (!this.store.keepDraft(this.#owner, draft)) this.forgetful = true;
  }

  /** @param {number} now */
  #nextTurn(now) {
    return Math.max(now, (this.drafts.at(-1)?.turn ?? 0) + 1);
  }

  /** @param {string} id */
  #settle(id) {
    if (this.sending === id) this.sending = null;
  }
}

/**
 * @param {Draft} one
 * @param {Draft} other
 */
function inOrder(one, other) {
  return one.turn - other.turn;
}
