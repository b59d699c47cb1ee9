// @ts-check
/** What the person does with messages of their own that the host has not stored yet, and showing that they type. */

import { TYPING_INTERVAL } from "./protocol.js";
import { randomId } from "./random-id.js";

/** @typedef {import("./outbox.js").Mentioned} Mentioned */

const STORAGE_FAILED =
  "This browser keeps nothing for this page: messages that are not sent yet will not survive a reload.";

export class SendingActions {
  #typingSentAt = 0;
  #warned = false;
  /** The room in which the person types. */
  #typesIn = "";

  /**
   * @param {import("./state.js").ChatState} state
   * @param {object} client
   * @param {(command: import("./protocol.js").Signal) => void} client.send
   * @param {() => void} client.sendRequests
   * @param {(changes: import("./state.js").Change[]) => void} client.changed
   */
  constructor(state, { send, sendRequests, changed }) {
    /**
     * Hears of a message that is discarded; the host may keep it until somebody decides.
     * @type {(id: string) => void}
     */
    this.discarded = () => {};
    /** Whether others see that the person types. */
    this.showsTyping = true;
    this.state = state;
    this.sendSignal = send;
    this.sendRequests = sendRequests;
    this.changed = changed;
  }

  /**
   * Write a message in the shown room.
   * @param {string} content
   * @param {{replyTo?: number, action?: boolean, mentions?: Mentioned[]}} [about] `replyTo`: the number of the message
   *   that it answers; `action`: said by `/me`; `mentions`: whom the names in it mean
   */
  send(content, { replyTo = 0, action = false, mentions = [] } = {}) {
    const { outbox, readPosition, transcript } = this.state.shown;
    outbox.add(randomId(), content, Date.now(), { replyTo, action, mentions });
    readPosition.markAllRead(transcript.newestSeq, Date.now());
    this.#typingSentAt = 0;
    this.#warnOfFailedStorage();
    this.#outboxChanged();
  }

  /**
   * Write to one person alone. Until the host has stored it, it stands in the shown room.
   * @param {import("./protocol.js").User | {nickname: string, author?: string}} person
   * @param {string} content
   */
  sendPrivately({ nickname, author = "" }, content) {
    this.state.shown.outbox.add(randomId(), content, Date.now(), { to: { name: nickname, author } });
    this.#warnOfFailedStorage();
    this.#outboxChanged();
  }

  /** @param {string} id */
  resend(id) {
    this.state.shown.outbox.resend(id, Date.now(), randomId());
    this.#outboxChanged();
  }

  /** @param {string} id */
  discard(id) {
    this.state.shown.outbox.discard(id);
    this.discarded(id);
    this.#outboxChanged();
  }

  /**
   * Take a refused message out of the outbox, to edit it. Returns what was written: its content, for one person alone
   * behind the command that says so. Null if it has not been refused.
   * @param {string} id
   * @returns {import("./outbox.js").Withdrawn | null}
   */
  withdraw(id) {
    const message = this.state.shown.outbox.entries.find((it) => it.id === id && it.reason);
    if (!message) return null;
    this.discard(id);
    const { content, mentions, to } = message;
    return { content: to ? `/msg @${to.name} ${content}` : content, mentions };
  }

  /** Send the messages that another tab of the same person has left unsent. */
  adoptStoredMessages() {
    for (const { outbox } of this.state.rooms.values()) outbox.refresh();
    this.#outboxChanged();
  }

  /** Another tab has sent or discarded this message. @param {string} id */
  forget(id) {
    for (const { outbox } of this.state.rooms.values()) outbox.forget(id);
    this.#outboxChanged();
  }

  /**
   * Tell the others whether the person is typing, at most once per `TYPING_INTERVAL`.
   * @param {boolean} active
   */
  setTyping(active) {
    const now = performance.now();
    const { name: room } = this.state.shown;
    if (room !== this.#typesIn) this.#typingSentAt = 0;
    this.#typesIn = room;
    const types = active && this.showsTyping;
    const due = !this.#typingSentAt || now - this.#typingSentAt >= TYPING_INTERVAL;
    if (!this.state.joined || (types ? !due : !this.#typingSentAt)) return;
    this.#typingSentAt = types ? now : 0;
    this.sendSignal({ type: "typing", active: types, room, id: randomId() });
  }

  /** The connection is lost: nobody sees any more that the person types. */
  disconnected() {
    this.#typingSentAt = 0;
  }

  #outboxChanged() {
    this.sendRequests();
    this.changed(["timeline"]);
  }

  /** Say once that this browser does not store unsent messages. */
  #warnOfFailedStorage() {
    const { outbox, transcript } = this.state.shown;
    if (!outbox.storageFailed || this.#warned) return;
    this.#warned = !transcript.detached;
    transcript.addSystem(STORAGE_FAILED, Date.now());
  }
}
