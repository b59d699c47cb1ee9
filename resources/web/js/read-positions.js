// @ts-check
/**
 * Where the read positions of the rooms are stored, by server, room and person.
 *
 * @typedef {import("./room-state.js").RoomState} RoomState
 * @typedef {import("./read-position.js").StoredPosition} StoredPosition
 * @typedef {object} Reader
 * @property {() => boolean} hasAttention whether the person looks at the page
 * @property {(place: string) => StoredPosition | null} loadReadPosition
 * @property {(place: string, position: StoredPosition) => void} saveReadPosition
 */

import { nicknameKey } from "./nickname.js";
import { ReadPosition } from "./read-position.js";

export class ReadPositions {
  /** @type {Map<RoomState, {place: string, saved: StoredPosition}>} */
  #places = new Map();

  /**
   * @param {import("./state.js").ChatState} state
   * @param {Reader} reader
   */
  constructor(state, reader) {
    this.state = state;
    this.reader = reader;
  }

  /** The host has welcomed this person. */
  openAll() {
    for (const room of this.state.rooms.values()) this.open(room);
  }

  /** Continue from the position that is stored for this room. @param {RoomState} room */
  open(room) {
    const { server, nickname, welcomed } = this.state;
    const place = JSON.stringify([server.id, room.name, nicknameKey(nickname)]);
    if (!welcomed || this.#places.get(room)?.place === place) return;
    const told = room.readPosition.server;
    room.readPosition = new ReadPosition(this.reader.loadReadPosition(place));
    room.readPosition.server = told;
    this.#places.set(room, { place, saved: room.readPosition.stored });
  }

  /** Place the dividers above what comes without the person's attention, and store what has changed. */
  update() {
    for (const room of this.#places.keys()) {
      if (room !== this.state.shown || !this.reader.hasAttention()) room.readPosition.divide(room.transcript.newestSeq);
      this.#save(room);
      if (this.state.rooms.get(room.name) !== room) this.#places.delete(room);
    }
  }

  /**
   * Another tab has read further. Returns whether it concerns a room of this person.
   * @param {string} place
   * @param {StoredPosition | null} position
   */
  merge(place, position) {
    const room = [...this.#places.keys()].find((it) => this.#places.get(it)?.place === place);
    if (!room) return false;
    room.readPosition.merge(position);
    this.#places.set(room, { place, saved: room.readPosition.stored });
    return true;
  }

  /** @param {RoomState} room */
  #save(room) {
    const kept = this.#places.get(room);
    const { stored } = room.readPosition;
    if (!kept || kept.saved === stored || room.epoch !== stored.epoch) return;
    this.#places.set(room, { ...kept, saved: stored });
    this.reader.saveReadPosition(kept.place, stored);
  }
}
