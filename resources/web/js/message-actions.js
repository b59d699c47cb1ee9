// @ts-check
/**
 * What the person does with messages that are there: edit, delete, react, pin; and what a view asks about them. What is
 * done is shown at once, and goes back if the host refuses it.
 *
 * @typedef {import("./state.js").Change} Change
 * @typedef {import("./transcript.js").MessageEntry} MessageEntry
 */

export class MessageActions {
  /**
   * @param {import("./state.js").ChatState} state
   * @param {object} client
   * @param {() => void} client.sendRequests
   * @param {(changes: Change[]) => void} client.changed
   */
  constructor(state, { sendRequests, changed }) {
    this.state = state;
    this.sendRequests = sendRequests;
    this.changed = changed;
  }

  /**
   * Replace the text of an own message. Nothing visible is no edit: offer to delete the message instead.
   * @param {number} seq
   * @param {string} content
   * @param {import("./protocol.js").Mentioned[]} [mentions] whom the names in it mean
   */
  edit(seq, content, mentions = []) {
    this.#do({ type: "edit", seq, content, ...(mentions.length && { mentions }) });
  }

  /** Whether an edit of this message waits for the host. @param {number} seq */
  isEditPending(seq) {
    return this.state.shown.acts.isEditPending(seq);
  }

  /** Delete a message for everybody, for good. @param {number} seq */
  delete(seq) {
    this.#do({ type: "delete", seq });
  }

  /**
   * React to a message with one emoji, in the form that Unicode recommends, or take that back.
   * @param {number} seq
   * @param {string} emoji
   * @param {boolean} active
   */
  react(seq, emoji, active = true) {
    this.#do({ type: "react", seq, emoji, active });
  }

  /**
   * Pin a message for everybody, or unpin it.
   * @param {number} seq
   * @param {boolean} active
   */
  pin(seq, active = true) {
    this.#do({ type: "pin", seq, active });
  }

  /**
   * Whether the host still accepts an edit of this message; it decides when it receives one.
   * @param {MessageEntry} message
   */
  mayEdit({ nickname, author, deleted, time }) {
    const { state } = this;
    if (deleted || !state.own.isMine({ nickname, author })) return false;
    const { edit_seconds: seconds } = state.limits;
    const now = state.clock.time(performance.now());
    return !seconds || state.isHost(state.own) || now === null || now - time < seconds * 1000;
  }

  /** Whether the person may delete this message: their own, and as host everybody's. @param {MessageEntry} entry */
  mayDelete({ nickname, author, deleted }) {
    return !deleted && (this.state.own.isMine({ nickname, author }) || this.state.isHost(this.state.own));
  }

  /** A view shows what is pinned in the room from now on. */
  showPins() {
    this.state.shown.acts.pins.shown = true;
    this.sendRequests();
  }

  /**
   * The message of this number as it is now, for a reply that refers to it. Undefined if there is none (`isMissing`),
   * or if it is asked for now: a `timeline` change follows.
   * @param {number} seq
   */
  quote(seq) {
    const message = this.state.shown.acts.quote(seq);
    if (!message && !this.isMissing(seq)) this.sendRequests();
    return message;
  }

  /** Whether there is no message of this number, or not any more. @param {number} seq */
  isMissing(seq) {
    return this.state.shown.acts.quotes.isMissing(seq);
  }

  /**
   * With which emoji the person has reacted to a message; a `timeline` change follows if that is asked for now.
   * @param {Pick<MessageEntry, "seq" | "reactions">} message
   */
  ownReactions(message) {
    const own = this.state.shown.acts.ownReactions(message);
    if (message.reactions.some(({ count, people }) => count > people.length)) this.sendRequests();
    return own;
  }

  /** Who has reacted, as far as that is known of the reaction that is looked at; null while nobody looks. */
  get reactors() {
    return this.state.shown.acts.reactors.shown;
  }

  /**
   * A view shows who has reacted to a loaded message with this emoji; `timeline` changes say of further ones.
   * @param {number} seq
   * @param {string} emoji
   */
  showReactors(seq, emoji) {
    const message = this.state.shown.transcript.find(seq)?.shown;
    if (!message) return;
    this.state.shown.acts.reactors.show(message, emoji);
    this.sendRequests();
  }

  /** The view has reached the end of the list. */
  moreReactors() {
    this.state.shown.acts.reactors.loadMore();
    this.sendRequests();
  }

  /** The view shows no reaction any more. */
  hideReactors() {
    this.state.shown.acts.reactors.hide();
  }

  /** @param {import("./protocol.js").Act} act */
  #do(act) {
    this.state.shown.acts.do(act);
    this.sendRequests();
    this.changed(["timeline"]);
  }
}
