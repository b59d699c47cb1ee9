// @ts-check
/**
 * Which messages an event brings that are news to the person.
 *
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {object} News
 * @property {string} room
 * @property {Message[]} received by other people, just now
 * @property {Message[]} missed by other people, while the connection was lost
 */

/**
 * The messages of other people in this event that are new to its room. An edit that mentions the person, whom the
 * message has not mentioned before, is news, too. History is none.
 * @param {import("./protocol.js").Event} event
 * @param {import("./state.js").ChatState} state before the event is applied
 * @returns {News}
 */
export function newsIn(event, { home, own, requests, rooms }) {
  const name = ("room" in event && typeof event.room === "string" && event.room) || home.name;
  const room = rooms.get(name);
  const nothing = { room: name, received: [], missed: [] };
  if (!room) return nothing;
  const { epoch, stage, transcript } = room;
  /** @type {(messages: Message[]) => Message[]} */
  const news = (messages) => messages.filter((it) => it.seq > transcript.newestSeq && !own.isMine(it));
  if (event.type === "message") return { ...nothing, received: stage === "inside" ? news([event]) : [] };
  if (event.type === "updated") return { ...nothing, received: stage === "inside" ? mentioned(event, room) : [] };
  if (event.type !== "history" || event.epoch !== epoch) return nothing;
  const answers = (requests.find(event.ref)?.kind ?? "enter") !== "enter";
  return { ...nothing, missed: answers ? [] : news(event.messages) };
}

/**
 * @param {import("./protocol.js").Events["updated"]} event
 * @param {import("./room-state.js").RoomState} room
 */
function mentioned({ message }, { own, transcript }) {
  const known = transcript.entries.find((it) => it.kind === "message" && it.seq === message.seq);
  const isNew = known?.kind === "message" && !own.isMentioned(known.shown) && own.isMentioned(message);
  return isNew ? [message] : [];
}
