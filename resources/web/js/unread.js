// @ts-check
/** What one has not read in this room, kept for the next time. */

import { keyOfName } from "./names.js";
import { Reading } from "./reading.js";
import * as storage from "./storage.js";

/** Whether somebody is looking. */
export function attentive() {
  return !document.hidden && document.hasFocus();
}

export class Unread {
  #place = "";

  constructor() {
    this.reading = new Reading(null);
    this.kept = this.reading.mark;
  }

  /**
   * Read on where one was in this room. What comes while nobody looks is new.
   * @param {import("./state.js").ChatState} state
   */
  follow(state) {
    const { server, room, nickname, epoch, log } = state;
    const place = JSON.stringify([server.id, room, keyOfName(nickname)]);
    if (place !== this.#place) this.reading = new Reading(storage.mark(place));
    this.#place = place;
    this.reading.open(epoch, log.latest, Date.now());
    this.#passOwn(state);
    if (!attentive()) this.reading.note(log.latest);
    this.keep();
  }

  /** What oneself has written next is nothing new. @param {import("./state.js").ChatState} state */
  #passOwn({ log, nickname }) {
    const { reading } = this;
    for (const seq of [reading.mark.seq, reading.divider?.after ?? 0]) {
      let next = log.entryFrom(seq + 1);
      for (let expected = seq + 1; next?.seq === expected && next.nickname === nickname; expected += 1) {
        reading.pass(next.seq, next.time);
        next = log.entryFrom(expected + 1);
      }
    }
  }

  keep() {
    const { mark } = this.reading;
    if (mark !== this.kept) storage.keepMark(this.#place, mark);
    this.kept = mark;
  }

  /**
   * Another tab has read this. Answers whether it is the same room.
   * @param {string} place
   * @param {import("./reading.js").Mark | null} mark
   */
  adopt(place, mark) {
    if (place !== this.#place) return false;
    this.reading.adopt(mark);
    this.kept = this.reading.mark;
    return true;
  }
}
