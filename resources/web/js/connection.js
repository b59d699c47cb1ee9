// @ts-check
/**
 * A WebSocket that comes back by itself, and that knows whether anybody is at its other end: browsers show a page no
 * sign of life, so the page asks for one. Setting the clock of this device neither hurries nor delays it.
 *
 * @typedef {"closed" | "connecting" | "open" | "waiting"} Phase
 * @typedef {object} Listener
 * @property {() => void} opened a connection stands; nothing has been said on it
 * @property {(event: import("./protocol.js").Event) => void} received may throw UnreadableEvent
 * @property {() => void} offlineSuspected the device says that it is offline, and the host has not shown otherwise
 * @property {() => void} onlineConfirmed the host is there after all
 * @property {(code: number) => void} ended it is over, with this close code; the phase says whether another attempt
 *   follows
 * @property {() => void} ticked once a second, while it is not closed
 */

import { backoffDelay } from "./backoff.js";
import { randomId } from "./random-id.js";
import { ReceiveQueue } from "./receive-queue.js";
import { isPong, mayReconnect, UNREADABLE } from "./protocol.js";
import { decode, UnreadableEvent } from "./validation.js";

const TICK = 1000;
/** Longer between two ticks, and the page was held still: its timers tell nothing about the host. */
const SUSPENDED = 5000;
/** A host that has said nothing for so long is asked whether it is there. */
const PING_AFTER = 10_000;
/** An attempt, and an answer that is due, get this long. */
const TIMEOUT = 10_000;
/** And this long where something has happened to the page or to its network. */
const SHORT_TIMEOUT = 3000;
/** A host that answers sooner is not worth a flicker of the lamp. */
const OFFLINE_DELAY = 250;
const ABNORMAL_CLOSURE = 1006;
/** Tells the host, where it hears it, that this is no goodbye: the page comes back by itself. */
const WILL_RECONNECT = 4000;
const NORMAL_CLOSURE = 1000;

/** @typedef {{id: string, until: number, urgent: boolean}} Ping whether the host is there; `until` when it must have
 *   answered; `urgent`: without an answer there is nothing to wait for before the next attempt */

export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  #receiveQueue = new ReceiveQueue();
  #attempts = 0;
  #triedAt = 0;
  #tickedAt = 0;
  #ticker = 0;
  #receivedAt = 0;
  /** When an answer is due; 0 when none is. */
  #deadline = 0;
  /** @type {Ping | null} */
  #ping = null;
  #offlineSuspected = false;
  /** How many times in a row an answer was overdue when this page went on after having been held still. */
  #overdueResumes = 0;

  /**
   * @param {string} url
   * @param {Listener} listener
   */
  constructor(url, listener) {
    this.url = url;
    this.listener = listener;
    /** @type {Phase} */
    this.phase = "closed";
    /** When the next attempt is due, as `performance.now` has it, and how long the pause before it is, in ms. */
    this.retryAt = 0;
    this.retryDelay = 0;
    /** What the host has said that cannot be read. */
    this.unreadableContent = "";
  }

  open() {
    this.#attempts = 0;
    clearInterval(this.#ticker);
    this.#tickedAt = performance.now();
    this.#ticker = setInterval(() => this.#tick(), TICK);
    this.#connect();
  }

  /** End it for good. */
  close() {
    this.phase = "closed";
    clearInterval(this.#ticker);
    this.#closeSocket(NORMAL_CLOSURE);
  }

  /**
   * Say something, if the connection stands.
   * @param {import("./protocol.js").Command} command
   */
  send(command) {
    if (this.phase === "open") this.#socket?.send(JSON.stringify(command));
  }

  /** An answer is due: without any event in time, the connection counts as dead. */
  expectAnswer() {
    this.#deadline ||= performance.now() + TIMEOUT;
  }

  /** The chat goes on: failed attempts are forgotten. */
  resetBackoff() {
    this.#attempts = 0;
  }

  /** Do not wait for the next attempt. */
  retryNow() {
    if (this.phase === "waiting") this.#connect();
  }

  /** It stands, but is of no use: come back later. */
  reconnectLater() {
    this.#ended(this.#socket, ABNORMAL_CLOSURE);
  }

  /** Something has happened to this page or to its network: find out soon whether the host is still there. */
  checkAlive() {
    const now = performance.now();
    if (this.phase === "open") {
      if (this.#deadline) this.#deadline = now + TIMEOUT; // what was due may have come, and not been read yet
      this.#sendPing(SHORT_TIMEOUT, true);
    } else if (this.phase === "waiting" || (this.phase === "connecting" && now - this.#triedAt > SHORT_TIMEOUT)) {
      this.#attempts = 0;
      this.#connect();
    }
  }

  /** The device says that it is offline; that need not be true of the way to this host, so it is asked. */
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
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", (message) => this.#frameReceived(socket, message.data));
    socket.addEventListener("close", (close) => this.#receiveQueue.add(0, () => this.#ended(socket, close.code)));
  }

  /** Let go of the socket; what it still says is not heard. @param {number} code */
  #closeSocket(code) {
    const socket = this.#socket;
    this.#socket = null;
    this.#ping = null;
    this.#offlineSuspected = false;
    this.#receiveQueue.clear();
    socket?.close(code);
  }

  #opened() {
    this.phase = "open";
    this.#receivedAt = performance.now();
    this.listener.opened();
  }

  /**
   * @param {WebSocket} socket
   * @param {unknown} frame
   */
  #frameReceived(socket, frame) {
    if (socket !== this.#socket) return;
    this.#receivedAt = performance.now();
    // Before an answer, all that was on its way has to come: it is waited for while anything does.
    const until = this.#receivedAt + SHORT_TIMEOUT;
    if (this.#ping) this.#ping.until = Math.max(this.#ping.until, until);
    if (this.#deadline) this.#deadline = Math.max(this.#deadline, until);
    if (this.#receiveQueue.full) this.#endUnreadable("more at once than ChatDesk reads");
    else this.#receiveQueue.add(typeof frame === "string" ? frame.length : 0, () => this.#decodeFrame(frame));
  }

  /** @param {unknown} frame */
  #decodeFrame(frame) {
    try {
      this.#eventReceived(decode(frame));
    } catch (error) {
      if (!(error instanceof UnreadableEvent)) throw error;
      this.#endUnreadable(error.message);
    }
  }

  /** @param {import("./protocol.js").Event | null} event */
  #eventReceived(event) {
    if (event && isPong(event)) return this.#pongReceived(event.ref);
    this.#deadline = 0;
    return event && this.listener.received(event);
  }

  /**
   * @param {number} patience
   * @param {boolean} urgent
   */
  #sendPing(patience, urgent) {
    const asked = { id: randomId(), until: performance.now() + patience, urgent };
    this.#ping = asked;
    this.send({ type: "ping", id: asked.id });
    return asked;
  }

  /** The host is there. @param {string | undefined} ref */
  #pongReceived(ref) {
    if (this.#ping && ref !== this.#ping.id && ref !== "ping") return;
    const doubted = this.#offlineSuspected;
    this.#ping = null;
    this.#offlineSuspected = false;
    if (doubted) this.listener.onlineConfirmed();
  }

  /** @param {string} fault what the host has sent */
  #endUnreadable(fault) {
    this.unreadableContent = fault;
    this.#ended(this.#socket, UNREADABLE);
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
    if (mayReconnect(code)) this.#scheduleRetry(code);
    else this.close();
    this.listener.ended(code);
    if (urgent) this.retryNow();
  }

  /** @param {number} code */
  #scheduleRetry(code) {
    this.phase = "waiting";
    this.retryDelay = backoffDelay(this.#attempts, code, Math.random());
    this.retryAt = performance.now() + this.retryDelay;
    this.#attempts += 1;
  }

  #tick() {
    const now = performance.now();
    const overdue = this.#isOverdue(now);
    const held = now - this.#tickedAt > SUSPENDED;
    this.#tickedAt = now;
    this.#overdueResumes = held && overdue ? this.#overdueResumes + 1 : 0;
    if (held && this.#overdueResumes < 2) this.checkAlive(); // an answer may be here, and not read yet: but not twice
    else if (overdue) this.#ended(this.#socket, ABNORMAL_CLOSURE);
    else if (this.phase === "waiting" && now >= this.retryAt) this.#connect();
    else if (this.phase === "open" && !this.#ping && now - this.#receivedAt >= PING_AFTER) this.#sendPing(TIMEOUT, false);
    this.listener.ticked();
  }

  /** @param {number} now */
  #isOverdue(now) {
    if (this.phase !== "open" && this.phase !== "connecting") return false;
    return (this.#deadline > 0 && now > this.#deadline) || (this.#ping !== null && now > this.#ping.until);
  }
}
