// @ts-check
/**
 * The client: joins, resumes, sends the messages in the outbox, and applies events to the state.
 *
 * @typedef {import("./state.js").Change} Change
 * @typedef {object} Listener
 * @property {(changes: Change[]) => void} changed parts of the state have changed
 * @property {(refusal: import("./protocol.js").Refusal | null) => void} joinRefused the join has failed for good; null
 *   if the host could not be reached
 * @property {() => void} statusChanged the connection's phase has changed, or a second has passed
 * @property {(messages: import("./protocol.js").Message[]) => void} messagesReceived other people have written
 */

import { Connection } from "./connection.js";
import { randomId } from "./random-id.js";
import { newMessagesIn } from "./message-announcer.js";
import { EXPIRED, GOING_AWAY, INVALID_EVENT, RETRY_DELAYS, TYPING_INTERVAL } from "./protocol.js";
import { probeAddresses, canProbe } from "./reachability-probe.js";
import { HistoryLoader } from "./history-loader.js";
import { invalidEventRefusal } from "./room-status.js";

const RATE_LIMITED = "rate_limited";
const ID_REUSED = "id_reused";
const SIGN_IN_EXPIRED = "Your sign-in to this chat has expired: sign in again.";
const STORAGE_FAILED =
  "This browser keeps nothing for this page: messages that are not sent yet will not survive a reload.";

export class ChatClient {
  #nickname = "";
  #typingSentAt = 0;
  #warned = false;

  /**
   * @param {string} url
   * @param {import("./state.js").ChatState} state
   * @param {{kind: string, tokenFor: (nickname: string) => string, listener: Listener}} options `kind`: the kind of
   *   client, shown in the list of people; `tokenFor`: the last token that a host at this address gave to this
   *   nickname, or empty
   */
  constructor(url, state, { kind, tokenFor, listener }) {
    this.state = state;
    this.kind = kind;
    this.tokenFor = tokenFor;
    this.listener = listener;
    this.connection = new Connection(url, {
      opened: () => this.#join(),
      received: (event) => this.#receive(event),
      offlineSuspected: () => this.#offlineSuspected(),
      onlineConfirmed: () => this.#onlineConfirmed(),
      ended: (code) => this.#ended(code),
      ticked: () => this.#tick(),
    });
    this.historyLoader = new HistoryLoader(state, this.connection, listener.changed);
    /** Whether the person has joined and not left: stays true while the connection is lost. */
    this.isMember = false;
    /** When the connection was lost or seemed to be lost, by `performance.now`; 0 while it is open. */
    this.lostSince = 0;
    /** Whether the host has closed the chat on purpose. */
    this.hostClosed = false;
    /** Why the page itself has ended the connection: a sentence, or empty. */
    this.endReason = "";
  }

  /**
   * Join the room. Either `joinRefused` or a `joined` change follows.
   * @param {string} nickname
   */
  join(nickname) {
    this.#nickname = nickname;
    // A newcomer proposes a token, so that it is the same person again if the first answer is lost.
    this.state.token = this.tokenFor(nickname) || this.state.token || `new.${randomId()}${randomId()}`;
    this.connection.open();
  }

  leave() {
    this.connection.send({ type: "leave" });
    this.#close();
    this.state.token = ""; // another nickname is another person
  }

  /** @param {string} content */
  send(content) {
    this.state.outbox.add(randomId(), content, Date.now());
    this.#typingSentAt = 0;
    this.#warnOfFailedStorage();
    this.#flush();
    this.listener.changed(["timeline"]);
  }

  /** @param {string} id */
  resend(id) {
    this.state.outbox.resend(id, Date.now());
    this.#flush();
    this.listener.changed(["timeline"]);
  }

  /** @param {string} id */
  discard(id) {
    this.state.outbox.discard(id);
    this.listener.changed(["timeline"]);
  }

  /**
   * Take a refused message out of the outbox, to edit it. Returns its content; empty if it has not been refused.
   * @param {string} id
   */
  withdraw(id) {
    const message = this.state.outbox.entries.find((it) => it.id === id && it.reason);
    if (message) this.discard(id);
    return message?.content ?? "";
  }

  /** Send the messages that another tab of the same person has left unsent. */
  adoptStoredMessages() {
    this.state.outbox.refresh();
    this.#flush();
    this.listener.changed(["timeline"]);
  }

  /** Another tab has sent or discarded this message. @param {string} id */
  forget(id) {
    this.state.outbox.forget(id);
    this.#flush();
    this.listener.changed(["timeline"]);
  }

  /**
   * Tell the others whether the person is typing, at most once per `TYPING_INTERVAL`.
   * @param {boolean} active
   */
  setTyping(active) {
    const now = performance.now();
    const due = !this.#typingSentAt || now - this.#typingSentAt >= TYPING_INTERVAL;
    if (!this.state.joined || (active ? !due : !this.#typingSentAt)) return;
    this.#typingSentAt = active ? now : 0;
    this.connection.send({ type: "typing", active });
  }

  #join() {
    this.connection.expectAnswer();
    const { token, position } = this.state;
    this.connection.send({
      type: "join",
      nickname: this.#nickname,
      client: this.kind,
      capabilities: canProbe ? ["presence", "reach"] : ["presence"],
      ...(token && { token }),
      ...(position && { resume: position }),
    });
  }

  /** @param {import("./protocol.js").Event} event */
  #receive(event) {
    if (event.type === "reach") return probeAddresses(event);
    if (event.type === "error") return this.#errorReceived(event);
    const news = newMessagesIn(event, this.state);
    const changes = this.state.apply(event, performance.now(), Date.now());
    if (changes.includes("joined")) this.#joined();
    if (changes.includes("jumped")) this.historyLoader.atEnd = false;
    if (event.type === "storage" && !this.state.trouble) this.#storageRecovered();
    this.historyLoader.keepUp();
    this.#flush();
    this.listener.messagesReceived(news);
    return this.listener.changed(changes);
  }

  /** The host can write to its disk again. */
  #storageRecovered() {
    this.#resume();
    this.historyLoader.retrySearch();
  }

  #joined() {
    this.isMember = true;
    this.#nickname = this.state.nickname;
    this.lostSince = 0;
    this.hostClosed = false;
    this.connection.resetBackoff();
    this.historyLoader.sendSearch();
  }

  /** @param {import("./protocol.js").Refusal} error */
  #errorReceived(error) {
    const { outbox, joined } = this.state;
    if (!joined) return this.#joinRefused(error);
    if (this.historyLoader.refused(error)) return undefined;
    if (!error.ref) this.state.transcript.addSystem(error.content, Date.now());
    else if (error.ref === outbox.sending) this.#messageRefused(error.ref, error);
    this.historyLoader.keepUp();
    this.#flush();
    return this.listener.changed(["timeline"]);
  }

  /**
   * The host has refused a message, for now or for good.
   * @param {string} id
   * @param {import("./protocol.js").Refusal} error
   */
  #messageRefused(id, error) {
    if (RETRY_DELAYS.has(error.code)) this.#sendLater(error);
    else this.state.outbox.fail(id, error.content, error.code === ID_REUSED ? randomId() : id);
  }

  /**
   * A person who had joined before waits until the host can read its disk again.
   * @param {import("./protocol.js").Refusal} error
   */
  #joinRefused(error) {
    if (error.code === "storage" && this.isMember) this.connection.reconnectLater();
    else this.#stop(error);
  }

  /**
   * Send the same message again later; no other message is sent before it.
   * @param {import("./protocol.js").Refusal} error
   */
  #sendLater({ code }) {
    const { outbox } = this.state;
    const id = outbox.sending;
    const pause = code === RATE_LIMITED ? outbox.delay() : RETRY_DELAYS.get(code);
    setTimeout(() => outbox.sending === id && this.#resume(), pause);
  }

  #resume() {
    this.state.outbox.release();
    this.#flush();
  }

  /** Send the next message, unless one is on its way. */
  #flush() {
    const message = this.state.joined && this.connection.phase === "open" ? this.state.outbox.next() : null;
    if (!message) return;
    this.connection.send({ type: "message", id: message.id, content: message.content });
    this.connection.expectAnswer();
  }

  /** @param {number} code */
  #ended(code) {
    this.#disconnected();
    const refusal = code === INVALID_EVENT ? invalidEventRefusal(this.connection.invalidReason) : null;
    if (!this.isMember) return this.#stop(refusal);
    this.endReason = refusal?.content ?? (code === EXPIRED ? SIGN_IN_EXPIRED : "");
    this.lostSince ||= performance.now();
    this.hostClosed ||= code === GOING_AWAY;
    return this.listener.statusChanged();
  }

  /** The device is offline. The connection stays: it may survive until the network is back. */
  #offlineSuspected() {
    this.lostSince ||= performance.now();
    this.listener.statusChanged();
  }

  #onlineConfirmed() {
    this.lostSince = 0;
    this.state.resumed = "all";
    this.listener.statusChanged();
  }

  #disconnected() {
    this.state.disconnect();
    this.#typingSentAt = 0;
  }

  /** Say once that this browser does not store unsent messages. */
  #warnOfFailedStorage() {
    const { outbox, transcript } = this.state;
    if (!outbox.storageFailed || this.#warned) return;
    this.#warned = !transcript.detached;
    transcript.addSystem(STORAGE_FAILED, Date.now());
  }

  /** @param {import("./protocol.js").Refusal | null} refusal */
  #stop(refusal) {
    this.#close();
    this.listener.joinRefused(refusal);
  }

  #close() {
    this.connection.close();
    this.#disconnected();
    this.isMember = false;
    this.lostSince = 0;
    this.hostClosed = false;
  }

  #tick() {
    const changes = this.state.expireTyping(performance.now());
    if (changes.length) this.listener.changed(changes);
    if (this.historyLoader.atEnd) this.historyLoader.loadNewer();
    this.historyLoader.refreshSearch();
    this.listener.statusChanged();
  }
}
