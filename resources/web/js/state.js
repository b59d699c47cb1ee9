// @ts-check
/**
 * The state of the chat and of the rooms in it: `apply(event)` returns which parts of the shown room have changed. No
 * document, no socket, no clock.
 *
 * @typedef {import("./protocol.js").PaceEvent} PaceEvent
 * @typedef {Exclude<import("./protocol.js").Event, import("./protocol.js").AdmissionEvent | PaceEvent>} Event
 * @typedef {import("./protocol.js").Events} Events
 * @typedef {import("./outbox.js").Outbox} Outbox
 * @typedef {import("./requests.js").Request} Request
 * @typedef {import("./validation.js").RoomInfo} RoomInfo
 * @typedef {"rooms" | "room" | "people" | "timeline" | "typing" | "search" | "trouble" | "joined" | "jumped" |
 *   "opened" | "asking" | "pace" | "records" | import("./admission.js").Change} Change `joined`: the page that
 *   completes a join is here; `jumped`: the room's `target` is held now; `rooms`: the list of rooms or what is
 *   unread in one; `opened`: the room that the person has made, or the private one that they have begun, is there,
 *   and is the state's `opened`; `records`: what holds for whom, and what was done
 */

import { OwnIdentity } from "./own-identity.js";
import { ownerOf, unsentElsewhereNotice } from "./outbox.js";
import { RETRY_DELAYS } from "./protocol.js";
import { Requests } from "./requests.js";
import { follow, forgetRoom, refuseEntry } from "./room-following.js";
import { RoomList, attentionOf } from "./room-list.js";
import { RoomState } from "./room-state.js";
import { SearchState } from "./search.js";
import { ServerClock } from "./server-clock.js";
import { beginJoin, checkWelcome } from "./welcome.js";

/** The room that a join without a name leads to. */
const DEFAULT_ROOM = "lobby";
/** Events after which another number may be unread. */
const COUNTED = new Set(["message", "updated", "history", "read"]);
/** What the host says to newcomers: meant for terminals. */
const WELCOME = "welcome";

export class ChatState {
  #newOutbox;
  /** How many unsent messages belong to another server, which answered at this address before. */
  #unsentElsewhere = 0;

  /** @param {() => Outbox} newOutbox makes the outbox of a room */
  constructor(newOutbox) {
    this.#newOutbox = newOutbox;
    this.own = new OwnIdentity();
    this.token = "";
    this.server = { id: "", name: "", host: "", version: "" };
    this.limits = { content_chars: Infinity, message_rate: 0, edit_seconds: 0 };
    this.clock = new ServerClock();
    this.requests = new Requests();
    /** The room of the join. Others may be entered besides. */
    this.home = new RoomState(DEFAULT_ROOM, this.own, newOutbox());
    this.shown = this.home;
    /** @type {Map<string, RoomState>} by name */
    this.rooms = new Map([[this.home.name, this.home]]);
    this.list = new RoomList();
    this.search = new SearchState();
    /** @type {Map<string, string>} rooms that the person has left, with the id of the `exit` that is not answered */
    this.leaving = new Map();
    this.asking = /** @type {{room: string, refusal: import("./protocol.js").Refusal} | null} for a password */ (null);
    /** The room that was opened last. */
    this.opened = "";
    /** Whether the host allows receipts, and the person gives them; none until the host says so. */
    this.receipts = { allowed: false, given: true };
    /** Why the host cannot store messages: a sentence; empty while it can. */
    this.trouble = "";
    /** Whether the welcome has arrived on this connection. */
    this.welcomed = false;
  }

  get nickname() {
    return this.own.nickname;
  }

  /** Whether this person is the host; where the host names no authors, the nickname decides. */
  isHost = (/** @type {import("./own-identity.js").Named} */ { nickname, author = "" }) => {
    const host = this.shown.people.hostAuthor;
    return author && host ? author === host : nickname === this.server.host;
  };

  /** Whether the join is complete: welcome and the first page of messages are here. */
  get joined() {
    return this.home.stage === "inside";
  }

  /** Whether this is the room of the join, and the person is in it. @param {string} name */
  isHome(name) {
    return this.joined && name === this.home.name;
  }

  /** Be in another room, too, from now on. @param {string} name */
  enter(name) {
    const room = this.rooms.get(name) ?? new RoomState(name, this.own, this.#newOutbox());
    this.rooms.set(name, room);
    room.receipts.setActive(this.givesReceipts);
    if (this.welcomed) this.#setOwner(room);
    return room;
  }

  /** Whether there are receipts for the person. */
  get givesReceipts() {
    return this.receipts.allowed && this.receipts.given;
  }

  /**
   * Be in another room no longer. The room of the join can only be left with the chat.
   * @param {string} name
   */
  exit(name) {
    if (name === this.home.name) return;
    this.requests.forget(name);
    this.rooms.delete(name);
    this.list.setJoined(name, false);
    if (this.shown.name === name) this.shown = this.home;
  }

  /**
   * @param {Event} event
   * @param {number} now ms of a monotonic clock, such as `performance.now`
   * @param {number} time ms since 1970, for display
   * @returns {Change[]} the parts that have changed; none for an event that does not concern a room of this page or
   *   that answers nothing. Throws InvalidEvent for an event that contradicts earlier ones.
   */
  apply(event, now, time) {
    switch (event.type) {
      case "welcome":
        return this.#welcome(event);
      case "system":
        this.clock.tell(event.timestamp, now);
        return this.#addNotice(event);
      case "storage":
        return this.#setTrouble(event);
      case "error":
        return this.#refused(event, now, time);
      case "exited":
        if (this.leaving.delete(event.room)) this.list.setJoined(event.room, false); // perhaps to be entered again
        else this.exit(event.room);
        return ["rooms", "room", "people", "timeline", "typing"];
      case "rooms":
        return this.#listed(event, event.rooms, time);
      case "room":
        return this.#listed(event, [event.room], time);
      case "receipt_settings":
        this.receipts = event;
        for (const room of this.rooms.values()) room.receipts.setActive(this.givesReceipts);
        return ["timeline"];
      case "room_deleted":
        return forgetRoom(this, event);
      case "read":
        this.list.changeRead(event);
        return this.#applyInRoom(event, now, time);
      case "search":
        return this.#found(event);
      case "standing":
      case "done":
      case "neighbours":
      case "bans":
      case "audit":
      case "order_kept": // see order.js
      case "reach":
      case "nodes":
      case "pong":
      case "proof":
      case "refreshed":
        return [];
      default:
        return this.#applyInRoom(event, now, time);
    }
  }

  /**
   * Show this room, which the page is in: all that the person does from now on is done there.
   * @param {string} name
   */
  show(name) {
    this.shown.tellRead();
    this.shown.receipts.hide();
    if (this.shown.name !== name) this.shown.readPosition.release();
    this.shown = this.rooms.get(name) ?? this.home;
    this.shown.readPosition.show();
  }

  /** The rows of the list of rooms. */
  get summaries() {
    return this.list.summaries(this.rooms, this.home);
  }

  /** How many messages ask for the person's attention in all rooms. */
  get unread() {
    if (!this.list.rooms.size) return this.shown.unread;
    return this.summaries.reduce((sum, it) => sum + attentionOf(it), 0);
  }

  /** @param {Events["search"]} event @returns {Change[]} */
  #found(event) {
    const command = this.requests.close(event.ref)?.command;
    return command?.type === "search" && this.search.receive(event, command) ? ["search"] : [];
  }

  /**
   * Take what the host says of rooms, and be in those that the person belongs to.
   * @param {Events["rooms" | "room"]} event
   * @param {RoomInfo[]} infos
   * @param {number} time
   * @returns {Change[]}
   */
  #listed(event, infos, time) {
    if (!this.welcomed || (event.ref && !this.requests.find(event.ref))) return [];
    const request = this.requests.close(event.ref);
    if (event.type === "rooms") this.list.receive(event, request?.command);
    else this.list.change(event.room);
    if (request) this.list.fulfilled(request);
    const followed = infos.map(({ room }) => follow(this, room, time));
    /** @type {Change[]} */
    const changes = followed.includes(this.shown) ? ["timeline"] : [];
    if (request?.kind !== "create" || event.type !== "room") return ["rooms", ...changes];
    this.opened = event.room.room;
    this.enter(this.opened);
    return ["rooms", ...changes, "opened"];
  }

  /** The connection is lost, and with it all open requests. The messages stay. */
  disconnect() {
    this.welcomed = false;
    this.leaving.clear();
    this.requests.disconnected();
    for (const room of this.rooms.values()) room.disconnect();
  }

  /**
   * Some time has passed.
   * @param {number} now as for `apply`
   * @returns {Change[]}
   */
  tick(now) {
    this.search.refresh();
    return [...this.rooms.values()].flatMap((room) => this.#shownOnly(room, room.tick(now)));
  }

  /** @param {Events["welcome"]} event @returns {Change[]} */
  #welcome(event) {
    if (this.welcomed) checkWelcome(this, event);
    else beginJoin(this, event);
    this.server = event.server;
    this.limits = event.limits;
    if (this.welcomed) return ["room"];
    this.welcomed = true;
    this.trouble = "";
    for (const room of this.rooms.values()) this.#setOwner(room);
    return ["room", "typing", "timeline", "trouble"];
  }

  /** @param {RoomState} room */
  #setOwner(room) {
    const owner = ownerOf(this.server.id, room.name, this.nickname, this.token);
    this.#unsentElsewhere += room.outbox.setOwner(owner);
  }

  /**
   * A greeting is no notice; a host that gives no codes greets before the join is complete.
   * @param {Events["system"]} event
   * @returns {Change[]}
   */
  #addNotice({ content, timestamp, code, room: name }) {
    const room = this.rooms.get(name || this.home.name) ?? this.home;
    const isNotice = code ? this.welcomed && code !== WELCOME : this.joined;
    if (isNotice) room.transcript.addSystem(content, Date.parse(timestamp), code);
    return this.#shownOnly(room, ["timeline"]);
  }

  /** @param {Events["storage"]} event @returns {Change[]} */
  #setTrouble({ problem, content }) {
    this.trouble = problem && content;
    if (!problem) this.requests.storedAgain();
    return ["trouble"];
  }

  /**
   * A refusal after the join. One for now pauses the request; one that answers nothing is a notice.
   * @param {Events["error"]} error
   * @param {number} now
   * @param {number} time
   * @returns {Change[]}
   */
  #refused(error, now, time) {
    if (this.requests.delay(error, now)) return [];
    const request = this.requests.close(error.ref);
    const room = this.rooms.get(request?.room ?? "");
    for (const [name, ref] of this.leaving) if (ref === error.ref) this.leaving.delete(name);
    if (request) this.list.fulfilled(request);
    if (request?.command.type === "search") {
      this.search.refuse(error.content, request.command);
      return ["search"];
    }
    if (request && room && request.kind !== "enter") return this.#shownOnly(room, room.refuse(request, error, time));
    const asks = request?.kind === "enter" && refuseEntry(this, request.room, error);
    if (asks) return asks;
    if (!request && error.ref && RETRY_DELAYS.has(error.code)) return []; // it was to answer something obsolete
    this.shown.transcript.addSystem(error.content, time);
    return ["timeline"];
  }

  /**
   * @param {import("./room-state.js").RoomEvent} event
   * @param {number} now
   * @param {number} time
   * @returns {Change[]}
   */
  #applyInRoom(event, now, time) {
    const room = this.rooms.get(event.room || this.home.name);
    const ref = "ref" in event ? event.ref : undefined;
    const request = this.requests.find(ref);
    if (!room || !this.#isExpected(room, event.type, ref, request)) return [];
    // The log was replaced. The page that tells so is on its way, and makes all of this obsolete.
    const isObsolete = event.type === "history" && event.epoch !== room.epoch;
    if (request && request.kind !== "enter") {
      if (isObsolete) return [];
      this.requests.close(ref);
    }
    const { stage, epoch } = room;
    const changes = this.#shownOnly(room, room.apply(event, request, now, time));
    if (epoch && epoch !== room.epoch) {
      this.requests.forget(room.name);
      this.search.forget();
      changes.push("search");
    }
    if (event.type === "updated" && this.search.update(event.message)) changes.push("search");
    if (this.#closeConfirmed(event, room).includes(this.shown)) changes.push("timeline");
    if (this.list.rooms.size && COUNTED.has(event.type)) changes.push("rooms");
    return room.stage === stage ? changes : [...changes, ...this.#entered(room, time)];
  }

  /**
   * Whether an event concerns a room that the page is in, and answers an open request if it answers any. What is read
   * on another device counts also while the page is entering.
   * @param {RoomState} room
   * @param {Event["type"]} type
   * @param {string | undefined} ref
   * @param {Request | undefined} request
   */
  #isExpected(room, type, ref, request) {
    if (ref && !request) return false;
    if (request?.kind === "enter" && room.stage === "outside") Object.assign(room, { stage: "entering", password: "" });
    return room.stage !== "outside" || type === "read";
  }

  /**
   * The room is entered: all answers to that are here.
   * @param {RoomState} room
   * @param {number} time
   * @returns {Change[]}
   */
  #entered(room, time) {
    this.requests.entered(room.name);
    this.list.setJoined(room.name, true);
    if (room !== this.home) return [];
    if (this.#unsentElsewhere) room.transcript.addSystem(unsentElsewhereNotice(this.#unsentElsewhere), time);
    this.#unsentElsewhere = 0;
    return ["joined"];
  }

  /**
   * A message that has come back is confirmed. One for a single person comes back in the room of the two, and was
   * written in another, which is returned.
   * @param {import("./room-state.js").RoomEvent} event
   * @param {RoomState} room
   */
  #closeConfirmed(event, room) {
    const messages = event.type === "message" ? [event] : event.type === "history" ? event.messages : [];
    const ids = messages.filter((message) => message.id && this.own.isMine(message)).map(({ id }) => id);
    for (const id of ids) this.requests.close(id);
    const others = [...this.rooms.values()].filter((it) => it !== room && it.outbox.entries.length);
    return others.filter(({ outbox }) => ids.filter((id) => outbox.confirm(id)).length);
  }

  /**
   * @param {RoomState} room
   * @param {Change[]} changes
   * @returns {Change[]}
   */
  #shownOnly(room, changes) {
    return room === this.shown ? changes : [];
  }
}
