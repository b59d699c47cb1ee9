// @ts-check
/**
 * Who has reacted to a message with an emoji: a message names the first few, and the host names all.
 *
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {Message["reactions"][number]} Reaction
 * @typedef {import("./protocol.js").AskReactors} AskReactors
 * @typedef {{seq: number, emoji: string, count: number, people: Reaction["people"], complete: boolean,
 *   busy: boolean}} ShownReactors the people who have reacted, as far as they are known, in this order; `count`: how
 *   many there are; `complete`: these are all; `busy`: an answer is pending
 */

import { MOST_PEOPLE } from "./validation.js";

/** The list that somebody looks at. It follows the message, and comes in pages. */
export class Reactors {
  /** How many people stay before the next page. */
  #skip = 0;
  /** Whether the message has changed while an answer was pending, which may say what was before. */
  #stale = false;

  constructor() {
    /** @type {ShownReactors | null} null while nobody looks */
    this.shown = null;
  }

  /**
   * Somebody looks at the list from now on; the message tells its beginning, and often all of it.
   * @param {Message} message
   * @param {string} emoji
   */
  show({ seq, reactions }, emoji) {
    this.#stale = false;
    this.#follow({ seq, emoji, count: 0, people: [], complete: true, busy: false }, reactions);
  }

  /** Nobody looks any more, or the message of this number is another one. */
  hide() {
    this.shown = null;
  }

  /** The next page is wanted. */
  loadMore() {
    if (!this.shown || this.shown.complete || this.shown.busy) return;
    this.#skip = this.shown.people.length;
    this.shown = { ...this.shown, busy: true };
  }

  /** The request for the page that is wanted now; null if none is. @returns {AskReactors | null} */
  get wanted() {
    if (!this.shown?.busy) return null;
    const { seq, emoji } = this.shown;
    return { type: "reactions", seq, emoji, skip: this.#skip };
  }

  /** Follow a message that has changed. @param {Message} message */
  update({ seq, reactions }) {
    if (seq !== this.shown?.seq) return;
    this.#stale = this.shown.busy;
    this.#follow(this.shown, reactions);
  }

  /**
   * Add a page; the answer to an earlier question changes nothing.
   * @param {{people: Reaction["people"], more: boolean}} page
   * @param {AskReactors} asked
   */
  receive({ people: named, more }, asked) {
    if (!this.shown || !this.#isWanted(asked)) return;
    const people = [...this.shown.people.slice(0, this.#skip), ...named].slice(0, MOST_PEOPLE);
    const complete = !more || !named.length || people.length >= MOST_PEOPLE;
    const count = more ? Math.max(this.shown.count, people.length) : people.length;
    this.shown = { ...this.shown, people, count, complete, busy: this.#stale };
    this.#skip = 0;
    this.#stale = false;
  }

  /** The host refuses the page, for good: what the message tells is all. @param {AskReactors} asked */
  refuse(asked) {
    if (this.shown && this.#isWanted(asked)) this.shown = { ...this.shown, complete: true, busy: false };
  }

  /** @param {AskReactors} asked */
  #isWanted({ seq, emoji, skip }) {
    const { wanted } = this;
    return seq === wanted?.seq && emoji === wanted.emoji && skip === wanted.skip;
  }

  /**
   * The message tells this much. Where that is not all, the list is asked for, and stays until it comes.
   * @param {ShownReactors} shown
   * @param {Reaction[]} reactions
   */
  #follow(shown, reactions) {
    const { count, people } = reactions.find(({ emoji }) => emoji === shown.emoji) ?? { count: 0, people: [] };
    const told = count <= people.length;
    this.#skip = 0;
    const known = told || !shown.people.length ? people : shown.people;
    this.shown = { ...shown, count, people: known, complete: told, busy: !told };
  }
}
