// @ts-check
/**
 * What the person has done to messages and the host has not confirmed: shown at once, and taken back if refused.
 *
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./protocol.js").Act} Act
 * @typedef {Message["reactions"][number]} Reaction
 */

import { randomId } from "./random-id.js";

/** People whom a message names for each reaction. */
export const REACTION_NAMES = 5;

/**
 * Acts in the order in which they are sent, one after the other. After a loss of the connection the first is sent
 * again; each sets a state, so that does no harm.
 */
export class PendingActs {
  /** @param {import("./own-identity.js").OwnIdentity} own */
  constructor(own) {
    this.own = own;
    /** @type {Act[]} */
    this.acts = [];
  }

  /** The person does something. What it makes needless, and was not sent yet, is left out. @param {Act} act */
  add(act) {
    const [first, ...others] = this.acts;
    const waiting = others.filter((it) => subjectOf(it) !== subjectOf(act));
    this.acts = [...(first ? [first] : []), ...waiting, { ...act, id: randomId() }];
  }

  /** The host has answered this one: it is returned, if it is here. @param {string | undefined} id */
  close(id) {
    const answered = this.acts.find((it) => it.id === id);
    this.acts = this.acts.filter((it) => it !== answered);
    return answered;
  }

  /** What waits for this message. @param {number} seq */
  of(seq) {
    return this.acts.filter((it) => it.seq === seq);
  }

  /**
   * A message as it will be once the host has confirmed what waits for it.
   * @param {Message} message
   * @param {Set<string>} ownReactions
   */
  preview(message, ownReactions) {
    return this.of(message.seq).reduce((shown, act) => this.#after(shown, act, ownReactions), message);
  }

  /**
   * @param {Message} message
   * @param {Act} act
   * @param {Set<string>} ownReactions
   * @returns {Message}
   */
  #after(message, act, ownReactions) {
    if (message.deleted) return message;
    switch (act.type) {
      case "edit":
        return act.content === message.content
          ? message
          : { ...message, content: act.content, body: null, edited: new Date().toISOString() };
      case "delete":
        return this.#deleted(message);
      case "react":
        return ownReactions.has(act.emoji) === act.active
          ? message
          : { ...message, reactions: this.#reacted(message.reactions, act.emoji, act.active) };
      default:
        return { ...message, pinned: act.active };
    }
  }

  /** @param {Message} message @returns {Message} */
  #deleted(message) {
    const { nickname } = this.own;
    const deleted = this.own.isMine(message) ? "author" : "host";
    const nothing = { content: "", body: null, edited: "", reply_to: 0, reactions: [], pinned: false };
    return { ...message, ...nothing, deleted, deleted_by: nickname };
  }

  /**
   * @param {Reaction[]} reactions
   * @param {string} emoji
   * @param {boolean} active
   */
  #reacted(reactions, emoji, active) {
    const { nickname, author } = this.own;
    const me = { nickname, author };
    if (active && reactions.every((it) => it.emoji !== emoji)) return [...reactions, { emoji, count: 1, people: [me] }];
    return reactions
      .map((it) => (it.emoji === emoji ? counted(it, me, active) : it))
      .filter(({ count }) => count > 0);
  }
}

/**
 * A reaction with or without the person.
 * @param {Reaction} reaction
 * @param {Reaction["people"][number]} me
 * @param {boolean} active
 */
function counted({ emoji, count, people }, me, active) {
  const others = people.filter(({ author }) => author !== me.author);
  return {
    emoji,
    count: count + (active ? 1 : -1),
    people: active ? [...others, me].slice(0, REACTION_NAMES) : others,
  };
}

/** Of two acts on one subject, only the later one counts. @param {Act} act */
function subjectOf(act) {
  return `${act.type} ${act.seq} ${act.type === "react" ? act.emoji : ""}`;
}
