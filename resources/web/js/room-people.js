// @ts-check
/** What the host says of the people in a room: who is there, comes, leaves, is called otherwise, or types. */

/** @typedef {import("./protocol.js").Events} Events */
/** @typedef {import("./room-state.js").RoomState} RoomState */
/** @typedef {import("./state.js").Change} Change */
/** @typedef {Events["users" | "presence" | "user_joined" | "user_left" | "renamed" | "typing"]} PeopleEvent */

/**
 * @param {RoomState} room
 * @param {PeopleEvent} event
 * @param {import("./requests.js").Request | undefined} request that it answers
 * @param {number} now ms of a monotonic clock
 * @returns {Change[]}
 */
export function applyPeopleEvent(room, event, request, now) {
  switch (event.type) {
    case "users":
      return addPeople(room, event, request, now);
    case "presence":
      return changePeople(room, event);
    case "user_joined":
      return changePeople(room, { ...event, joined: [event], left: [] });
    case "user_left":
      return changePeople(room, { ...event, joined: [], left: [event] });
    case "renamed":
      return rename(room, event);
    default:
      return setTyping(room, event, now);
  }
}

/**
 * @param {RoomState} room
 * @param {Events["users"]} event
 * @param {import("./requests.js").Request | undefined} request
 * @param {number} now
 * @returns {Change[]}
 */
function addPeople({ people, peopleSearch }, event, request, now) {
  const { kind, command } = request ?? {};
  const before = [...people.moderators].join();
  if (kind === "people" && command?.type === "users") people.receive(event, command, now);
  else if (kind === "found people" && command?.type === "users") peopleSearch.receive(event, command);
  else people.reset(event);
  return before === [...people.moderators].join() ? ["people", "typing"] : ["people", "typing", "timeline"];
}

/** @param {RoomState} room @param {Events["renamed"]} event @returns {Change[]} */
function rename({ own, people, transcript }, { old, nickname, author, timestamp }) {
  if (own.isMine({ nickname: old, author })) own.renamed(nickname);
  people.rename(old, nickname);
  if (people.tellsOfChanges) transcript.addRename({ old, nickname, author, time: Date.parse(timestamp) });
  return ["people", "typing", "room", "timeline"];
}

/**
 * @param {RoomState} room
 * @param {Pick<Events["presence"], "user_count" | "timestamp" | "left"> &
 *   {joined: import("./protocol.js").User[], more?: boolean, changed?: import("./protocol.js").User[]}} event
 * @returns {Change[]}
 */
function changePeople({ own, people, transcript }, event) {
  const isOther = (/** @type {{nickname: string}} */ { nickname }) => nickname !== own.nickname;
  const time = Date.parse(event.timestamp);
  // An event about oneself leaving is outdated: this connection is in the room.
  people.update(event.changed ?? []);
  const { came, went, others } = people.change({ ...event, left: event.left.filter(isOther) });
  const changes = [
    ...came.filter(isOther).map(({ nickname, author }) => ({ nickname, author, joined: true, time })),
    ...went.map(({ nickname, author }) => ({ nickname, author, joined: false, time })),
  ];
  if (people.tellsOfChanges) transcript.addPresenceChanges(changes, others, time);
  return ["people", "typing", "timeline"];
}

/**
 * @param {RoomState} room
 * @param {Events["typing"]} event
 * @param {number} now
 * @returns {Change[]}
 */
function setTyping({ own, people }, event, now) {
  if (event.active && own.isMine(event)) return [];
  people.setTyping(event.nickname, event.active, now);
  return ["typing"];
}
