// @ts-check
/**
 * What one has written and the host has not acknowledged yet, in the order of writing.
 *
 * One message is on its way at a time, so that none overtakes another when the host asks for patience. What waits
 * belongs to a person in a room of one server, and goes out to no other that answers at the same address later: not
 * to one of another id, nor to one that has the id but does not know the person by the token. Nor does it go out in the
 * name of somebody else who uses the same browser.
 *
 * @typedef {{kind: "own", key: string, id: string, content: string, time: number, turn: number, reason: string}} Draft
 *   `turn`: its place in the order; `reason`: why it was refused, empty while it waits
 * @typedef {{place: string, nickname: string, token: string}} Owner the same token is the same person, whatever
 *   the name; `place`: server and room
 * @typedef {{owner: Owner, tab: string, draft: Draft}} Kept `tab`: where it was written
 * @typedef {object} Store what outlives a reload
 * @property {string} tab this one
 * @property {() => Kept[]} drafts
 * @property {(kept: Kept) => boolean} keepDraft answers whether it is kept
 * @property {(id: string) => void} dropDraft
 */

import { keyOfName } from "./names.js";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;

const UNPROVED =
  "This may be another chat than the one it was written for. Send it again if it is for the people here.";

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
  /** @type {Map<string, Kept>} all that is known, by id; also what waits for others than the present owner */
  #kept = new Map();

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    /** @type {Draft[]} what the present owner sees of it */
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
   * Send the drafts of this owner, those included that another tab of theirs has left; show also those of whom nothing
   * proves to be the same person in the same place. Answers how many stay behind in another place.
   * @param {Owner} owner
   */
  open(owner) {
    const before = owner.place === this.#owner.place ? [] : this.drafts;
    if (!isSame(owner, this.#owner)) this.sending = null;
    this.#owner = owner;
    this.refresh();
    return before.filter(({ id }) => !this.#find(id)).length;
  }

  /** Take over what another tab has stored: sent twice, it still has one effect. */
  refresh() {
    for (const kept of this.store.drafts()) {
      if (!this.#kept.has(kept.draft.id)) this.#kept.set(kept.draft.id, kept);
    }
    this.#show();
  }

  /**
   * @param {string} id
   * @param {string} content
   * @param {number} time
   */
  add(id, content, time) {
    const turn = this.#nextTurn(time);
    this.#put({ kind: "own", key: keyOf(id), id, content, time, turn, reason: "" });
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
    if (!id || !this.#find(id)) return false;
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
   * @param {string} [newId] where the host has another message of this id: under which one it may be sent again
   */
  refuse(id, reason, newId = id) {
    this.#settle(id);
    const draft = this.#find(id);
    if (!draft) return;
    this.#put({ ...draft, id: newId, key: keyOf(newId), reason });
    if (newId !== id) this.discard(id);
  }

  /**
   * Wait for its turn again, behind everything else; as the same message, for the host may have it already.
   * @param {string} id
   * @param {number} now
   */
  revive(id, now) {
    const draft = this.#find(id);
    if (draft) this.#put({ ...draft, turn: this.#nextTurn(now), reason: "" });
  }

  /** Give up what the present owner has written in this tab. */
  clear() {
    const own = [...this.#kept.values()].filter((it) => isSame(it.owner, this.#owner) && it.tab === this.store.tab);
    for (const { draft } of own) this.discard(draft.id);
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
    this.#kept.delete(id);
    this.#show();
  }

  /** @param {Draft} draft */
  #put(draft) {
    const kept = { owner: this.#owner, tab: this.store.tab, draft };
    this.#kept.set(draft.id, kept);
    this.#show();
    if (!this.store.keepDraft(kept)) this.forgetful = true;
  }

  #show() {
    const here = [...this.#kept.values()].filter((kept) => this.#isShown(kept));
    this.drafts = here.map((kept) => this.#seen(kept)).sort(inOrder);
  }

  /** Whether it was written here by this person, or by somebody who may be the same one. @param {Kept} kept */
  #isShown({ owner, tab }) {
    const { place, nickname } = this.#owner;
    if (owner.place !== place) return false;
    const sameName = keyOfName(owner.nickname) === keyOfName(nickname);
    return sameName || tab === this.store.tab || isSame(owner, this.#owner);
  }

  /** @param {Kept} kept */
  #seen({ owner, draft }) {
    return draft.reason || isSame(owner, this.#owner) ? draft : { ...draft, reason: UNPROVED };
  }

  /** @param {string} id */
  #find(id) {
    return this.drafts.find((draft) => draft.id === id);
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
 * @param {Owner} one
 * @param {Owner} other
 */
function isSame(one, other) {
  return one.place === other.place && one.token === other.token;
}

/**
 * @param {Draft} one
 * @param {Draft} other
 */
function inOrder(one, other) {
  return one.turn - other.turn;
}
