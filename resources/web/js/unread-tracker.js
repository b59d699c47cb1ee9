// @ts-check
/** What one has not read in this room, kept for the next time. */

import { nicknameKey } from "./nickname.js";
import { ReadMarker } from "./read-marker.js";
import * as storage from "./storage.js";

/** Whether somebody is looking. */
export function hasAttention() {
  return !document.hidden && document.hasFocus();
}

export class UnreadTracker {
  #storageKey = "";

  constructor() {
    this.marker = new ReadMarker(null);
    this.saved = this.marker.position;
  }

  /**
   * Read on where one was in this room. What comes while nobody looks is new.
   * @param {import("./state.js").ChatState} state
   */
  update(state) {
    const { server, room, nickname, epoch, transcript } = state;
    const place = JSON.stringify([server.id, room, nicknameKey(nickname)]);
    if (place !== this.#storageKey) this.marker = new ReadMarker(storage.loadReadPosition(place));
    this.#storageKey = place;
    this.marker.open(epoch, transcript.newestSeq, Date.now());
    this.#passOwnMessages(state);
    if (!hasAttention()) this.marker.updateDivider(transcript.newestSeq);
    this.save();
  }

  /** What oneself has written next is nothing new. @param {import("./state.js").ChatState} state */
  #passOwnMessages({ transcript, nickname }) {
    const { marker } = this;
    for (const seq of [marker.position.seq, marker.divider?.after ?? 0]) {
      let next = transcript.entryFrom(seq + 1);
      for (let expected = seq + 1; next?.seq === expected && next.nickname === nickname; expected += 1) {
        marker.passOwn(next.seq, next.time);
        next = transcript.entryFrom(expected + 1);
      }
    }
  }

  save() {
    const { position } = this.marker;
    if (position !== this.saved) storage.saveReadPosition(this.#storageKey, position);
    this.saved = position;
  }

  /**
   * Another tab has read this. Answers whether it is the same room.
   * @param {string} place
   * @param {import("./read-marker.js").ReadPosition | null} mark
   */
  merge(place, mark) {
    if (place !== this.#storageKey) return false;
    this.marker.merge(mark);
    this.saved = this.marker.position;
    return true;
  }
}
