// @ts-check
/** Which rooms the page is in, because the person belongs to them on some device. */

import { PASSWORD_REFUSALS } from "./protocol.js";

/** @typedef {import("./room-state.js").RoomState} RoomState */
/** @typedef {import("./state.js").Change} Change */

/** As many rooms as the host lets one connection enter. */
const MOST_ROOMS = 100;

/**
 * The host has told something of a room: be in it if the person belongs to it, and not if they have left it elsewhere.
 * Returns the room if the page is in it now.
 * @param {import("./state.js").ChatState} state
 * @param {string} name
 * @param {number} time ms since 1970
 * @returns {RoomState | null}
 */
export function follow(state, name, time) {
  const info = state.list.rooms.get(name);
  if (!info || state.leaving.has(name)) return null;
  const enters = info.joined && !info.archived && state.rooms.size < MOST_ROOMS;
  const room = state.rooms.get(name) ?? (enters ? state.enter(name) : null);
  if (!room) return null;
  if (info.joined === false && room !== state.home && room !== state.shown && room.stage === "inside") {
    state.exit(name);
    return null;
  }
  const { epoch, read: seq, last_seq, unread = 0, mentions = 0 } = info;
  if (seq !== undefined) room.toldRead({ epoch, seq, last_seq, unread, mentions }, time);
  return room;
}

/**
 * The host has deleted a room: it is gone from the list, and from what was found.
 * @param {import("./state.js").ChatState} state
 * @param {import("./protocol.js").Events["room_deleted"]} event
 * @returns {import("./state.js").Change[]}
 */
export function forgetRoom(state, { room, ref }) {
  const request = state.requests.close(ref);
  if (request) state.list.fulfilled(request);
  state.list.forget(room);
  state.exit(room);
  state.search.forget();
  return ["rooms", "room", "people", "timeline", "typing", "search"];
}

/**
 * A room was not entered: ask for its password if the person looks at it; null if that would not help.
 * @param {import("./state.js").ChatState} state
 * @param {string} room
 * @param {import("./protocol.js").Refusal} refusal
 * @returns {Change[] | null}
 */
export function refuseEntry(state, room, refusal) {
  const asks = state.shown.name === room && PASSWORD_REFUSALS.has(refusal.code);
  state.exit(room);
  if (!asks) return null;
  state.asking = { room, refusal };
  return ["rooms", "room", "people", "timeline", "typing", "asking"];
}
