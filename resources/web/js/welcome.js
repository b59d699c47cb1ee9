// @ts-check
/** The first answer to a join: who the person is, and which room it leads to. */

import { InvalidEvent } from "./validation.js";

/** @typedef {import("./protocol.js").Events["welcome"]} Welcome */

/**
 * The first welcome of a connection.
 * @param {import("./state.js").ChatState} state
 * @param {Welcome} event
 */
export function beginJoin(state, { nickname, room, token, me, user_count: count }) {
  state.own.welcomed(nickname, me, token);
  state.token = token;
  state.rooms.delete(state.home.name);
  state.home.name = room; // the host may spell it in another way than the join
  state.rooms = new Map([[room, state.home], ...state.rooms]);
  state.home.stage = "entering";
  state.home.people.reportedCount = count;
}

/**
 * A second welcome on the same connection may change the name of the chat and its limits, and nothing else. Throws
 * InvalidEvent.
 * @param {import("./state.js").ChatState} state
 * @param {Welcome} event
 */
export function checkWelcome(state, { nickname, room, token, server, me }) {
  const known = [state.nickname, state.home.name, state.token, state.server.id, state.own.author];
  if ([nickname, room, token, server.id, me].some((value, index) => value !== known[index]))
    throw new InvalidEvent("a second welcome, to somebody else or to another room");
}
