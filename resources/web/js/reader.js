// @ts-check
/**
 * The reading side of the conversation: asks the host for the part of the log that somebody wants to see, and for what
 * somebody searches.
 *
 * @typedef {import("./state.js").Change} Change
 */

import { REFUSED_FOR_NOW } from "./protocol.js";
import { ask } from "./question.js";

export class Reader {
  /**
   * @param {import("./state.js").ChatState} state
   * @param {import("./connection.js").Connection} connection
   * @param {(changes: Change[]) => void} changed
   */
  constructor(state, connection, changed) {
    this.state = state;
    this.connection = connection;
    this.changed = changed;
    /** Whether somebody is at the end of the timeline, and wants the newest there. */
    this.atEnd = true;
  }

  /** Ask for the messages before the first one held. */
  loadEarlier() {
    const { log } = this.state;
    if (log.more && !log.asked) this.#ask("earlier");
  }

  /** Ask for the messages after the last one held, and for the very latest at the end. */
  loadLater() {
    const { log } = this.state;
    if (log.detached && !log.asked) this.#ask(this.atEnd ? "latest" : "later");
  }

  /** At the end nothing newer may be missing, and not everything older is needed. */
  keepUp() {
    if (!this.atEnd) return;
    if (this.state.log.detached) this.loadLater();
    else this.state.log.trim();
  }

  /** Have the newest messages. */
  goToLatest() {
    const { log } = this.state;
    this.atEnd = true;
    if (log.detached && log.asked?.kind !== "latest") this.#ask("latest");
  }

  /**
   * Have this message and those around it. A `jumped` change follows.
   * @param {number} seq
   */
  goTo(seq) {
    if (this.state.log.entryFrom(seq)?.seq === seq) this.#aim(seq, true);
    else this.#ask("around", seq);
  }

  /**
   * Have the first message from this moment on, and those around it. A `jumped` change follows.
   * @param {number} time ms since 1970
   */
  goToMoment(time) {
    const { log } = this.state;
    const entry = log.entrySince(time);
    if (entry && (entry.seq > log.firstSeq || !log.more)) this.#aim(entry.seq, false);
    else this.#ask("at", time);
  }

  /** @param {string} query */
  search(query) {
    this.state.search.start(query);
    this.askSearch();
  }

  /** Look for older hits, too. */
  searchFurther() {
    const { search } = this.state;
    if (search.busy || !search.more) return;
    search.further();
    this.askSearch();
  }

  /** Put what is searched for to the host, also after a lost connection. */
  askSearch() {
    const { command } = this.state.search;
    if (command && this.state.arrived) this.connection.send(command);
    this.changed(["search"]);
  }

  /** Some time has passed. */
  lookAgain() {
    const { search } = this.state;
    if (search.lookAgain() && search.command && this.state.arrived) this.connection.send(search.command);
  }

  /** The host can read its disk again: search what it could not. */
  recover() {
    const { search } = this.state;
    if (search.refusal) this.search(search.query);
  }

  /**
   * Whether this refusal answers a question of ours; it is put again where that may help.
   * @param {import("./protocol.js").Refusal} refusal
   */
  refused({ ref, code, content }) {
    if (ref === "search") this.#searchRefused(code, content);
    else if (ref && ref === this.state.log.asked?.ref) this.#questionRefused(code);
    else return false;
    return true;
  }

  /**
   * @param {string} code
   * @param {string} sentence
   */
  #searchRefused(code, sentence) {
    if (code === "rate_limited") setTimeout(() => this.askSearch(), REFUSED_FOR_NOW.get(code));
    else this.state.search.refuse(sentence);
    this.changed(["search"]);
  }

  /** @param {string} code */
  #questionRefused(code) {
    const { log } = this.state;
    const { asked } = log;
    const pause = REFUSED_FOR_NOW.get(code);
    if (!asked || !pause) log.asked = null;
    else setTimeout(() => log.asked === asked && this.connection.send(asked.command), pause);
  }

  /**
   * @param {number} seq
   * @param {boolean} exact
   */
  #aim(seq, exact) {
    this.state.log.asked = null;
    this.state.target = { seq, exact };
    this.atEnd = false;
    this.changed(["jumped"]);
  }

  /**
   * Put a question to the host, instead of any before.
   * @param {import("./question.js").Kind} kind
   * @param {number} [target]
   */
  #ask(kind, target) {
    const { log, arrived } = this.state;
    if (!arrived) return;
    log.asked = ask(kind, log, target);
    this.connection.send(log.asked.command);
    this.connection.expectAnswer();
  }
}
