// @ts-check
/**
 * Everything the page knows of the chat: `apply(event)` says which parts changed. No document, no socket, no clock.
 *
 * @typedef {import("./protocol.js").Event} Event
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./protocol.js").User} User
 * @typedef {"room" | "people" | "timeline" | "typing" | "arrived"} Change
 *   `arrived`: the page of messages that ends a join
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
    /**
     * What the last join found of the messages since the one before: all of them, no longer all, or a log begun anew.
     * @type {"all" | "some" | "none"}
     */
    this.resumed = "all";
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
  // Only who asks for what comes after a message hears whether still newer ones exist; a join asks so, too.
  const newer = event.more && (arriving || log.asked === "later");
  const continues = event.epoch === state.epoch && takePage(log, event, newer);
  if (!continues) log.restart(event.messages, event.more);
  if (arriving) state.resumed = continues || !state.epoch ? "all" : event.epoch === state.epoch ? "some" : "none";
  if (state.greeting) log.addSystem(state.greeting, now);
  log.asked = "";
  Object.assign(state, { arrived: true, epoch: event.epoch, greeting: "" });
  return arriving ? ["timeline", "arrived"] : ["timeline"];
}

/**
 * Fit a page to the messages held. Answers whether it does: it must leave no hole.
 * @param {RoomLog} log
 * @param {{messages: Message[], more: boolean}} page
 * @param {boolean} newer whether messages exist that are newer than the page's
 */
function takePage(log, { messages, more }, newer) {
  const last = messages.at(-1);
  if (!last) log.takeNothing();
  else if (last.seq === log.firstSeq - 1) log.prepend(messages, more);
  else if (last.seq < log.firstSeq) return true;
  else if (messages[0].seq <= log.seq + 1) log.append(messages, newer);
  else return false;
  return true;
}

/** @type {Handler} */
function applyMessage(state, event) {
  const own = confirmOwn(state, event);
  state.log.add(event, own ? keyOf(event.id) : undefined);
  return state.typing.delete(event.nickname) ? ["timeline", "typing"] : ["timeline"];
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
  const { users, typing, log, nickname: self } = state;
  const time = Date.parse(event.timestamp);
  // Who is in the list of a joiner may be announced after it once more.
  const came = event.joined.filter((/** @type {User} */ user) => !users.has(user.nickname));
  const went = event.left.filter((/** @type {string} */ nickname) => users.delete(nickname));
  for (const user of event.joined) users.set(user.nickname, user);
  for (const nickname of went) typing.delete(nickname);
  state.userCount = event.user_count;
  const moves = [
    ...came.map((/** @type {User} */ user) => ({ nickname: user.nickname, joined: true, time })),
    ...went.map((/** @type {string} */ nickname) => ({ nickname, joined: false, time })),
  ];
  log.addMoves(moves.filter((move) => move.nickname !== self));
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
