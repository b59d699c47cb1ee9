// @ts-check
/**
 * What the page knows about one room: its messages and people, and what the person has written and read
 * there. No document, no socket, no clock.
 *
 * @typedef {import("./protocol.js").Events} Events
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./protocol.js").User} User
 * @typedef {import("./requests.js").Request} Request
 * @typedef {import("./requests.js").RequestKind} RequestKind
 * @typedef {import("./state.js").Change} Change
 * @typedef {Events["history" | "message" | "updated" | "users" | "presence" | "user_joined" | "user_left" | "typing" |
 *   "renamed" | "read" | "messages" | "pins" | "own_reactions" | "reactions" | "receipts" | "readers"]} RoomEvent
 * @typedef {"outside" | "entering" | "inside"} Stage `entering`: the host has let the page in, and the page of messages
 *   that completes it is due
 */

import { applyPeopleEvent } from "./room-people.js";
import { PeopleSearch } from "./found-people.js";
import { endOf, mergePage, replaceWithPage } from "./history-page.js";
import { rowKeyOf } from "./outbox.js";
import { People } from "./people.js";
import { randomId } from "./random-id.js";
import { RoomActs } from "./room-acts.js";
import { ReadPosition } from "./read-position.js";
import { RoomReceipts } from "./receipts.js";
import { StreamPosition } from "./stream-position.js";
import { Transcript } from "./transcript.js";
import { WantedHistory } from "./wanted-history.js";

const ID_REUSED = "id_reused";
const HISTORY_DELETED = "history_deleted";

export class RoomState {
  #streamPosition = new StreamPosition();
  /** Whether it is time to tell the host how far the person has read. */
  #tellsRead = false;

  /**
   * @param {string} name
   * @param {import("./own-identity.js").OwnIdentity} own
   * @param {import("./outbox.js").Outbox} outbox
   */
  constructor(name, own, outbox) {
    this.name = name;
    this.own = own;
    this.outbox = outbox;
    this.epoch = "";
    /** @type {Stage} */
    this.stage = "outside";
    /** What to enter it with. */
    this.password = "";
    this.people = new People();
    this.peopleSearch = new PeopleSearch();
    this.transcript = new Transcript();
    this.acts = new RoomActs(own, this.transcript);
    this.receipts = new RoomReceipts(own);
    this.history = new WantedHistory(this.transcript);
    this.readPosition = new ReadPosition();
    /** @type {{seq: number, content: string} | null} the edit that was refused last, until a view has taken it back */
    this.refusedEdit = null;
    /** The message to show after a jump, and whether it is exactly that one; 0 for the newest. */
    this.target = { seq: 0, exact: false };
    /**
     * What the last join brought of the messages since the join before: all, only some, or another log (none). Null
     * after the first join.
     * @type {"all" | "some" | "none" | null}
     */
    this.resumed = null;
  }

  /**
   * The stream position from which the next join resumes; undefined before the first join.
   * @returns {import("./protocol.js").StreamPosition | undefined}
   */
  get position() {
    const { change } = this.#streamPosition;
    return this.epoch
      ? { epoch: this.epoch, seq: this.transcript.receivedSeq, ...(change && { change }) }
      : undefined;
  }

  /** How many messages of others the person has not seen. */
  get unread() {
    const { readPosition, transcript } = this;
    const { newestSeq, oldestSeq } = transcript;
    const messages = transcript.entries.filter((it) => it.kind === "message");
    const after = Math.max(readPosition.stored.seq, oldestSeq - 1);
    const [first, last] = [messages[0], messages.at(-1)];
    if (!first || first.seq > after + 1 || last?.seq !== newestSeq) return readPosition.unread(newestSeq, oldestSeq);
    return messages.filter((it) => it.seq > after && !it.deleted && !this.own.isMine(it)).length;
  }

  /** How many of these mention the person. */
  get mentions() {
    return this.readPosition.mentions(this.transcript, (it) => this.own.isMentioned(it.shown));
  }

  /**
   * The requests whose answers are wanted now.
   * @returns {Generator<[RequestKind, import("./protocol.js").RequestedInRoom]>}
   */
  *wanted() {
    if (this.stage !== "inside") return;
    const { people, peopleSearch, outbox } = this;
    yield* this.history.wanted();
    if (people.wanted) yield ["people", people.wanted];
    if (peopleSearch.wanted) yield ["found people", peopleSearch.wanted];
    const { stored, untold, untoldBack: back } = this.readPosition;
    if (back || (this.#tellsRead && untold)) yield ["read", { type: "read", seq: stored.seq, ...(back && { back }) }];
    if (outbox.command) yield ["message", outbox.command];
    yield* this.acts.wanted();
    yield* this.receipts.wanted();
  }

  /**
   * Apply an event of this room, perhaps the answer to a request.
   * @param {RoomEvent} event
   * @param {Request | undefined} request
   * @param {number} now ms of a monotonic clock
   * @param {number} time ms since 1970, for display
   * @returns {Change[]}
   */
  apply(event, request, now, time) {
    switch (event.type) {
      case "message":
        return this.#addMessage(event);
      case "updated":
        return this.#update(event, request);
      case "messages":
      case "pins":
      case "own_reactions":
      case "reactions":
        return request ? this.acts.receive(event, request) : [];
      case "history":
        return this.#addPage(event, request, time);
      case "receipts":
        this.receipts.receive(event, request?.command, this.epoch);
        return ["timeline"];
      case "readers":
        this.receipts.receiveReaders(event, request?.command);
        return ["timeline"];
      case "read":
        return this.#readElsewhere(event, request, time);
      default:
        return applyPeopleEvent(this, event, request, now);
    }
  }

  /**
   * The host refuses a request for good.
   * @param {Request} request
   * @param {import("./protocol.js").Refusal} refusal
   * @param {number} time
   * @returns {Change[]}
   */
  refuse(request, { code, content }, time) {
    const { command } = request;
    const act = this.acts.refuse(request);
    if (act?.type === "edit") this.refusedEdit = act;
    if (act === undefined) return ["timeline"]; // a question that an earlier version does not know
    switch (command.type) {
      case "message":
        this.#refuseMessage(command.id, code, content);
        return ["timeline"];
      case "users":
        if (request.kind === "people") this.people.refuse();
        else this.peopleSearch.refuse(command);
        break;
      case "history":
        this.#refusePage(request);
        break;
      case "receipts":
      case "readers":
        this.receipts.refuse(command);
        return ["timeline"];
      default:
    }
    this.transcript.addSystem(content, time);
    return ["timeline", "people"];
  }

  /**
   * Some time has passed.
   * @param {number} now ms of a monotonic clock
   * @returns {Change[]}
   */
  tick(now) {
    this.people.refresh(now, Math.random());
    this.tellRead();
    return this.people.expireTyping(now) ? ["typing"] : [];
  }

  /** Tell the host now how far the person has read, if it does not know: once a second, and on leaving. */
  tellRead() {
    this.#tellsRead ||= this.readPosition.untold;
  }

  /**
   * The host lists how far the person has read, on whatever device. Returns whether that is news here.
   * @param {import("./read-position.js").ServerMark} mark
   * @param {number} time ms since 1970
   * @param {boolean} [back] whether they have set it back; a list does not say so, and tells nothing that is older
   */
  toldRead(mark, time, back = isBehind(mark, this.readPosition.server)) {
    const before = this.readPosition.stored;
    const { newestSeq } = this.transcript;
    this.readPosition.told(mark, newestSeq, this.#timeOf(mark.seq) ?? time, back ? this.#ownAfter(mark.seq) : null);
    return this.readPosition.stored !== before;
  }

  /** The person wants this message and what follows to be unread again, although it is in view. @param {number} seq */
  markUnread(seq) {
    const time = this.#timeOf(seq - 1) ?? this.#timeOf(seq) ?? 0;
    this.readPosition.setBack(seq - 1, this.transcript.newestSeq, time, this.#ownAfter(seq - 1));
  }

  /** The time of the last message up to this one that is loaded. @param {number} seq */
  #timeOf(seq) {
    return this.transcript.entries.filter((it) => it.kind === "message" && it.seq <= seq).at(-1)?.time;
  }

  /** The person's messages after this one, as far as they are loaded. @param {number} seq */
  #ownAfter(seq) {
    const messages = this.transcript.entries.filter((it) => it.kind === "message" && it.seq > seq);
    return messages.flatMap((it) => (it.kind === "message" && this.own.isMine(it) ? [it.seq] : []));
  }

  /**
   * @param {Events["read"]} event
   * @param {Request | undefined} request
   * @param {number} time
   * @returns {Change[]}
   */
  #readElsewhere(event, request, time) {
    this.#tellsRead = false;
    if (request?.command.type === "read" && request.command.back) this.readPosition.untoldBack = false;
    return this.toldRead(event, time, event.back) ? ["timeline"] : [];
  }

  /** The connection is lost. The messages stay. */
  disconnect() {
    this.stage = "outside";
    this.acts.disconnected();
    this.receipts.disconnected();
    this.people.typing.clear();
    this.history.interrupted();
  }

  /** At the end old entries are dropped, now that the reader has left them. */
  trim() {
    if (this.history.following && this.transcript.live) this.transcript.trim();
  }

  /** @param {Events["message"]} message @returns {Change[]} */
  #addMessage(message) {
    const own = this.#addOwn(message);
    const isNew = this.stage === "inside" && message.seq > this.transcript.newestSeq;
    if (isNew && this.own.isMine(message)) this.receipts.said(message.seq);
    if (this.#isBeyondGap(message)) this.history.interrupted();
    this.#streamPosition.receive(message.change, this.#isBeyondGap(message));
    this.transcript.add(message, own && message.id ? rowKeyOf(message.id) : undefined);
    return this.people.typing.delete(message.nickname) ? ["timeline", "typing"] : ["timeline"];
  }

  /** @param {Message} message */
  #isBeyondGap({ seq }) {
    return seq > this.transcript.receivedSeq + 1;
  }

  /**
   * @param {Events["updated"]} event
   * @param {Request | undefined} request
   * @returns {Change[]}
   */
  #update({ change, message }, request) {
    this.#streamPosition.receive(change, this.#isBeyondGap(message));
    this.transcript.newestSeq = Math.max(this.transcript.newestSeq, message.seq);
    this.transcript.update([{ ...message, change }]);
    this.acts.updated({ ...message, change }, request);
    return ["timeline"];
  }

  /**
   * Whether this own message has just been confirmed.
   * @param {Message} message
   */
  #addOwn(message) {
    if (!this.own.isMine(message)) return false;
    this.readPosition.addOwn(message.seq, Date.parse(message.timestamp));
    return this.outbox.confirm(message.id);
  }

  /**
   * Apply a page. The page that the room is entered with completes that.
   * @param {Events["history"]} page
   * @param {Request | undefined} request
   * @param {number} time
   * @returns {Change[]}
   */
  #addPage(page, request, time) {
    const asked = request?.kind === "enter" ? undefined : request;
    const entering = this.stage === "entering" && !asked;
    const first = !this.epoch;
    const kind = asked ? this.history.take(asked) : "";
    if (kind === null) return [];
    if (!asked) this.history.streamed(page);
    const resumed = this.#merge(page, kind, entering);
    if (!first && (resumed === "none" || (resumed === "some" && !asked))) this.acts.restart(resumed === "none");
    this.#streamPosition.reach(page.change);
    /** @type {Change[]} */
    const changes = asked?.kind === "jump" && resumed === "all" ? this.#jump(asked) : ["timeline"];
    if (entering || resumed === "none") this.readPosition.open(this.epoch, this.transcript.newestSeq, time);
    for (const message of page.messages) this.#addOwn(message);
    if (entering) [this.stage, this.resumed] = ["inside", first ? null : resumed];
    return changes;
  }

  /**
   * Merge a page into the transcript. Returns what it continues of the messages that were here.
   * @param {Events["history"]} page
   * @param {import("./wanted-history.js").PageKind | ""} kind
   * @param {boolean} entering
   * @returns {"all" | "some" | "none"}
   */
  #merge(page, kind, entering) {
    const { transcript } = this;
    const another = page.epoch !== this.epoch;
    // A log may also have lost its end, as on a disk that was set back.
    if (another || (entering && endOf(page) < transcript.newestSeq)) {
      this.#startOver(page);
      return another ? "none" : "some";
    }
    return mergePage(transcript, page, kind, this.history.following) ? "all" : "some";
  }

  /** The room has another log: this is its latest page. @param {Events["history"]} page */
  #startOver(page) {
    const { transcript } = this;
    const notice = transcript.entries.at(-1);
    transcript.newestSeq = endOf(page);
    transcript.oldestSeq = page.first_seq;
    replaceWithPage(transcript, page);
    if (notice?.kind === "system" && notice.code === HISTORY_DELETED) transcript.entries.push(notice);
    if (this.epoch) this.history.reset(); // a message may be wanted before the room is entered
    this.epoch = page.epoch;
    this.history.streamed(page);
    this.#streamPosition.reset();
    this.receipts.restart();
  }

  /**
   * Set the message to show, which is held now.
   * @param {Request} request
   * @returns {Change[]}
   */
  #jump({ command }) {
    const { around = 0, at = "" } = /** @type {import("./protocol.js").History} */ (command);
    if (!around && !at) return ["timeline"];
    const entry = at ? this.transcript.entrySince(Date.parse(at)) : this.transcript.entryFrom(around);
    this.target = { seq: entry?.seq ?? 0, exact: around > 0 && entry?.seq === around };
    return ["timeline", "jumped"];
  }

  /** @param {Request} request */
  #refusePage(request) {
    const { following } = this.history;
    const kind = this.history.take(request);
    this.history.following = following;
    if (kind === "older") this.transcript.hasOlder = false;
    else if (kind === "newer") this.transcript.endHere();
  }

  /**
   * @param {string} id
   * @param {string} code
   * @param {string} sentence
   */
  #refuseMessage(id, code, sentence) {
    if (code !== ID_REUSED || !this.outbox.rename(id, randomId())) this.outbox.fail(id, sentence);
  }
}

/**
 * Whether the host lists a lower mark than it has told before, because some device has set it back.
 * @param {import("./read-position.js").ServerMark} mark
 * @param {import("./read-position.js").ServerMark | null} known
 */
function isBehind(mark, known) {
  return known?.epoch === mark.epoch && mark.seq < known.seq;
}
