// @ts-check
/**
 * The commands that wait for an answer. Each has an id, which the answer or the error brings back as `ref`. Of each
 * kind one is open in each room; the next one waits for the answer, whether or not that is still wanted. A refusal for
 * now pauses all requests of the same budget: messages have one, acts on messages another, new rooms a third, and
 * everything else the fourth. Times are in ms of a monotonic clock.
 *
 * @typedef {import("./protocol.js").Requested} Requested
 * @typedef {"enter" | "message" | "older" | "newer" | "jump" | "search" | "people" | "found people" | "rooms" |
 *   "found rooms" | "create" | "deletion" | "setting" | "read" | "act" | "own reactions" | "quotes" | "pins" |
 *   "reactors" | "receipts" | "readers"} RequestKind
 * @typedef {{room: string, kind: RequestKind, command: Requested}} Request a command that was sent, and what it is for
 * @typedef {{budget: string, code: string, until: number}} Pause
 */

import { RETRY_DELAYS } from "./protocol.js";
import { randomId } from "./random-id.js";

const ACTS = new Set(["edit", "delete", "react", "pin"]);

export class Requests {
  /** @type {Map<string, Request>} by id */
  #open = new Map();
  /** @type {Pause[]} */
  #pauses = [];

  /**
   * The command to send, with an id; null while one of its kind is open, or while it has to wait.
   * @param {string} room
   * @param {RequestKind} kind
   * @param {Requested} command
   * @param {number} now
   */
  open(room, kind, command, now) {
    const isOpen = [...this.#open.values()].some((it) => it.room === room && it.kind === kind);
    const budget = budgetOf(command);
    if (isOpen || this.#pauses.some((it) => it.budget === budget && it.until > now)) return null;
    return this.add(room, kind, command);
  }

  /**
   * The command to send, with an id.
   * @template {Requested} Sent
   * @param {string} room
   * @param {RequestKind} kind
   * @param {Sent} command
   * @returns {Sent & {id: string}}
   */
  add(room, kind, command) {
    const sent = { ...command, id: command.id ?? randomId() };
    this.#open.set(sent.id, { room, kind, command: sent });
    return sent;
  }

  /**
   * The open request that `ref` answers.
   * @param {string | undefined} ref
   */
  find(ref) {
    return this.#open.get(ref ?? "");
  }

  /**
   * The request that `ref` answers, which is open no longer.
   * @param {string | undefined} ref
   */
  close(ref) {
    const request = this.find(ref);
    this.#open.delete(ref ?? "");
    return request;
  }

  /**
   * Pause a request that was refused for now, and all of its budget. Returns false if it was refused for good.
   * @param {import("./protocol.js").Refusal} refusal
   * @param {number} now
   */
  delay({ ref, code, retry_after: seconds }, now) {
    const request = this.find(ref);
    const usual = RETRY_DELAYS.get(code);
    if (!request || !usual) return false;
    this.close(ref);
    const until = now + (seconds === undefined ? usual : 1000 * seconds);
    this.#pauses = [...this.#pauses.filter((it) => it.until > now), { budget: budgetOf(request.command), code, until }];
    return true;
  }

  /**
   * When the next pause ends; Infinity if there is none.
   * @param {number} now
   */
  resumesAt(now) {
    return Math.min(...this.#pauses.map(({ until }) => until).filter((until) => until > now));
  }

  /** The host can use its disk again: what waits for that may be sent. */
  storedAgain() {
    this.#pauses = this.#pauses.filter(({ code }) => code !== "storage");
  }

  /** The page is in the room: all answers to its `enter` or `join` are here. @param {string} room */
  entered(room) {
    this.#closeAll((it) => it.room === room && it.kind === "enter");
  }

  /**
   * The room is left, or has another log: what was asked there is answered no more, or not to the point.
   * @param {string} room
   */
  forget(room) {
    this.#closeAll((it) => it.room === room);
  }

  /** The connection is lost: no answers will come. What came too fast still waits, or it would be refused again. */
  disconnected() {
    this.#open.clear();
    this.storedAgain();
  }

  /** @param {(request: Request) => boolean} wanted */
  #closeAll(wanted) {
    for (const [ref, request] of this.#open) if (wanted(request)) this.#open.delete(ref);
  }
}

/**
 * Which of the host's budgets a command uses up.
 * @param {Requested} command
 */
function budgetOf({ type }) {
  if (ACTS.has(type)) return "acts";
  if (type === "create") return "rooms";
  return type === "message" ? "messages" : "queries";
}
