// @ts-check
/** Who has read the person's messages, and turning that on and off: what a view asks and does in the shown room. */

import { randomId } from "./random-id.js";

export class ReceiptActions {
  /**
   * @param {import("./state.js").ChatState} state
   * @param {object} client
   * @param {(command: import("./protocol.js").Signal) => void} client.send
   * @param {() => void} client.sendRequests
   */
  constructor(state, { send, sendRequests }) {
    this.state = state;
    this.sendSignal = send;
    this.sendRequests = sendRequests;
  }

  /**
   * How many others have read a message of the person; null where that is not told. A `timeline` change follows if it
   * is asked for now, and whenever it changes.
   * @param {Pick<import("./protocol.js").Message, "seq" | "nickname" | "author" | "deleted">} message
   */
  count(message) {
    const { receipts } = this.state.shown;
    const count = receipts.count(message);
    if (receipts.asks) this.sendRequests();
    return count;
  }

  /** Who has read the message that `showReaders` named; null if that is not told. */
  get readers() {
    return this.state.shown.receipts.shown;
  }

  /** A view shows who has read a message: `timeline` changes follow, until `hideReaders`. @param {number} seq */
  showReaders(seq) {
    this.state.shown.receipts.show(seq);
    this.sendRequests();
  }

  /** Ask for further names. */
  loadMoreReaders() {
    this.state.shown.receipts.loadMore();
    this.sendRequests();
  }

  /** No view shows names any more. */
  hideReaders() {
    this.state.shown.receipts.hide();
  }

  /** Let others see what the person has read, and the person what others have; or neither. @param {boolean} active */
  give(active) {
    this.#tell("give_receipts", active);
  }

  /** Let there be receipts in the chat; only the host may. @param {boolean} active */
  allow(active) {
    this.#tell("allow_receipts", active);
  }

  /** @param {"give_receipts" | "allow_receipts"} type @param {boolean} active */
  #tell(type, active) {
    if (this.state.joined) this.sendSignal({ type, active, id: randomId() });
  }
}
