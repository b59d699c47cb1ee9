// @ts-check
/** Where in the shown room the person goes, and which messages of it are loaded for that. */

export class HistoryActions {
  /**
   * @param {import("./state.js").ChatState} state
   * @param {object} client
   * @param {() => void} client.sendRequests
   * @param {(changes: import("./state.js").Change[]) => void} client.changed
   */
  constructor(state, { sendRequests, changed }) {
    this.state = state;
    this.sendRequests = sendRequests;
    this.changed = changed;
  }

  /** Request the messages before the first held one. */
  loadOlder() {
    this.state.shown.history.loadOlder();
    this.sendRequests();
  }

  /** Request the messages after the last held one. */
  loadNewer() {
    this.state.shown.history.loadNewer();
    this.sendRequests();
  }

  /** Whether the timeline is at its end, where the newest messages belong. @param {boolean} following */
  setFollowing(following) {
    this.state.shown.history.following = following;
    this.sendRequests();
  }

  /** Load the newest messages. */
  goToLatest() {
    const { history, readPosition, transcript } = this.state.shown;
    readPosition.release();
    readPosition.divide(transcript.newestSeq);
    history.goToLatest();
    this.sendRequests();
  }

  /**
   * Load this message and those around it. A `jumped` change follows.
   * @param {number} seq
   */
  goTo(seq) {
    if (this.state.shown.history.goTo(seq)) this.#jumped(seq, true);
    this.sendRequests();
  }

  /**
   * Load the first message from this moment on, and those around it. A `jumped` change follows.
   * @param {number} time ms since 1970
   */
  goToMoment(time) {
    const seq = this.state.shown.history.goToMoment(time);
    if (seq) this.#jumped(seq, false);
    this.sendRequests();
  }

  /**
   * @param {number} seq
   * @param {boolean} exact
   */
  #jumped(seq, exact) {
    this.state.shown.target = { seq, exact };
    this.changed(["jumped"]);
  }
}
