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
 * @property {(messages: import("./protocol.js").Message[]) => void} heard others have said something new
 */

import { Connection } from "./connection.js";
import { newId } from "./identifier.js";
import { newsIn } from "./news.js";
import { GOING_AWAY, REFUSED_FOR_NOW, TYPING_INTERVAL, UNREADABLE } from "./protocol.js";
import { callBack, canCall } from "./reach.js";
import { Reader } from "./reader.js";
import { refusalToRead } from "./room.js";

const BUSY = "rate_limited";
const REUSED = "id_reused";
const FORGETFUL = "This browser keeps nothing for this page: messages that are not sent yet will not survive a reload.";

export class ChatClient {
  #wanted = "";
  #typingSentAt = 0;
  #warned = false;

  /**
   * @param {string} url
   * @param {import("./state.js").ChatState} state
   * @param {{kind: string, token: (nickname: string) => string, listener: Listener}} options `kind`: what this client
   *   is, for the list of people; `token`: what was given at this address last to who has this name, or empty
   */
  constructor(url, state, { kind, token, listener }) {
    this.state = state;
    this.kind = kind;
    this.token = token;
    this.listener = listener;
    this.connection = new Connection(url, {
      opened: () => this.#join(),
      received: (event) => this.#receive(event),
      doubted: () => this.#doubted(),
      proved: () => this.#proved(),
      ended: (code) => this.#ended(code),
      ticked: () => this.#tick(),
    });
    this.reader = new Reader(state, this.connection, listener.changed);
    /** Whether the person is in the room; true also while the connection is being mended. */
    this.joined = false;
    /** When the connection was lost, or in doubt, as `performance.now` has it; 0 while it stands. */
    this.lostSince = 0;
    /** Whether that was no accident: the host has closed the chat. */
    this.goodbye = false;
    /** Why this page has ended the connection: a sentence, or empty. */
    this.fault = "";
  }

  /**
   * Enter the room. `refused` or an `arrived` change follows.
   * @param {string} nickname
   */
  join(nickname) {
    this.#wanted = nickname;
    // A newcomer's own token makes it the same person again where the first answer is lost on its way.
    this.state.token = this.token(nickname) || this.state.token || `new.${newId()}${newId()}`;
    this.connection.open();
  }

  leave() {
    this.connection.send({ type: "leave" });
    this.#close();
    this.state.token = ""; // under another name it is somebody else
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
    this.state.outbox.revive(id, Date.now());
    this.#flush();
    this.listener.changed(["timeline"]);
  }

  /** @param {string} id */
  discard(id) {
    this.state.outbox.discard(id);
    this.listener.changed(["timeline"]);
  }

  /**
   * Give up what was refused, to write it again. Answers its words; nothing for what is on its way.
   * @param {string} id
   */
  takeBack(id) {
    const draft = this.state.outbox.drafts.find((it) => it.id === id && it.reason);
    if (draft) this.discard(id);
    return draft?.content ?? "";
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
    const now = performance.now();
    const due = !this.#typingSentAt || now - this.#typingSentAt >= TYPING_INTERVAL;
    if (!this.state.arrived || (active ? !due : !this.#typingSentAt)) return;
    this.#typingSentAt = active ? now : 0;
    this.connection.send({ type: "typing", active });
  }

  #join() {
    this.connection.expectAnswer();
    const { token, position } = this.state;
    this.connection.send({
      type: "join",
      nickname: this.#wanted,
      client: this.kind,
      capabilities: canCall ? ["presence", "reach"] : ["presence"],
      ...(token && { token }),
      ...(position && { resume: position }),
    });
  }

  /** @param {import("./protocol.js").Event} event */
  #receive(event) {
    if (event.type === "reach") return callBack(event);
    if (event.type === "error") return this.#refused(event);
    const news = newsIn(event, this.state);
    const changes = this.state.apply(event, performance.now(), Date.now());
    if (changes.includes("arrived")) this.#arrived();
    if (changes.includes("jumped")) this.reader.atEnd = false;
    if (event.type === "storage" && !this.state.trouble) this.#recover();
    this.reader.keepUp();
    this.#flush();
    this.listener.heard(news);
    return this.listener.changed(changes);
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
    if (!error.ref) this.state.log.addSystem(error.content, Date.now());
    else if (error.ref === outbox.sending) this.#notTaken(error.ref, error);
    this.reader.keepUp();
    this.#flush();
    return this.listener.changed(["timeline"]);
  }

  /**
   * The host does not take this draft, now or at all.
   * @param {string} id
   * @param {import("./protocol.js").Refusal} error
   */
  #notTaken(id, error) {
    if (REFUSED_FOR_NOW.has(error.code)) this.#sendLater(error);
    else this.state.outbox.refuse(id, error.content, error.code === REUSED ? newId() : id);
  }

  /** Who was in already waits until the host can read its disk again. @param {import("./protocol.js").Refusal} error */
  #notLetIn(error) {
    if (error.code === "storage" && this.joined) this.connection.lose();
    else this.#stop(error);
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
    const refusal = code === UNREADABLE ? refusalToRead(this.connection.fault) : null;
    if (!this.joined) return this.#stop(refusal);
    this.fault = refusal?.content ?? "";
    this.lostSince ||= performance.now();
    this.goodbye ||= code === GOING_AWAY;
    return this.listener.statusChanged();
  }

  /** This device is offline. Nothing is given up: it may be back before the connection breaks. */
  #doubted() {
    this.lostSince ||= performance.now();
    this.listener.statusChanged();
  }

  #proved() {
    this.lostSince = 0;
    this.state.resumed = "all";
    this.listener.statusChanged();
  }

  #interrupt() {
    this.state.disconnect();
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
    const changes = this.state.expireTyping(performance.now());
    if (changes.length) this.listener.changed(changes);
    if (this.reader.atEnd) this.reader.loadLater();
    this.reader.lookAgain();
    this.listener.statusChanged();
  }
}
