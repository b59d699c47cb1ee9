// @ts-check
/**
 * Everything the page knows of the chat: `apply(event)` says which parts changed. No document, no socket, no clock.
 *
 * @typedef {import("./protocol.js").Event} Event
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./protocol.js").User} User
 * @typedef {"room" | "people" | "timeline" | "typing" | "search" | "trouble" | "joined" | "jumped"} Change
 *   `joined`: the page of messages that ends a join; `jumped`: `target` is held now
 * @typedef {import("./protocol.js").Events} Events
 */

import { People } from "./people.js";
import { mergePage, replaceWithPage } from "./history-page.js";
import { Transcript } from "./transcript.js";
import { rowKeyOf, ownerOf } from "./outbox.js";
import { UnreadableEvent } from "./validation.js";
import { SearchState } from "./search.js";

export class ChatState {
  /** @param {import("./outbox.js").Outbox} outbox */
  constructor(outbox) {
    this.nickname = "";
    this.room = "";
    this.epoch = "";
    this.token = "";
    this.server = { id: "", name: "", host: "", version: "" };
    this.limits = { content_chars: Infinity, message_rate: 0 };
    this.people = new People();
    this.transcript = new Transcript();
    this.search = new SearchState();
    this.outbox = outbox;
    /** Why the host cannot keep what is said: a sentence; empty while it can. */
    this.trouble = "";
    /** The message to show after a jump, and whether it is the very one that was asked for; 0: the latest. */
    this.target = { seq: 0, exact: false };
    /** Whether the host has said welcome, on this connection. */
    this.welcomed = false;
    /** Whether the join is complete. */
    this.joined = false;
    /**
     * What the last join found of the messages since the one before: all of them, no longer all, or another log.
     * @type {"all" | "some" | "none"}
     */
    this.resumed = "all";
    /** How many drafts wait for another server, which answered here before. */
    this.unsentElsewhere = 0;
  }

  /** Everybody here, by nickname. */
  get users() {
    return this.people.users;
  }

  get userCount() {
    return this.people.count;
  }

  /** Who is typing, by nickname, and until when. */
  get typing() {
    return this.people.typing;
  }

  /** The newest message heard of, for the next join; undefined before there was any. */
  get position() {
    return this.epoch ? { epoch: this.epoch, seq: this.transcript.newestSeq } : undefined;
  }

  /**
   * @param {Event} event
   * @param {number} now ms of a clock that nobody sets, such as `performance.now`
   * @param {number} time ms since 1970, to be shown to people
   * @returns {Change[]} the parts that changed; none for an event that the page does not know, or that nobody waits for.
   *   Throws UnreadableEvent for what contradicts itself.
   */
  apply(event, now, time) {
    if (!this.#concerns(event)) return [];
    return applyTo(this, event, now, time);
  }

  /**
   * Whether the event is for the room that one is in; what comes before one is in any is for nobody.
   * @param {Event} event
   */
  #concerns(event) {
    if (event.type === "welcome") return true;
    const room = "room" in event ? event.room : "";
    return this.welcomed ? !room || room === this.room : event.type === "storage";
  }

  /**
   * The connection is gone, and with it what was asked. What was said stays.
   */
  disconnect() {
    this.welcomed = false;
    this.joined = false;
    this.outbox.release();
    this.transcript.pendingRequest = null;
  }

  /**
   * Forget who has stopped typing without saying so.
   * @param {number} now as for `apply`
   * @returns {Change[]}
   */
  expireTyping(now) {
    return this.people.expireTyping(now) ? ["typing"] : [];
  }
}

/**
 * @param {ChatState} state
 * @param {Event} event
 * @param {number} now
 * @param {number} time
 * @returns {Change[]}
 */
function applyTo(state, event, now, time) {
  switch (event.type) {
    case "welcome":
      return applyWelcome(state, event);
    case "system":
      return applySystem(state, event);
    case "users":
      return applyUsers(state, event);
    case "history":
      return applyHistory(state, event, time);
    case "message":
      return applyMessage(state, event);
    case "presence":
      return applyPresence(state, event);
    case "user_joined":
      return applyJoined(state, event);
    case "user_left":
      return applyLeft(state, event);
    case "typing":
      return applyTyping(state, event, now);
    case "search":
      return applySearch(state, event);
    case "storage":
      return applyStorage(state, event);
    default:
      return [];
  }
}

/**
 * @param {ChatState} state
 * @param {Events["welcome"]} event
 * @returns {Change[]}
 */
function applyWelcome(state, event) {
  if (state.welcomed) return welcomeAgain(state, event);
  const { nickname, room, token, server } = event;
  state.nickname = nickname;
  state.room = room;
  state.token = token;
  state.server = server;
  state.limits = event.limits;
  state.welcomed = true;
  state.trouble = "";
  state.people.reportedCount = event.user_count;
  state.typing.clear();
  state.unsentElsewhere += state.outbox.setOwner(ownerOf(server.id, room, nickname, token));
  return ["room", "typing", "timeline", "trouble"];
}

/**
 * The same once more tells of another name of the chat, or of other limits, at most.
 * @param {ChatState} state
 * @param {Events["welcome"]} event
 * @returns {Change[]}
 */
function welcomeAgain(state, { nickname, room, token, server, limits }) {
  const same = nickname === state.nickname && room === state.room && token === state.token && server.id === state.server.id;
  if (!same) throw new UnreadableEvent("a second welcome, to somebody else or to another room");
  state.server = server;
  state.limits = limits;
  return ["room"];
}

/**
 * A greeting, which comes before the join is complete, is for terminals: the page shows that one has arrived.
 * @param {ChatState} state
 * @param {Events["system"]} event
 * @returns {Change[]}
 */
function applySystem(state, event) {
  if (state.joined) state.transcript.addSystem(event.content, Date.parse(event.timestamp));
  return ["timeline"];
}

/**
 * @param {ChatState} state
 * @param {Events["users"]} event
 * @returns {Change[]}
 */
function applyUsers(state, event) {
  state.people.reset(event.users);
  state.people.reportedCount = event.user_count;
  return ["people", "typing"];
}

/**
 * @param {ChatState} state
 * @param {Events["history"]} event
 * @param {number} time
 * @returns {Change[]}
 */
function applyHistory(state, event, time) {
  for (const message of event.messages) confirmOwn(state, message);
  if (!state.joined) return completeJoin(state, event, time);
  const { pendingRequest } = state.transcript;
  if (event.epoch !== state.epoch) return startOver(state, event);
  if (event.ref && event.ref !== pendingRequest?.ref) return [];
  mergePage(state.transcript, event, event.ref ? pendingRequest : null);
  if (!event.ref || !pendingRequest) return ["timeline"];
  state.transcript.pendingRequest = null;
  return pendingRequest.kind === "around" || pendingRequest.kind === "at" ? jumpTo(state, pendingRequest) : ["timeline"];
}

/**
 * The page that ends a join.
 * @param {ChatState} state
 * @param {Events["history"]} event
 * @param {number} time
 * @returns {Change[]}
 */
function completeJoin(state, event, time) {
  const { transcript } = state;
  const same = event.epoch === state.epoch;
  const continues = same && mergePage(transcript, event, null);
  state.resumed = continues || !state.epoch ? "all" : same ? "some" : "none";
  if (!same) startOver(state, event);
  if (state.unsentElsewhere) transcript.addSystem(unsentElsewhereNotice(state.unsentElsewhere), time);
  transcript.pendingRequest = null;
  state.joined = true;
  state.unsentElsewhere = 0;
  return ["timeline", "joined"];
}

/** @param {number} count */
function unsentElsewhereNotice(count) {
  const messages = count === 1 ? "One message that was not sent waits" : `${count} messages that were not sent wait`;
  return `Another chat answers at this address now. ${messages} for the one before.`;
}

/**
 * Another log: this is its latest page.
 * @param {ChatState} state
 * @param {Events["history"]} event
 * @returns {Change[]}
 */
function startOver(state, event) {
  const { transcript } = state;
  replaceWithPage(transcript, event);
  transcript.newestSeq = transcript.lastSeq;
  transcript.pendingRequest = null;
  state.epoch = event.epoch;
  state.search.forget();
  return ["timeline", "search"];
}

/**
 * Say which message to show, now that it is held.
 * @param {ChatState} state
 * @param {import("./history-request.js").HistoryRequest} question
 * @returns {Change[]}
 */
function jumpTo(state, { kind, target }) {
  const { transcript } = state;
  const entry = kind === "at" ? transcript.entrySince(target) : transcript.entryFrom(target);
  state.target = { seq: entry?.seq ?? 0, exact: kind === "around" && entry?.seq === target };
  return ["timeline", "jumped"];
}

/**
 * @param {ChatState} state
 * @param {Events["message"]} event
 * @returns {Change[]}
 */
function applyMessage(state, event) {
  const own = confirmOwn(state, event);
  state.transcript.add(event, own && event.id ? rowKeyOf(event.id) : undefined);
  return state.typing.delete(event.nickname) ? ["timeline", "typing"] : ["timeline"];
}

/**
 * @param {ChatState} state
 * @param {Message} message
 */
function confirmOwn(state, message) {
  return message.nickname === state.nickname && state.outbox.confirm(message.id);
}

/**
 * @param {ChatState} state
 * @param {Pick<Events["presence"], "user_count" | "timestamp" | "left"> & {joined: User[]}} event
 * @returns {Change[]}
 */
function applyPresence(state, event) {
  const { people, transcript, nickname: self } = state;
  const time = Date.parse(event.timestamp);
  const { came, went } = people.change(
    event.joined,
    // Who hears that they have left has not.
    event.left.filter((nickname) => nickname !== self),
  );
  people.reportedCount = event.user_count;
  const moves = [
    ...came.map((nickname) => ({ nickname, joined: true, time })),
    ...went.map((nickname) => ({ nickname, joined: false, time })),
  ];
  transcript.addPresenceChanges(moves.filter((move) => move.nickname !== self));
  return ["people", "typing", "timeline"];
}

/**
 * @param {ChatState} state
 * @param {Events["typing"]} event
 * @param {number} now
 * @returns {Change[]}
 */
function applyTyping(state, event, now) {
  state.people.setTyping(event.nickname, event.active, now);
  return ["typing"];
}

/**
 * @param {ChatState} state
 * @param {Events["user_joined"]} event
 * @returns {Change[]}
 */
function applyJoined(state, event) {
  return applyPresence(state, { ...event, joined: [event], left: [] });
}

/**
 * @param {ChatState} state
 * @param {Events["user_left"]} event
 * @returns {Change[]}
 */
function applyLeft(state, event) {
  return applyPresence(state, { ...event, joined: [], left: [event.nickname] });
}

/**
 * @param {ChatState} state
 * @param {Events["search"]} event
 * @returns {Change[]}
 */
function applySearch(state, event) {
  return state.search.receive(event) ? ["search"] : [];
}

/**
 * @param {ChatState} state
 * @param {Events["storage"]} event
 * @returns {Change[]}
 */
function applyStorage(state, event) {
  state.trouble = event.problem && event.content;
  return ["trouble"];
}
