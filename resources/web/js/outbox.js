// @ts-check
/**
 * What one has written and the host has not acknowledged yet, in the order of writing.
 *
 * One message is on its way at a time, so that none overtakes another when the host asks for patience.
 *
 * @typedef {{kind: "own", key: string, id: string, content: string, time: number, day: string, reason: string}} Draft
 *   `reason`: why it was refused, empty while it waits
 */

import { dayOf } from "./log.js";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;

/**
 * The key of the row that shows this message, before and after it is acknowledged.
 * @param {string} id
 */
export function keyOf(id) {
  return `own:${id}`;
}

export class Outbox {
  /** @param {Draft[]} drafts kept from before a reload */
  constructor(drafts = []) {
    /** @type {Draft[]} */
    this.drafts = drafts;
    /** @type {string | null} */
    this.sending = null;
    this.pause = FIRST_PAUSE;
  }

  /** Drafts that go out by themselves. */
  get waiting() {
    return this.drafts.filter((draft) => !draft.reason);
  }

  /**
   * @param {string} id
   * @param {string} content
   * @param {number} time
   */
  add(id, content, time) {
    /** @type {Draft} */
    const draft = { kind: "own", key: keyOf(id), id, content, time, day: dayOf(time), reason: "" };
    this.drafts = [...this.drafts, draft];
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
   * @param {string} reason a sentence; empty to let the draft wait again
   */
  refuse(id, reason) {
    this.#settle(id);
    this.drafts = this.drafts.map((draft) => (draft.id === id ? { ...draft, reason } : draft));
  }

  /**
   * Wait for its turn again, behind everything else.
   * @param {string} id
   */
  revive(id) {
    const revived = this.drafts.filter((draft) => draft.id === id).map((draft) => ({ ...draft, reason: "" }));
    this.drafts = [...this.drafts.filter((draft) => draft.id !== id), ...revived];
  }

  /** @param {string} id */
  discard(id) {
    this.#settle(id);
    this.drafts = this.drafts.filter((draft) => draft.id !== id);
  }

  /** @param {string} id */
  #settle(id) {
    if (this.sending === id) this.sending = null;
  }
}
