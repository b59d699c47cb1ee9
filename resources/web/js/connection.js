// @ts-check
/**
 * A WebSocket that comes back by itself. Setting the clock of this device neither hurries nor delays it.
 *
 * @typedef {"closed" | "connecting" | "open" | "waiting"} Phase
 * @typedef {object} Listener
 * @property {() => void} opened a connection stands; nothing has been said on it
 * @property {(event: import("./protocol.js").Event) => void} received
 * @property {(code: number) => void} ended it is over, with this close code; the phase says whether another attempt
 *   follows
 * @property {() => void} ticked once a second, while it is not closed
 */

import { pauseBefore } from "./backoff.js";
import { decode, mayReconnect } from "./protocol.js";

const TICK = 1000;
/** Longer between two ticks, and the machine has slept: the connection is dead, whatever it says. */
const SLEPT = 20_000;
/** An attempt, and an answer that is due, get this long. */
const PATIENCE = 10_000;
const LOST = 1006;

export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  #attempts = 0;
  #tickedAt = 0;
  #ticker = 0;
  /** When an answer is due; 0 when none is. */
  #deadline = 0;

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
  }

  open() {
    this.#attempts = 0;
    clearInterval(this.#ticker);
    this.#tickedAt = Date.now();
    this.#ticker = setInterval(() => this.#tick(), TICK);
    this.#connect();
  }

  /** End it for good. */
  close() {
    this.phase = "closed";
    clearInterval(this.#ticker);
    this.#drop();
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

  #connect() {
    this.#drop();
    this.phase = "connecting";
    this.#deadline = performance.now() + PATIENCE;
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", (message) => this.#received(message.data));
    socket.addEventListener("close", (close) => this.#ended(socket, close.code));
  }

  /** Let go of the socket; what it still says is not heard. */
  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #opened() {
    this.phase = "open";
    this.listener.opened();
  }

  /** @param {unknown} frame */
  #received(frame) {
    this.#deadline = 0;
    const event = decode(frame);
    if (event) this.listener.received(event);
  }

  /**
   * @param {WebSocket | null} socket
   * @param {number} code
   */
  #ended(socket, code) {
    if (socket !== this.#socket || this.phase === "closed") return;
    this.#drop();
    this.#deadline = 0;
    if (mayReconnect(code)) this.#wait(code);
    else this.close();
    this.listener.ended(code);
  }

  /** @param {number} code */
  #wait(code) {
    this.phase = "waiting";
    this.pause = pauseBefore(this.#attempts, code, Math.random());
    this.retryAt = performance.now() + this.pause;
    this.#attempts += 1;
  }

  #tick() {
    const wall = Date.now();
    const now = performance.now();
    // The steady clock may stand still while the machine sleeps; that on the wall does not. A hidden page ticks as seldom
    // as the browser likes, which says nothing about the machine.
    const slept = wall - this.#tickedAt > SLEPT && document.visibilityState === "visible";
    this.#tickedAt = wall;
    if (slept) this.#wake();
    else if (this.phase === "waiting" && now >= this.retryAt) this.#connect();
    else if (this.#deadline && now > this.#deadline) this.#ended(this.#socket, LOST);
    this.listener.ticked();
  }

  /** Back at once, whatever the socket believes. */
  #wake() {
    if (this.phase === "open") this.listener.ended(LOST);
    this.#attempts = 0;
    if (this.phase !== "closed") this.#connect();
  }
}
