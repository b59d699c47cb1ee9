// @ts-check
/**
 * A WebSocket that reconnects, and that finds out whether the host is still there: browsers do not show pings to a
 * page, so the page sends its own. All times are by `performance.now`, which ignores changes of the device's clock.
 *
 * @typedef {"closed" | "connecting" | "open" | "waiting"} Phase
 * @typedef {object} Listener
 * @property {() => void} opened the connection is open, to a server of this chat as far as can be known; it has been
 *   sent nothing of the person yet
 * @property {() => string} proofToken the token by which another server proves that it is of this chat
 * @property {(event: import("./protocol.js").Event) => void} received may throw InvalidEvent
 * @property {() => void} offlineSuspected the device says that it is offline, and the host has not answered
 * @property {() => void} onlineConfirmed the host has answered after all
 * @property {(code: number) => void} ended the connection has ended with this close code; the phase says whether
 *   another attempt follows
 * @property {() => void} ticked once a second, unless closed
 */

import { backoffDelay } from "./backoff.js";
import { Nodes } from "./nodes.js";
import { ProofRequest } from "./proof-request.js";
import { randomId } from "./random-id.js";
import { ReceiveQueue } from "./receive-queue.js";
import { INVALID_EVENT, isPong, mayReconnect } from "./protocol.js";
import { decode, InvalidEvent } from "./validation.js";

/** In ms: the banner counts down in seconds. */
const TICK = 1000;
/**
 * A longer pause between two ticks, in ms, means that the page was suspended: what is overdue then says nothing about
 * the host. Five ticks, because a busy page may be late.
 */
const SUSPENDED = 5000;
/** After this much silence, in ms, the host is pinged; with the timeout, a dead connection is found within 20 s. */
const PING_AFTER = 10_000;
/** In ms, for an attempt and for an expected answer: a network that needs longer is of no use for a chat. */
const TIMEOUT = 10_000;
/** The same in ms after a change of the page or of its network, when a dead connection is likely. */
const SHORT_TIMEOUT = 3000;
/** A host that answers sooner than this, in ms, does not make the lamp flicker: networks answer within 100 ms or so. */
const OFFLINE_DELAY = 250;
const ABNORMAL_CLOSURE = 1006;
/** Tells the host that the page will reconnect, so that it keeps the person in the room meanwhile. */
const WILL_RECONNECT = 4000;
const NORMAL_CLOSURE = 1000;
/** Close codes from this one on are those of a chat; any server has the others. */
const FIRST_OF_CHATS = 4000;

/** @typedef {{id: string, until: number, urgent: boolean}} Ping `until`: when the answer is overdue; `urgent`:
 *   whether to reconnect at once if it is */

export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  #receiveQueue = new ReceiveQueue();
  #attempts = 0;
  #triedAt = 0;
  #tickedAt = 0;
  #ticker = 0;
  #receivedAt = 0;
  /** When an expected answer is overdue; 0 if none is expected. */
  #deadline = 0;
  /** @type {Ping | null} */
  #ping = null;
  /** What a server that another one has named has to answer first. @type {ProofRequest | null} */
  #proof = null;
  #offlineSuspected = false;
  /** How many times in a row an answer was overdue when the page resumed after it was suspended. */
  #overdueResumes = 0;

  /**
   * @param {string} url
   * @param {Listener} listener
   */
  constructor(url, listener) {
    /** Where the chat is. */
    this.nodes = new Nodes(url);
    this.listener = listener;
    /** @type {Phase} */
    this.phase = "closed";
    /** When the next attempt is due, and how long the delay before it is, in ms. */
    this.retryAt = 0;
    this.retryDelay = 0;
    /** What the host has sent that is invalid, in words. */
    this.invalidReason = "";
  }

  open() {
    this.#attempts = 0;
    clearInterval(this.#ticker);
    this.#tickedAt = performance.now();
    this.#ticker = setInterval(() => this.#tick(), TICK);
    this.#connect();
  }

  /** Close the connection for good. */
  close() {
    this.phase = "closed";
    clearInterval(this.#ticker);
    this.#closeSocket(NORMAL_CLOSURE);
  }

  /** Close the connection for now: the host keeps what belongs to the person, such as a place in the queue. */
  suspend() {
    this.phase = "closed";
    clearInterval(this.#ticker);
    this.#closeSocket(WILL_RECONNECT);
  }

  /**
   * Send a command if the connection is open; otherwise it is lost.
   * @param {import("./protocol.js").Command} command
   */
  send(command) {
    if (!this.#proof) this.#write(command);
  }

  /** @param {import("./protocol.js").Command} command */
  #write(command) {
    if (this.phase === "open") this.#socket?.send(JSON.stringify(command));
  }

  /** An answer is expected: if no event comes in time, the connection counts as dead. */
  expectAnswer() {
    this.#deadline ||= performance.now() + TIMEOUT;
  }

  /** The join has succeeded: forget the failed attempts. */
  resetBackoff() {
    this.#attempts = 0;
  }

  /** Connect now instead of waiting for the next attempt. */
  retryNow() {
    if (this.phase === "waiting") this.#connect();
  }

  /** The connection is open but of no use: close it, and connect again later. */
  reconnectLater() {
    this.#ended(this.#socket, ABNORMAL_CLOSURE);
  }

  /** The page or its network has changed: find out soon whether the host is still there. */
  checkAlive() {
    const now = performance.now();
    if (this.phase === "open") {
      if (this.#deadline) this.#deadline = now + TIMEOUT; // the answer may have arrived and not been read yet
      this.#sendPing(SHORT_TIMEOUT, true);
    } else if (this.phase === "waiting" || (this.phase === "connecting" && now - this.#triedAt > SHORT_TIMEOUT)) {
      this.#attempts = 0;
      this.#connect();
    }
  }

  /** The device says that it is offline. The host may be reachable all the same, as on its own computer: ping it. */
  suspectOffline() {
    if (this.phase !== "open") return;
    const { id } = this.#sendPing(TIMEOUT, false);
    setTimeout(() => {
      if (this.#ping?.id !== id) return;
      this.#offlineSuspected = true;
      this.listener.offlineSuspected();
    }, OFFLINE_DELAY);
  }

  #connect() {
    this.#closeSocket(WILL_RECONNECT);
    this.phase = "connecting";
    this.#triedAt = performance.now();
    this.#deadline = this.#triedAt + TIMEOUT;
    const socket = new WebSocket(this.nodes.url);
    this.#socket = socket;
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", (message) => this.#frameReceived(socket, message.data));
    socket.addEventListener("close", (close) => this.#receiveQueue.add(0, () => this.#ended(socket, close.code)));
  }

  /** Close the socket and ignore what it still receives. @param {number} code */
  #closeSocket(code) {
    const socket = this.#socket;
    this.#socket = null;
    this.#ping = null;
    this.#proof = null;
    this.#offlineSuspected = false;
    this.#receiveQueue.clear();
    socket?.close(code);
  }

  #opened() {
    this.phase = "open";
    this.#receivedAt = performance.now();
    if (this.nodes.unproven) this.#askForProof();
    else this.listener.opened();
  }

  #askForProof() {
    this.#proof = new ProofRequest(this.listener.proofToken(), this.nodes.url);
    this.expectAnswer();
    this.#write(this.#proof.command);
  }

  /**
   * @param {import("./protocol.js").Event} event
   * @param {ProofRequest} proof
   */
  #checkProof(event, proof) {
    if (event.type !== "proof" && event.type !== "error") return;
    if (event.type === "error" || !proof.isProvenBy(event.proofs)) return void this.leaveStranger();
    this.#proof = null;
    this.listener.opened();
  }

  /**
   * @param {WebSocket} socket
   * @param {unknown} frame
   */
  #frameReceived(socket, frame) {
    if (socket !== this.#socket) return;
    this.#receivedAt = performance.now();
    // An answer comes behind everything that is on its way: wait as long as anything arrives.
    const until = this.#receivedAt + SHORT_TIMEOUT;
    if (this.#ping) this.#ping.until = Math.max(this.#ping.until, until);
    if (this.#deadline) this.#deadline = Math.max(this.#deadline, until);
    if (this.#receiveQueue.full) this.#closeInvalid("more at once than ChatDesk reads");
    else this.#receiveQueue.add(typeof frame === "string" ? frame.length : 0, () => this.#decodeFrame(frame));
  }

  /** @param {unknown} frame */
  #decodeFrame(frame) {
    try {
      this.#eventReceived(decode(frame));
    } catch (error) {
      if (!(error instanceof InvalidEvent)) throw error;
      this.#closeInvalid(error.message);
    }
  }

  /** @param {import("./protocol.js").Event | null} event */
  #eventReceived(event) {
    if (event && isPong(event)) return this.#pongReceived(event.ref);
    if (event && this.#proof) return this.#checkProof(event, this.#proof);
    this.#deadline = 0;
    return event && this.listener.received(event);
  }

  /**
   * @param {number} patience
   * @param {boolean} urgent
   */
  #sendPing(patience, urgent) {
    const ping = { id: randomId(), until: performance.now() + patience, urgent };
    this.#ping = ping;
    this.#write({ type: "ping", id: ping.id });
    return ping;
  }

  /** The host has answered. @param {string | undefined} ref */
  #pongReceived(ref) {
    if (this.#ping && ref !== this.#ping.id && ref !== "ping") return;
    const doubted = this.#offlineSuspected;
    this.#ping = null;
    this.#offlineSuspected = false;
    if (doubted) this.listener.onlineConfirmed();
  }

  /** @param {string} reason what the host has sent, in words */
  #closeInvalid(reason) {
    this.invalidReason = reason;
    this.#ended(this.#socket, INVALID_EVENT);
  }

  /**
   * @param {WebSocket | null} socket
   * @param {number} code
   */
  #ended(socket, code) {
    if (socket !== this.#socket || this.phase === "closed") return;
    const urgent = this.#ping?.urgent ?? false;
    this.#closeSocket(WILL_RECONNECT);
    this.#deadline = 0;
    const isStranger = this.nodes.unproven && !mayReconnect(code) && code < FIRST_OF_CHATS;
    if (isStranger) this.nodes.forget();
    const meant = isStranger ? ABNORMAL_CLOSURE : code;
    if (mayReconnect(meant)) this.#scheduleRetry(meant);
    else this.close();
    this.listener.ended(meant);
    if (urgent) this.retryNow();
  }

  /** No server of this chat is at the address that another one has named: go on at the next one. */
  leaveStranger() {
    this.nodes.forget();
    this.#ended(this.#socket, ABNORMAL_CLOSURE);
  }

  /** @param {number} code */
  #scheduleRetry(code) {
    this.nodes.goOn();
    this.phase = "waiting";
    this.retryDelay = backoffDelay(Math.floor(this.#attempts / this.nodes.count), code, Math.random());
    this.retryAt = performance.now() + this.retryDelay;
    this.#attempts += 1;
  }

  #tick() {
    const now = performance.now();
    const overdue = this.#isOverdue(now);
    const held = now - this.#tickedAt > SUSPENDED;
    this.#tickedAt = now;
    this.#overdueResumes = held && overdue ? this.#overdueResumes + 1 : 0;
    // After a suspension the answer may be here and not read yet; but not twice in a row.
    if (held && this.#overdueResumes < 2) this.checkAlive();
    else if (overdue) this.#ended(this.#socket, ABNORMAL_CLOSURE);
    else if (this.phase === "waiting" && now >= this.retryAt) this.#connect();
    else if (this.phase === "open" && !this.#ping && now - this.#receivedAt >= PING_AFTER)
      this.#sendPing(TIMEOUT, false);
    this.listener.ticked();
  }

  /** @param {number} now */
  #isOverdue(now) {
    if (this.phase !== "open" && this.phase !== "connecting") return false;
    return (this.#deadline > 0 && now > this.#deadline) || (this.#ping !== null && now > this.#ping.until);
  }
}
