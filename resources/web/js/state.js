// @ts-check
/**
 * Everything the page knows of the chat: `apply(event)` says which parts changed. No document, no socket, no clock.
 *
 * @typedef {import("./protocol.js").Event} Event
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./protocol.js").User} User
 * @typedef {"room" | "people" | "timeline" | "typing" | "arrived" | "gap"} Change
 *   `arrived`: the page of messages that ends a join; `gap`: newer messages exist than the ones held
 * @typedef {(state: ChatState, event: any, now: number) => Change[]} Handler
 */

import { RoomLog } from "./log.js";
import { keyOf } from "./outbox.js";
import { TYPING_EXPIRES } from "./protocol.js";

export class ChatState {
  /** @param {import("./outbox.js").Outbox} outbox */
  constructor(outbox) {
    this.nickname = "";
    this.room = "";
    this.epoch = "";
    this.token = "";
    this.server = { name: "", host: "", version: "" };
    this.limits = { content_chars: Infinity, message_rate: 0 };
    /** @type {Map<string, User>} */
    this.users = new Map();
    this.userCount = 0;
    /** @type {Map<string, number>} nickname to the time when it expires */
    this.typing = new Map();
    this.log = new RoomLog();
    this.outbox = outbox;
    /** Whether the join is complete. */
    this.arrived = false;
    /** Whether the last join found another log than the one held before. */
    this.startedOver = false;
    this.greeting = "";
  }

  /** How far one has read, for the next join; undefined before anything was read. */
  get position() {
    return this.epoch ? { epoch: this.epoch, seq: this.log.seq } : undefined;
  }

  /**
   * @param {Event} event
   * @param {number} now ms since 1970
   * @returns {Change[]} the parts that changed; none for an event that the page does not know
   */
  apply(event, now) {
    return HANDLERS.get(event.type)?.(this, event, now) ?? [];
  }

  /**
   * Forget who has stopped typing without saying so.
   * @param {number} now
   * @returns {Change[]}
   */
  expireTyping(now) {
    const expired = [...this.typing].filter(([, until]) => until <= now);
    for (const [nickname] of expired) this.typing.delete(nickname);
    return expired.length ? ["typing"] : [];
  }
}

/** @type {Handler} */
function applyWelcome(state, event) {
  const { nickname, room, token, server, limits, user_count: userCount } = event;
  Object.assign(state, { nickname, room, token, server, limits, userCount, arrived: false });
  state.typing.clear();
  return ["room", "typing", "timeline"];
}

/** The greeting is for who comes, not for who comes back. @type {Handler} */
function applySystem(state, event) {
  if (state.arrived) state.log.addSystem(event.content, Date.parse(event.timestamp));
  else if (!state.epoch) state.greeting = event.content;
  return ["timeline"];
}

/** @type {Handler} */
function applyUsers(state, event) {
  state.users = new Map(event.users.map((/** @type {User} */ user) => [user.nickname, user]));
  state.userCount = event.user_count;
  return ["people"];
}

/** @type {Handler} */
function applyHistory(state, event, now) {
  const { log } = state;
  for (const message of event.messages) confirmOwn(state, message);
  const arriving = !state.arrived;
  const continues = event.epoch === state.epoch && takePage(log, event.messages, event.more);
  if (!continues) log.restart(event.messages, event.more);
  if (arriving) state.startedOver = state.epoch !== "" && event.epoch !== state.epoch;
  if (state.greeting) log.addSystem(state.greeting, now);
  log.askedEarlier = false;
  Object.assign(state, { arrived: true, epoch: event.epoch, greeting: "" });
  /** @type {Change[]} */
  const changes = arriving ? ["timeline", "arrived"] : ["timeline"];
  return log.detached ? [...changes, "gap"] : changes;
}

/**
 * Fit a page to the messages held. Answers whether it does: it must leave no hole.
 * @param {RoomLog} log
 * @param {Message[]} messages
 * @param {boolean} more
 */
function takePage(log, messages, more) {
  if (!messages.length) log.more &&= !log.askedEarlier;
  else if (messages[messages.length - 1].seq < log.firstSeq) log.prepend(messages, more);
  else if (messages[0].seq <= log.seq + 1) log.append(messages, more);
  else return false;
  return true;
}

/** @type {Handler} */
function applyMessage(state, event) {
  const own = confirmOwn(state, event);
  state.log.add(event, own ? keyOf(event.id) : undefined);
  const stopped = state.typing.delete(event.nickname);
  /** @type {Change[]} */
  const changes = stopped ? ["timeline", "typing"] : ["timeline"];
  return state.log.detached ? [...changes, "gap"] : changes;
}

/**
 * @param {ChatState} state
 * @param {Message} message
 */
function confirmOwn(state, message) {
  return message.nickname === state.nickname && state.outbox.confirm(message.id);
}

/** @type {Handler} */
function applyPresence(state, event) {
  const time = Date.parse(event.timestamp);
  for (const user of event.joined) state.users.set(user.nickname, user);
  for (const nickname of event.left) {
    state.users.delete(nickname);
    state.typing.delete(nickname);
  }
  state.userCount = event.user_count;
  const moves = [
    ...event.joined.map((/** @type {User} */ user) => ({ nickname: user.nickname, joined: true, time })),
    ...event.left.map((/** @type {string} */ nickname) => ({ nickname, joined: false, time })),
  ];
  state.log.addMoves(moves.filter((move) => move.nickname !== state.nickname));
  return ["people", "typing", "timeline"];
}

/** @type {Handler} */
function applyTyping(state, event, now) {
  if (event.active) state.typing.set(event.nickname, now + TYPING_EXPIRES);
  else state.typing.delete(event.nickname);
  return ["typing"];
}

/** @type {Handler} */
function applyJoined(state, event, now) {
  return applyPresence(state, { ...event, joined: [{ ...event, status: "online" }], left: [] }, now);
}

/** @type {Handler} */
function applyLeft(state, event, now) {
  return applyPresence(state, { ...event, joined: [], left: [event.nickname] }, now);
}

/** @type {Map<string, Handler>} */
const HANDLERS = new Map([
  ["welcome", applyWelcome],
  ["system", applySystem],
  ["users", applyUsers],
  ["history", applyHistory],
  ["message", applyMessage],
  ["presence", applyPresence],
  ["user_joined", applyJoined],
  ["user_left", applyLeft],
  ["typing", applyTyping],
]);
