// @ts-check
/** Tracks what the person has read in the room, and stores it for the next visit. */

import { nicknameKey } from "./nickname.js";
import { ReadPosition } from "./read-position.js";
import * as storage from "./storage.js";

/** Whether the page is visible and has the keyboard focus. */
export function hasAttention() {
  return !document.hidden && document.hasFocus();
}

export class UnreadTracker {
  #storageKey = "";

  constructor() {
    this.position = new ReadPosition(null);
    this.saved = this.position.stored;
  }

  /**
   * Continue from the stored read position of this room. What arrives without attention counts as new.
   * @param {import("./state.js").ChatState} state
   */
  update(state) {
    const { server, room, nickname, epoch, transcript } = state;
    const place = JSON.stringify([server.id, room, nicknameKey(nickname)]);
    if (place !== this.#storageKey) this.position = new ReadPosition(storage.loadReadPosition(place));
    this.#storageKey = place;
    this.position.open(epoch, transcript.newestSeq, Date.now());
    this.#passOwnMessages(state);
    if (!hasAttention()) this.position.updateDivider(transcript.newestSeq);
    this.save();
  }

  /** Skip one's own messages directly behind the read position. @param {import("./state.js").ChatState} state */
  #passOwnMessages({ transcript, nickname }) {
    const { position } = this;
    for (const seq of [position.stored.seq, position.divider?.after ?? 0]) {
      let next = transcript.entryFrom(seq + 1);
      for (let expected = seq + 1; next?.seq === expected && next.nickname === nickname; expected += 1) {
        position.passOwn(next.seq, next.time);
        next = transcript.entryFrom(expected + 1);
      }
    }
  }

  save() {
    const { stored } = this.position;
    if (stored !== this.saved) storage.saveReadPosition(this.#storageKey, stored);
    this.saved = stored;
  }

  /**
   * Another tab has read further. Returns whether it concerns this room and person.
   * @param {string} place
   * @param {import("./read-position.js").StoredPosition | null} position
   */
  merge(place, position) {
    if (place !== this.#storageKey) return false;
    this.position.merge(position);
    this.saved = this.position.stored;
    return true;
  }
}
