// @ts-check
/**
 * The page's part in the conversation: joins, sends what is in the outbox, keeps the state up to date.
 *
 * @typedef {import("./state.js").Change} Change
 * @typedef {object} Listener
 * @property {(changes: Change[]) => void} changed parts of the state changed
 * @property {(refusal: import("./protocol.js").Refusal | null) => void} refused the join failed, and no other attempt
 *   follows; null when the host could not be reached
 * @property {() => void} statusChanged the connection's phase, or a second has passed
 */

import { Connection } from "./connection.js";
import { newId } from "./identifier.js";
import { GOING_AWAY, HISTORY_PAGE, TYPING_INTERVAL } from "./protocol.js";

const BUSY = "rate_limited";

export class ChatClient {
  #wanted = "";
  #typingSentAt = 0;

  /**
   * @param {string} url
   * @param {import("./state.js").ChatState} state
   * @param {{kind: string, listener: Listener}} options `kind`: what this client is, for the list of people
   */
  constructor(url, state, { kind, listener }) {
    this.state = state;
    this.kind = kind;
    this.listener = listener;
    this.connection = new Connection(url, {
      opened: () => this.#join(),
      received: (event) => this.#receive(event),
      ended: (code) => this.#ended(code),
      ticked: () => this.#tick(),
    });
    /** Whether the person is in the room; true also while the connection is being mended. */
    this.joined = false;
    /** When the connection was lost; 0 while it stands. */
    this.lostSince = 0;
    /** Whether that was no accident: the host has closed the chat. */
    this.goodbye = false;
    /** Whether the reader is at the end of the timeline, and wants the newest there. */
    this.atEnd = true;
  }

  /**
   * Enter the room. `refused` or an `arrived` change follows.
   * @param {string} nickname
   * @param {string} token of an earlier time, or empty
   */
  join(nickname, token) {
    this.#wanted = nickname;
    this.state.token ||= token;
    this.connection.open();
  }

  leave() {
    this.connection.send({ type: "leave" });
    this.#close();
  }

  /** @param {string} content */
  send(content) {
    this.state.outbox.add(newId(), content, Date.now());
    this.#typingSentAt = 0;
    this.#flush();
    this.listener.changed(["timeline"]);
  }

  /** @param {string} id */
  sendAgain(id) {
    this.state.outbox.revive(id);
    this.#flush();
    this.listener.changed(["timeline"]);
  }

  /** @param {string} id */
  discard(id) {
    this.state.outbox.discard(id);
    this.listener.changed(["timeline"]);
  }

  /**
   * Tell the others whether the person is typing, no more often than they need to know.
   * @param {boolean} active
   */
  typing(active) {
    const due = Date.now() - this.#typingSentAt >= TYPING_INTERVAL;
    if (!this.state.arrived || (active ? !due : !this.#typingSentAt)) return;
    this.#typingSentAt = active ? Date.now() : 0;
    this.connection.send({ type: "typing", active });
  }

  /** Ask for the messages before the first one held. */
  loadEarlier() {
    const { log, arrived } = this.state;
    if (!arrived || !log.more || log.asked) return;
    log.asked = "earlier";
    this.connection.send({ type: "history", before: log.firstSeq, limit: HISTORY_PAGE });
  }

  /** Ask for the messages after the last one held, and for the very latest if the reader is at the end. */
  loadLater() {
    const { log, arrived } = this.state;
    if (!arrived || !log.detached || log.asked) return;
    log.asked = this.atEnd ? "latest" : "later";
    const from = this.atEnd ? {} : { after: log.seq };
    this.connection.send({ type: "history", limit: HISTORY_PAGE, ...from });
  }

  #join() {
    this.connection.expectAnswer();
    const { token, position } = this.state;
    this.connection.send({
      type: "join",
      nickname: this.#wanted,
      client: this.kind,
      capabilities: ["presence"],
      ...(token && { token }),
      ...(position && { resume: position }),
    });
  }

  /** @param {import("./protocol.js").Event} event */
  #receive(event) {
    if (event.type === "error") return this.#refused(/** @type {any} */ (event));
    const changes = this.state.apply(event, Date.now());
    if (changes.includes("arrived")) this.#arrived();
    if (this.atEnd) this.#keepUp();
    this.#flush();
    this.listener.changed(changes);
  }

  /** The reader is at the end: nothing newer may be missing there, and not everything older is needed. */
  #keepUp() {
    const { log } = this.state;
    if (log.detached) this.loadLater();
    else log.trim();
  }

  #arrived() {
    this.joined = true;
    this.#wanted = this.state.nickname;
    this.lostSince = 0;
    this.goodbye = false;
    this.connection.settle();
  }

  /** @param {import("./protocol.js").Refusal} error */
  #refused(error) {
    const { outbox, arrived, log } = this.state;
    if (!arrived) return this.#stop(error);
    if (error.ref === "history") log.asked = "";
    if (!outbox.sending || (error.ref && error.ref !== outbox.sending)) return undefined;
    if (error.code === BUSY) setTimeout(() => this.#resume(), outbox.postpone());
    else outbox.refuse(outbox.sending, error.content);
    this.#flush();
    return this.listener.changed(["timeline"]);
  }

  #resume() {
    this.state.outbox.interrupt();
    this.#flush();
  }

  /** Send the next draft, if it is its turn. */
  #flush() {
    const draft = this.state.arrived && this.connection.phase === "open" ? this.state.outbox.next() : null;
    if (!draft) return;
    this.connection.send({ type: "message", id: draft.id, content: draft.content });
    this.connection.expectAnswer();
  }

  /** @param {number} code */
  #ended(code) {
    this.#interrupt();
    if (!this.joined) return this.#stop(null);
    this.lostSince ||= Date.now();
    this.goodbye ||= code === GOING_AWAY;
    return this.listener.statusChanged();
  }

  #interrupt() {
    this.state.arrived = false;
    this.state.outbox.interrupt();
    this.state.log.asked = "";
    this.#typingSentAt = 0;
  }

  /** @param {import("./protocol.js").Refusal | null} refusal */
  #stop(refusal) {
    this.#close();
    this.listener.refused(refusal);
  }

  #close() {
    this.connection.close();
    this.#interrupt();
    this.joined = false;
    this.lostSince = 0;
    this.goodbye = false;
  }

  #tick() {
    const changes = this.state.expireTyping(Date.now());
    if (changes.length) this.listener.changed(changes);
    if (this.atEnd) this.loadLater();
    this.listener.statusChanged();
  }
}
