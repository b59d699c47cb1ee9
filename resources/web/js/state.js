// @ts-check
/**
 * The state of the chat: `apply(event)` returns which parts have changed. No document, no socket, no clock.
 *
 * @typedef {import("./protocol.js").Event} Event
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./protocol.js").User} User
 * @typedef {"room" | "people" | "timeline" | "typing" | "search" | "trouble" | "joined" | "jumped"} Change
 *   `joined`: the page of messages that completes a join has arrived; `jumped`: `target` is held now
 * @typedef {import("./protocol.js").Events} Events
 */

import { People } from "./people.js";
import { mergePage, replaceWithPage } from "./history-page.js";
import { Transcript } from "./transcript.js";
import { rowKeyOf, ownerOf } from "./outbox.js";
import { InvalidEvent } from "./validation.js";
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
    /** Why the host cannot store messages: a sentence; empty while it can. */
    this.trouble = "";
    /** The message to show after a jump, and whether it is exactly the requested one; 0 for the newest. */
    this.target = { seq: 0, exact: false };
    /** Whether the welcome has arrived on this connection. */
    this.welcomed = false;
    /** Whether the join is complete: welcome and the first page of messages are here. */
    this.joined = false;
    /**
     * What the last join brought of the messages since the join before: all, only some, or another log (none).
     * @type {"all" | "some" | "none"}
     */
    this.resumed = "all";
    /** How many unsent messages belong to another server, which answered at this address before. */
    this.unsentElsewhere = 0;
  }

  /** The people in the room, by nickname. */
  get users() {
    return this.people.users;
  }

  get userCount() {
    return this.people.count;
  }

  /** The people who are typing, and until when, by nickname. */
  get typing() {
    return this.people.typing;
  }

  /** The stream position from which the next join resumes; undefined before the first join. */
  get position() {
    return this.epoch ? { epoch: this.epoch, seq: this.transcript.newestSeq } : undefined;
  }

  /**
   * @param {Event} event
   * @param {number} now ms of a monotonic clock, such as `performance.now`
   * @param {number} time ms since 1970, for display
   * @returns {Change[]} the parts that have changed; none for an event that does not concern this room or that answers
   *   an outdated request. Throws InvalidEvent for an event that contradicts earlier ones.
   */
  apply(event, now, time) {
    if (!this.#concerns(event)) return [];
    return applyTo(this, event, now, time);
  }

  /**
   * Whether the event concerns the joined room. Before a welcome only the storage state matters.
   * @param {Event} event
   */
  #concerns(event) {
    if (event.type === "welcome") return true;
    const room = "room" in event ? event.room : "";
    return this.welcomed ? !room || room === this.room : event.type === "storage";
  }

  /** The connection is lost, and with it all pending requests. The messages stay. */
  disconnect() {
    this.welcomed = false;
    this.joined = false;
    this.outbox.release();
    this.transcript.pendingRequest = null;
  }

  /**
   * Forget the people who have stopped typing without a `typing` event.
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
 * A second welcome on the same connection: it may change the name of the chat and its limits, and nothing else.
 * @param {ChatState} state
 * @param {Events["welcome"]} event
 * @returns {Change[]}
 */
function welcomeAgain(state, { nickname, room, token, server, limits }) {
  const same =
    nickname === state.nickname && room === state.room && token === state.token && server.id === state.server.id;
  if (!same) throw new InvalidEvent("a second welcome, to somebody else or to another room");
  state.server = server;
  state.limits = limits;
  return ["room"];
}

/**
 * A greeting before the join is complete is meant for terminals, and is not shown.
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
  return pendingRequest.kind === "around" || pendingRequest.kind === "at"
    ? jumpTo(state, pendingRequest)
    : ["timeline"];
}

/**
 * The page of messages that completes a join.
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
 * The room has another log: this is its latest page.
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
 * Set the message to show, which is held now.
 * @param {ChatState} state
 * @param {import("./history-request.js").HistoryRequest} request
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
    // An event about oneself leaving is outdated: this connection is in the room.
    event.left.map(({ nickname }) => nickname).filter((nickname) => nickname !== self),
  );
  people.reportedCount = event.user_count;
  const changes = [
    ...came.map((nickname) => ({ nickname, joined: true, time })),
    ...went.map((nickname) => ({ nickname, joined: false, time })),
  ];
  transcript.addPresenceChanges(changes.filter((change) => change.nickname !== self));
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
  return applyPresence(state, { ...event, joined: [], left: [event] });
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
