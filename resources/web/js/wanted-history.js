// @ts-check
/**
 * The pages of the host's log that the person wants to see, one request for each direction. What is wanted may change
 * before an answer is here: only answers to what is still wanted count.
 *
 * @typedef {import("./protocol.js").History} History
 * @typedef {import("./requests.js").Request} Request
 * @typedef {"older" | "newer" | "latest" | "around" | "at"} PageKind
 * @typedef {{kind: "latest" | "around" | "at", value: number}} Target `value`: the number of the message (`around`), or
 *   a time in ms since 1970 (`at`)
 */

import { HISTORY_PAGE } from "./protocol.js";

export class WantedHistory {
  /** @type {Target | null} */
  #target = null;
  #older = false;
  #newer = false;
  #continues = false;

  /** @param {import("./transcript.js").Transcript} transcript */
  constructor(transcript) {
    this.transcript = transcript;
    /** Whether the reader is at the end, where the newest messages belong. */
    this.following = true;
  }

  /** The messages before the first held one are wanted. */
  loadOlder() {
    this.#older = this.transcript.hasOlder;
  }

  /** The messages after the last held one are wanted. */
  loadNewer() {
    this.#newer = this.transcript.detached;
  }

  /** The newest messages are wanted. */
  goToLatest() {
    this.following = true;
    this.#target = this.transcript.live ? null : { kind: "latest", value: 0 };
  }

  /**
   * This message is wanted, and those around it. Returns whether it is held already.
   * @param {number} seq
   */
  goTo(seq) {
    const held = this.transcript.entryFrom(seq)?.seq === seq;
    return this.#aim(held, { kind: "around", value: seq });
  }

  /**
   * The first message from this moment on is wanted. Returns its number if it is held already, or 0.
   * @param {number} time ms since 1970
   */
  goToMoment(time) {
    const { transcript } = this;
    const entry = transcript.entrySince(time);
    const held = entry !== undefined && (entry.seq > transcript.firstSeq || !transcript.hasOlder);
    return this.#aim(held, { kind: "at", value: time }) ? (entry?.seq ?? 0) : 0;
  }

  /** The requests to send. @returns {Generator<[import("./requests.js").RequestKind, History]>} */
  *wanted() {
    const { transcript } = this;
    if (this.#target) yield ["jump", { ...spanOf(this.#target), type: "history", limit: HISTORY_PAGE }];
    if (this.#older) yield ["older", { type: "history", before: transcript.firstSeq, limit: HISTORY_PAGE }];
    const missing = this.following && transcript.detached && !this.#continues && !this.#target;
    if (this.#newer || missing) yield ["newer", { type: "history", after: transcript.lastSeq, limit: HISTORY_PAGE }];
  }

  /**
   * What an answer contains; null if it is no longer wanted. From now on it is not wanted any more.
   * @param {Request} request
   * @returns {PageKind | null}
   */
  take({ kind, command }) {
    const { before, after, around, at } = /** @type {History} */ (command);
    if (kind === "jump") return this.#takeJump({ before, after, around, at });
    const wanted = kind === "older" ? this.#older && before === this.transcript.firstSeq : this.#fitsBehind(after ?? 0);
    if (!wanted) return null;
    if (kind === "older") this.#older = false;
    else this.#newer = false;
    return kind === "older" ? "older" : "newer";
  }

  /**
   * A page has come by itself. Before the last one the host says `more`, and nothing is requested.
   * @param {{more: boolean, change: number}} page
   */
  streamed({ more, change }) {
    this.#continues = more && change > 0;
  }

  /** A message has come that does not follow the last one, or the connection is lost: no page comes by itself. */
  interrupted() {
    this.#continues = false;
  }

  /** The room has another log. */
  reset() {
    this.#target = null;
    this.#older = this.#newer = false;
    this.following = true;
  }

  /** @param {import("./protocol.js").HistorySpan} span */
  #takeJump(span) {
    const target = this.#target;
    const wanted = target && spanOf(target);
    if (!target || wanted?.around !== span.around || wanted?.at !== span.at) return null;
    this.#target = null;
    this.following = target.kind === "latest";
    this.#older = this.#newer = false;
    return target.kind;
  }

  /** @param {number} after */
  #fitsBehind(after) {
    return after >= this.transcript.firstSeq - 1 && after <= this.transcript.lastSeq;
  }

  /**
   * @param {boolean} held
   * @param {Target} target
   */
  #aim(held, target) {
    this.#target = held ? null : target;
    if (held) this.following = false;
    return held;
  }
}

/**
 * @param {Target} target
 * @returns {import("./protocol.js").HistorySpan}
 */
function spanOf({ kind, value }) {
  if (kind === "latest") return {};
  return kind === "around" ? { around: value } : { at: new Date(value).toISOString() };
}
