// @ts-check
/** Which commands the page sends now: what the rooms, the list of rooms and the search want, and the host will take. */

/** @typedef {import("./protocol.js").RequestedInRoom} RequestedInRoom */
/** @typedef {import("./state.js").ChatState} ChatState */

/**
 * The commands to send now; none is returned twice.
 * @param {ChatState} state
 * @param {number} now ms of a monotonic clock
 * @returns {import("./protocol.js").Command[]}
 */
export function commandsToSend(state, now) {
  if (!state.joined) return [];
  const { requests, list, search } = state;
  const searching = search.wanted && requests.open("", "search", search.wanted, now);
  const wished = list.wanted.map(({ room, kind, command }) => requests.open(room, kind, command, now));
  return [...(searching ? [searching] : []), ...wished.flatMap((command) => command ?? []), ...inRooms(state, now)];
}

/**
 * @param {ChatState} state
 * @param {number} now
 * @returns {import("./protocol.js").Command[]}
 */
function inRooms({ rooms, leaving, requests }, now) {
  return [...rooms.values()].flatMap((room) => {
    if (leaving.has(room.name)) return []; // what is left is entered again when the host has answered
    const wanted = [...(room.stage === "outside" ? enterRequest(room) : room.wanted())];
    return wanted.flatMap(([kind, wish]) => requests.open(room.name, kind, addressed(wish, room.name), now) ?? []);
  });
}

/**
 * A command of a room names it, but for a private message, which names the other person instead.
 * @param {RequestedInRoom} command
 * @param {string} room
 * @returns {RequestedInRoom}
 */
function addressed(command, room) {
  return command.type === "message" && command.to ? command : { ...command, room };
}

/**
 * @param {import("./room-state.js").RoomState} room
 * @returns {[import("./requests.js").RequestKind, RequestedInRoom][]}
 */
function enterRequest({ name, position, password }) {
  const resume = position && { resume: position };
  return [["enter", { type: "enter", room: name, ...resume, ...(password && { password }) }]];
}
