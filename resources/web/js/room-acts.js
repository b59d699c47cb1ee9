// @ts-check
/**
 * Acting on the messages of a room: what waits for the host, what one's own is, quoted and pinned messages. The
 * transcript shows what was done at once; everything else here follows the host.
 *
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./protocol.js").Events} Events
 * @typedef {import("./protocol.js").Act} Act
 * @typedef {import("./requests.js").Request} Request
 * @typedef {import("./requests.js").RequestKind} RequestKind
 */

import { OwnReactions } from "./own-reactions.js";
import { PendingActs } from "./pending-acts.js";
import { Pins } from "./pins.js";
import { Quotes } from "./quotes.js";
import { Reactors } from "./reactors.js";
import { InvalidEvent } from "./validation.js";

/** @type {Set<RequestKind>} */
const KINDS = new Set(["act", "own reactions", "quotes", "pins", "reactors"]);

export class RoomActs {
  #pending;
  #ownReactions;

  /**
   * @param {import("./own-identity.js").OwnIdentity} own
   * @param {import("./transcript.js").Transcript} transcript
   */
  constructor(own, transcript) {
    this.#pending = new PendingActs(own);
    this.#ownReactions = new OwnReactions(own);
    this.quotes = new Quotes();
    this.pins = new Pins();
    this.reactors = new Reactors();
    this.transcript = transcript;
    transcript.preview = (message) => this.#preview(message);
  }

  /**
   * The message of this number as it is now; undefined if there is none, or it has to be asked for.
   * @param {number} seq
   */
  quote(seq) {
    return this.transcript.find(seq)?.shown ?? this.quotes.find(seq);
  }

  /**
   * With which of the reactions to a message, as it is shown, the person has reacted.
   * @param {Pick<Message, "seq" | "reactions">} message
   */
  ownReactions(message) {
    const own = this.#ownReactions.of(message);
    for (const act of this.#pending.of(message.seq)) {
      if (act.type !== "react") continue;
      if (act.active) own.add(act.emoji);
      else own.delete(act.emoji);
    }
    return own;
  }

  /** Whether an edit of this message waits for the host. @param {number} seq */
  isEditPending(seq) {
    return this.#pending.of(seq).some(({ type }) => type === "edit");
  }

  /** The pinned messages, the newest first. */
  get pinned() {
    const shown = new Map([...this.pins.messages].map(([seq, message]) => [seq, this.#preview(message)]));
    for (const act of this.#pending.acts) {
      const held = act.type === "pin" && this.transcript.find(act.seq);
      if (held) shown.set(act.seq, held.shown);
    }
    return [...shown.values()].filter(({ pinned }) => pinned).sort((one, other) => other.seq - one.seq);
  }

  /** Act on a message: it is shown at once, and sent when its turn comes. @param {Act} act */
  do(act) {
    this.#pending.add(act);
    this.transcript.refresh(act.seq);
  }

  /**
   * The requests whose answers are wanted now.
   * @returns {Generator<[RequestKind, import("./protocol.js").RequestedInRoom]>}
   */
  *wanted() {
    const [act] = this.#pending.acts;
    if (act) yield ["act", act];
    if (this.#ownReactions.wanted) yield ["own reactions", this.#ownReactions.wanted];
    if (this.quotes.wanted) yield ["quotes", this.quotes.wanted];
    if (this.pins.wanted) yield ["pins", this.pins.wanted];
    if (this.reactors.wanted) yield ["reactors", this.reactors.wanted];
  }

  /**
   * A message has changed, perhaps by an act of the person.
   * @param {Message} message
   * @param {Request | undefined} request
   */
  updated(message, request) {
    const act = request?.kind === "act" ? this.#pending.close(request.command.id) : undefined;
    if (act?.type === "react") this.#ownReactions.confirmed(act);
    this.quotes.update(message);
    this.pins.update(message);
    this.reactors.update(message);
    if (act) this.transcript.refresh(message.seq);
  }

  /**
   * Take note of an answer. Throws InvalidEvent for one to another question.
   * @param {Events["messages" | "pins" | "own_reactions" | "reactions"]} answer
   * @param {Request} request
   * @returns {import("./state.js").Change[]}
   */
  receive(answer, { command }) {
    if (answer.type === "messages" && command.type === "messages") this.quotes.receive(answer, command);
    else if (answer.type === "pins" && command.type === "pins") this.pins.receive(answer);
    else if (answer.type === "own_reactions" && command.type === "own_reactions")
      this.#ownReactions.receive(answer, command);
    else if (answer.type === "reactions" && command.type === "reactions") this.reactors.receive(answer, command);
    else throw new InvalidEvent("an answer to another question");
    return ["timeline"];
  }

  /**
   * The host refuses an act, which is taken back, or a question, which an earlier version does not know. Returns the
   * refused act; undefined for a question, and null for what is none of this.
   * @param {Request} request
   */
  refuse({ kind, command }) {
    if (!KINDS.has(kind)) return null;
    if (command.type === "messages") this.quotes.refuse(command);
    else if (command.type === "pins") this.pins.complete = true;
    else if (command.type === "own_reactions") this.#ownReactions.refuse();
    else if (command.type === "reactions") this.reactors.refuse(command);
    const act = this.#pending.close(command.id);
    if (act) this.transcript.refresh(act.seq);
    return act;
  }

  /** The connection is lost: another device may act meanwhile. */
  disconnected() {
    this.#ownReactions.clear();
  }

  /**
   * What has changed was not told, or the room has another log, in which numbers mean other messages.
   * @param {boolean} anotherLog
   */
  restart(anotherLog) {
    if (anotherLog) this.#pending.acts = [];
    this.quotes.clear();
    this.#ownReactions.clear();
    this.reactors.hide();
    this.pins.restart();
  }

  /** @param {Message} message */
  #preview(message) {
    if (!this.#pending.of(message.seq).length) return message;
    return this.#pending.preview(message, this.#ownReactions.of(message));
  }
}
