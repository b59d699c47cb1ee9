// @ts-check
/**
 * A WebSocket that comes back by itself, and that knows whether anybody is at its other end: browsers show a page no
 * sign of life, so the page asks for one. Setting the clock of this device neither hurries nor delays it.
 *
 * @typedef {"closed" | "connecting" | "open" | "waiting"} Phase
 * @typedef {object} Listener
 * @property {() => void} opened a connection stands; nothing has been said on it
 * @property {(event: import("./protocol.js").Event) => void} received may throw UnreadableEvent
 * @property {() => void} doubted the device says that it is offline, and the host has not shown otherwise
 * @property {() => void} proved the host is there after all
 * @property {(code: number) => void} ended it is over, with this close code; the phase says whether another attempt
 *   follows
 * @property {() => void} ticked once a second, while it is not closed
 */

import { pauseBefore } from "./backoff.js";
import { newId } from "./identifier.js";
import { Inbox } from "./inbox.js";
import { isSignOfLife, mayReconnect, UNREADABLE } from "./protocol.js";
import { decode, UnreadableEvent } from "./sanity.js";

const TICK = 1000;
/** Longer between two ticks, and the page was held still: its timers tell nothing about the host. */
const HELD = 5000;
/** A host that has said nothing for so long is asked whether it is there. */
const SILENCE = 10_000;
/** An attempt, and an answer that is due, get this long. */
const PATIENCE = 10_000;
/** And this long where something has happened to the page or to its network. */
const LITTLE_PATIENCE = 3000;
/** A host that answers sooner is not worth a flicker of the lamp. */
const BLINK = 250;
const LOST = 1006;
/** Tells the host, where it hears it, that this is no goodbye: the page comes back by itself. */
const RETURNS = 4000;
const LEAVES = 1000;

/** @typedef {{id: string, until: number, urgent: boolean}} Question whether the host is there; `until` when it must have
 *   answered; `urgent`: without an answer there is nothing to wait for before the next attempt */

export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  #inbox = new Inbox();
  #attempts = 0;
  #triedAt = 0;
  #tickedAt = 0;
  #ticker = 0;
  #heardAt = 0;
  /** When an answer is due; 0 when none is. */
  #deadline = 0;
  /** @type {Question | null} */
  #asked = null;
  #doubtful = false;
  /** How many times in a row an answer was overdue when this page went on after having been held still. */
  #missed = 0;

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
    this.pause = 0;
    /** What the host has said that cannot be read. */
    this.fault = "";
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
    this.#drop(LEAVES);
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
    this.#deadline ||= performance.now() + PATIENCE;
  }

  /** The chat goes on: failed attempts are forgotten. */
  settle() {
    this.#attempts = 0;
  }

  /** Do not wait for the next attempt. */
  retryNow() {
    if (this.phase === "waiting") this.#connect();
  }

  /** It stands, but is of no use: come back later. */
  lose() {
    this.#ended(this.#socket, LOST);
  }

  /** Something has happened to this page or to its network: find out soon whether the host is still there. */
  probe() {
    const now = performance.now();
    if (this.phase === "open") {
      if (this.#deadline) this.#deadline = now + PATIENCE; // what was due may have come, and not been read yet
      this.#ask(LITTLE_PATIENCE, true);
    } else if (this.phase === "waiting" || (this.phase === "connecting" && now - this.#triedAt > LITTLE_PATIENCE)) {
      this.#attempts = 0;
      this.#connect();
    }
  }

  /** The device says that it is offline; that need not be true of the way to this host, so it is asked. */
  doubt() {
    if (this.phase !== "open") return;
    const { id } = this.#ask(PATIENCE, false);
    setTimeout(() => {
      if (this.#asked?.id !== id) return;
      this.#doubtful = true;
      this.listener.doubted();
    }, BLINK);
  }

  #connect() {
    this.#drop(RETURNS);
    this.phase = "connecting";
    this.#triedAt = performance.now();
    this.#deadline = this.#triedAt + PATIENCE;
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", (message) => this.#hear(socket, message.data));
    socket.addEventListener("close", (close) => this.#inbox.add(0, () => this.#ended(socket, close.code)));
  }

  /** Let go of the socket; what it still says is not heard. @param {number} code */
  #drop(code) {
    const socket = this.#socket;
    this.#socket = null;
    this.#asked = null;
    this.#doubtful = false;
    this.#inbox.clear();
    socket?.close(code);
  }

  #opened() {
    this.phase = "open";
    this.#heardAt = performance.now();
    this.listener.opened();
  }

  /**
   * @param {WebSocket} socket
   * @param {unknown} frame
   */
  #hear(socket, frame) {
    if (socket !== this.#socket) return;
    this.#heardAt = performance.now();
    // Before an answer, all that was on its way has to come: it is waited for while anything does.
    const until = this.#heardAt + LITTLE_PATIENCE;
    if (this.#asked) this.#asked.until = Math.max(this.#asked.until, until);
    if (this.#deadline) this.#deadline = Math.max(this.#deadline, until);
    if (this.#inbox.full) this.#giveUp("more at once than ChatDesk reads");
    else this.#inbox.add(typeof frame === "string" ? frame.length : 0, () => this.#received(frame));
  }

  /** @param {unknown} frame */
  #received(frame) {
    try {
      this.#take(decode(frame));
    } catch (error) {
      if (!(error instanceof UnreadableEvent)) throw error;
      this.#giveUp(error.message);
    }
  }

  /** @param {import("./protocol.js").Event | null} event */
  #take(event) {
    if (event && isSignOfLife(event)) return this.#answered(event.ref);
    this.#deadline = 0;
    return event && this.listener.received(event);
  }

  /**
   * @param {number} patience
   * @param {boolean} urgent
   */
  #ask(patience, urgent) {
    const asked = { id: newId(), until: performance.now() + patience, urgent };
    this.#asked = asked;
    this.send({ type: "ping", id: asked.id });
    return asked;
  }

  /** The host is there. @param {string | undefined} ref */
  #answered(ref) {
    if (this.#asked && ref !== this.#asked.id && ref !== "ping") return;
    const doubted = this.#doubtful;
    this.#asked = null;
    this.#doubtful = false;
    if (doubted) this.listener.proved();
  }

  /** @param {string} fault what the host has sent */
  #giveUp(fault) {
    this.fault = fault;
    this.#ended(this.#socket, UNREADABLE);
  }

  /**
   * @param {WebSocket | null} socket
   * @param {number} code
   */
  #ended(socket, code) {
    if (socket !== this.#socket || this.phase === "closed") return;
    const urgent = this.#asked?.urgent ?? false;
    this.#drop(RETURNS);
    this.#deadline = 0;
    if (mayReconnect(code)) this.#wait(code);
    else this.close();
    this.listener.ended(code);
    if (urgent) this.retryNow();
  }

  /** @param {number} code */
  #wait(code) {
    this.phase = "waiting";
    this.pause = pauseBefore(this.#attempts, code, Math.random());
    this.retryAt = performance.now() + this.pause;
    this.#attempts += 1;
  }

  #tick() {
    const now = performance.now();
    const overdue = this.#isOverdue(now);
    const held = now - this.#tickedAt > HELD;
    this.#tickedAt = now;
    this.#missed = held && overdue ? this.#missed + 1 : 0;
    if (held && this.#missed < 2) this.probe(); // an answer may be here, and not read yet: but not twice
    else if (overdue) this.#ended(this.#socket, LOST);
    else if (this.phase === "waiting" && now >= this.retryAt) this.#connect();
    else if (this.phase === "open" && !this.#asked && now - this.#heardAt >= SILENCE) this.#ask(PATIENCE, false);
    this.listener.ticked();
  }

  /** @param {number} now */
  #isOverdue(now) {
    if (this.phase !== "open" && this.phase !== "connecting") return false;
    return (this.#deadline > 0 && now > this.#deadline) || (this.#asked !== null && now > this.#asked.until);
  }
}
