// @ts-check
/**
 * Requests the parts of the host's log that the person wants to see, and searches.
 *
 * @typedef {import("./state.js").Change} Change
 */

import { RETRY_DELAYS } from "./protocol.js";
import { historyRequest } from "./history-request.js";

export class HistoryLoader {
  /**
   * @param {import("./state.js").ChatState} state
   * @param {import("./connection.js").Connection} connection
   * @param {(changes: Change[]) => void} changed
   */
  constructor(state, connection, changed) {
    this.state = state;
    this.connection = connection;
    this.changed = changed;
    /** Whether the timeline is at its end, where the newest messages belong. */
    this.atEnd = true;
  }

  /** Request the messages before the first held one. */
  loadOlder() {
    const { transcript } = this.state;
    if (transcript.hasOlder && !transcript.pendingRequest) this.#request("earlier");
  }

  /** Request the messages after the last held one; at the end, the newest. */
  loadNewer() {
    const { transcript } = this.state;
    if (transcript.detached && !transcript.pendingRequest) this.#request(this.atEnd ? "latest" : "later");
  }

  /** At the end: load missing newer messages, and drop old ones. */
  keepUp() {
    if (!this.atEnd) return;
    if (this.state.transcript.detached) this.loadNewer();
    else this.state.transcript.trim();
  }

  /** Load the newest messages. */
  goToLatest() {
    const { transcript } = this.state;
    this.atEnd = true;
    if (transcript.detached && transcript.pendingRequest?.kind !== "latest") this.#request("latest");
  }

  /**
   * Load this message and those around it. A `jumped` change follows.
   * @param {number} seq
   */
  goTo(seq) {
    if (this.state.transcript.entryFrom(seq)?.seq === seq) this.#setTarget(seq, true);
    else this.#request("around", seq);
  }

  /**
   * Load the first message from this moment on, and those around it. A `jumped` change follows.
   * @param {number} time ms since 1970
   */
  goToMoment(time) {
    const { transcript } = this.state;
    const entry = transcript.entrySince(time);
    if (entry && (entry.seq > transcript.firstSeq || !transcript.hasOlder)) this.#setTarget(entry.seq, false);
    else this.#request("at", time);
  }

  /** @param {string} query */
  search(query) {
    this.state.search.start(query);
    this.sendSearch();
  }

  /** Request older hits. */
  searchOlder() {
    const { search } = this.state;
    if (search.busy || !search.more) return;
    search.loadMore();
    this.sendSearch();
  }

  /** Send the pending search, also after a reconnect. */
  sendSearch() {
    const { command } = this.state.search;
    if (command && this.state.joined) this.connection.send(command);
    this.changed(["search"]);
  }

  /** Called once a second: repeats a search while the host still prepares its index. */
  refreshSearch() {
    const { search } = this.state;
    if (search.refresh() && search.command && this.state.joined) this.connection.send(search.command);
  }

  /** The host can read its disk again: repeat a search that failed. */
  retrySearch() {
    const { search } = this.state;
    if (search.refusal) this.search(search.query);
  }

  /**
   * Handle the refusal of a request; temporary refusals are retried. Returns whether the refusal belongs to one.
   * @param {import("./protocol.js").Refusal} refusal
   */
  refused({ ref, code, content }) {
    if (ref === "search") this.#searchRefused(code, content);
    else if (ref && ref === this.state.transcript.pendingRequest?.ref) this.#historyRefused(code);
    else return false;
    return true;
  }

  /**
   * @param {string} code
   * @param {string} sentence
   */
  #searchRefused(code, sentence) {
    if (code === "rate_limited") setTimeout(() => this.sendSearch(), RETRY_DELAYS.get(code));
    else this.state.search.refuse(sentence);
    this.changed(["search"]);
  }

  /** @param {string} code */
  #historyRefused(code) {
    const { transcript } = this.state;
    const { pendingRequest } = transcript;
    const pause = RETRY_DELAYS.get(code);
    if (!pendingRequest || !pause) transcript.pendingRequest = null;
    else
      setTimeout(
        () => transcript.pendingRequest === pendingRequest && this.connection.send(pendingRequest.command),
        pause,
      );
  }

  /**
   * @param {number} seq
   * @param {boolean} exact
   */
  #setTarget(seq, exact) {
    this.state.transcript.pendingRequest = null;
    this.state.target = { seq, exact };
    this.atEnd = false;
    this.changed(["jumped"]);
  }

  /**
   * Send a request, in place of the one before.
   * @param {import("./history-request.js").RequestKind} kind
   * @param {number} [target]
   */
  #request(kind, target) {
    const { transcript, joined } = this.state;
    if (!joined) return;
    transcript.pendingRequest = historyRequest(kind, transcript, target);
    this.connection.send(transcript.pendingRequest.command);
    this.connection.expectAnswer();
  }
}
