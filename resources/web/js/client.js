// @ts-check
/**
 * The page's part in the conversation: joins, sends what is in the outbox, keeps the state up to date.
 *
 * @typedef {import("./state.js").Change} Change
 * @typedef {object} Known who one was at this address
 * @property {(server?: string) => string} token what a server gave, by default the one that answered last; or empty
 * @property {() => string[]} tokens what all of them gave
 * @typedef {object} Listener
 * @property {(changes: Change[]) => void} changed parts of the state changed
 * @property {(refusal: import("./protocol.js").Refusal | null) => void} refused the join failed, and no other attempt
 *   follows; null when the host could not be reached
 * @property {() => void} statusChanged the connection's phase, or a second has passed
 */

import { Connection } from "./connection.js";
import { newId } from "./identifier.js";
import { GOING_AWAY, REFUSED_FOR_NOW, TYPING_INTERVAL } from "./protocol.js";
import { Reader } from "./reader.js";

const BUSY = "rate_limited";
const FORGETFUL = "This browser keeps nothing for this page: messages that are not sent yet will not survive a reload.";

export class ChatClient {
  #wanted = "";
  #typingSentAt = 0;
  #warned = false;
  /** @type {string[]} tokens of other servers that have answered at this address */
  #untried = [];

  /**
   * @param {string} url
   * @param {import("./state.js").ChatState} state
   * @param {{kind: string, known: Known, listener: Listener}} options `kind`: what this client is, for the
   *   list of people
   */
  constructor(url, state, { kind, known, listener }) {
    this.state = state;
    this.kind = kind;
    this.known = known;
    this.listener = listener;
    this.connection = new Connection(url, {
      opened: () => this.#opened(),
      received: (event) => this.#receive(event),
      ended: (code) => this.#ended(code),
      ticked: () => this.#tick(),
    });
    this.reader = new Reader(state, this.connection, listener.changed);
    /** Whether the person is in the room; true also while the connection is being mended. */
    this.joined = false;
    /** When the connection was lost; 0 while it stands. */
    this.lostSince = 0;
    /** Whether that was no accident: the host has closed the chat. */
    this.goodbye = false;
  }

  /**
   * Enter the room. `refused` or an `arrived` change follows.
   * @param {string} nickname
   */
  join(nickname) {
    this.#wanted = nickname;
    this.state.token ||= this.known.token();
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
    this.#warn();
    this.#flush();
    this.listener.changed(["timeline"]);
  }

  /** @param {string} id */
  sendAgain(id) {
    this.state.outbox.revive(id, newId(), Date.now());
    this.#flush();
    this.listener.changed(["timeline"]);
  }

  /** @param {string} id */
  discard(id) {
    this.state.outbox.discard(id);
    this.listener.changed(["timeline"]);
  }

  /** Send what another tab of this person has left unsent. */
  takeOver() {
    this.state.outbox.refresh();
    this.#flush();
    this.listener.changed(["timeline"]);
  }

  /** Another tab has done with this draft. @param {string} id */
  forget(id) {
    this.state.outbox.forget(id);
    this.#flush();
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

  #opened() {
    this.#untried = this.known.tokens().filter((token) => token !== this.state.token);
    this.#join();
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
    if (event.type === "welcome" && this.#isMistaken(event)) return undefined;
    const changes = this.state.apply(event, Date.now());
    if (changes.includes("arrived")) this.#arrived();
    if (changes.includes("jumped")) this.reader.atEnd = false;
    if (event.type === "storage" && !this.state.trouble) this.#recover();
    this.reader.keepUp();
    this.#flush();
    return this.listener.changed(changes);
  }

  /**
   * Another server than last time answers and took one for a stranger, though it knows one: come back as oneself.
   * @param {any} welcome
   */
  #isMistaken({ server }) {
    const known = this.known.token(server.id);
    if (!known || known === this.state.token) return false;
    this.connection.send({ type: "leave" });
    this.state.token = known;
    this.connection.open();
    return true;
  }

  /** The host can write again. */
  #recover() {
    this.#resume();
    this.reader.recover();
  }

  #arrived() {
    this.joined = true;
    this.#wanted = this.state.nickname;
    this.lostSince = 0;
    this.goodbye = false;
    this.connection.settle();
    this.reader.askSearch();
  }

  /** @param {import("./protocol.js").Refusal} error */
  #refused(error) {
    const { outbox, arrived } = this.state;
    if (!arrived) return this.#notLetIn(error);
    if (this.reader.refused(error)) return undefined;
    if (!outbox.sending || (error.ref && error.ref !== outbox.sending)) return undefined;
    if (REFUSED_FOR_NOW.has(error.code)) this.#sendLater(error);
    else outbox.refuse(outbox.sending, error.content);
    this.#flush();
    return this.listener.changed(["timeline"]);
  }

  /** Who was in already waits until the host can read its disk again. @param {import("./protocol.js").Refusal} error */
  #notLetIn(error) {
    const other = error.code === "nickname_taken" && this.#untried.pop();
    if (other) this.#joinAs(other);
    else if (error.code === "storage" && this.joined) this.connection.lose();
    else this.#stop(error);
  }

  /** Another server than last time may answer: to it the name belongs to another token. @param {string} token */
  #joinAs(token) {
    this.state.token = token;
    this.#join();
  }

  /** The draft that was on its way waits; none overtakes it. @param {import("./protocol.js").Refusal} error */
  #sendLater({ code }) {
    const { outbox } = this.state;
    const id = outbox.sending;
    const pause = code === BUSY ? outbox.postpone() : REFUSED_FOR_NOW.get(code);
    setTimeout(() => outbox.sending === id && this.#resume(), pause);
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
    this.state.log.asked = null;
    this.#typingSentAt = 0;
  }

  /** Say once that this browser forgets what waits. */
  #warn() {
    const { outbox, log } = this.state;
    if (!outbox.forgetful || this.#warned) return;
    this.#warned = !log.detached;
    log.addSystem(FORGETFUL, Date.now());
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
    if (this.reader.atEnd) this.reader.loadLater();
    this.listener.statusChanged();
  }
}
