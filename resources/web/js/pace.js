// @ts-check
/**
 * Who may say what when: slow mode, messages that wait for approval, hands and questions without a name. No document.
 *
 * @typedef {import("./protocol.js").Events} Events
 * @typedef {Events["held"]["messages"][number]} HeldMessage
 * @typedef {Events["hands"]["hands"][number]} Hand
 * @typedef {object} RoomPace
 * @property {Map<number, HeldMessage>} held those that wait, as far as the person decides about them
 * @property {Map<string, number>} own the numbers of one's own, by the id that they have in the outbox
 * @property {Hand[]} hands the first ones, in order
 * @property {number} count of all hands
 * @property {number} place of one's own, from 1; 0 if it is not raised
 * @property {string} calledBy who has called the person; empty once they have seen it
 * @property {number} postedAt when the person wrote last, by `performance.now`
 * @property {number} until when they may write again at the latest, as the host has said
 * @typedef {{refusal: string, told: string}} Answer to a question without a name: why it was refused, or what the host
 *   says of one that it has taken
 */

import { randomId } from "./random-id.js";

const OWN = new Set(["held", "decided", "hands", "called", "asked", "wait"]);
/** Messages that are kept to be decided about: ten times what a host keeps of a room. */
const MOST_HELD = 1000;
/** Rooms whose pace is known: as many as are listed. */
const MOST_ROOMS = 2000;
const LOST = "The connection was lost: look whether your question is there.";
/** @type {import("./state.js").Change[]} */
const CHANGED = ["pace", "timeline"];

/**
 * @param {import("./protocol.js").Event} event
 * @returns {event is import("./protocol.js").PaceEvent}
 */
export function isPace(event) {
  return OWN.has(event.type);
}

export class Pace {
  /** @type {Map<string, RoomPace>} */
  #rooms = new Map();
  /** @type {Map<string, (answer: Answer) => void>} by the id of the question that is not answered */
  #asked = new Map();

  /**
   * @param {import("./state.js").ChatState} state
   * @param {(command: import("./protocol.js").PaceCommand & {id: string}) => boolean} send returns whether there is a
   *   connection
   */
  constructor(state, send) {
    this.state = state;
    this.send = send;
  }

  /** The pace of a room; of one that no list has, nothing is kept. @param {string} name @returns {RoomPace} */
  of(name) {
    const known = this.#rooms.get(name);
    if (known) return known;
    const none = { hands: [], count: 0, place: 0, calledBy: "", postedAt: -Infinity, until: 0 };
    const room = { held: new Map(), own: new Map(), ...none };
    if (!this.state.rooms.has(name) && !this.state.list.rooms.has(name)) return room;
    if (this.#rooms.size >= MOST_ROOMS) this.#rooms.delete(this.#rooms.keys().next().value ?? "");
    this.#rooms.set(name, room);
    return room;
  }

  /** All messages that the person may decide about, with their rooms, the oldest first. */
  get waiting() {
    const all = [...this.#rooms].flatMap(([room, { held }]) => [...held.values()].map((it) => ({ ...it, room })));
    return all.sort((one, other) => one.held - other.held);
  }

  /**
   * In how many seconds the person may write in a room, by the host's pace now and their last message.
   * @param {string} name
   * @param {number} now by `performance.now`
   */
  wait(name, now) {
    const slow = this.state.list.rooms.get(name)?.slow ?? 0;
    const { postedAt, until } = this.of(name);
    return slow ? Math.max(0, Math.ceil((Math.max(postedAt + slow * 1000, until) - now) / 1000)) : 0;
  }

  /**
   * Take note of what else the host says: when the person has written, and why they may not.
   * @param {import("./protocol.js").Event} event
   * @param {number} now by `performance.now`
   */
  note(event, now) {
    if (event.type === "message" && this.state.own.isMine(event)) this.#posted(event.room, now);
    if (event.type === "error" && event.code === "slow_mode") this.#refused(event, now);
    if (event.type === "error") this.#answered(event.ref, { refusal: event.content, told: "" });
  }

  /**
   * Take note of an event. Returns the parts that have changed.
   * @param {import("./protocol.js").PaceEvent} event
   * @param {number} now by `performance.now`
   * @returns {import("./state.js").Change[]}
   */
  receive(event, now) {
    switch (event.type) {
      case "held":
        return this.#held(event, now);
      case "decided":
        return this.#decided(event);
      case "hands":
        return this.#hands(event);
      case "called":
        return this.#called(event);
      case "asked":
        return this.#answered(event.ref, { refusal: "", told: event.content });
      case "wait":
        this.of(event.room).until = now + event.seconds * 1000;
        return CHANGED;
      default:
        return [];
    }
  }

  /** @param {number} held @param {boolean} approve */
  decide(held, approve) {
    this.send({ type: approve ? "approve" : "refuse", held, id: randomId() });
  }

  /** Take back a message of one's own that waits, or forget that it was declined. @param {string} id */
  withdraw(id) {
    for (const { own } of this.#rooms.values()) {
      const held = own.get(id);
      if (held !== undefined) this.send({ type: "withdraw", held, id: randomId() });
      own.delete(id);
    }
  }

  /** @param {boolean} active */
  raise(active) {
    const { name } = this.state.shown;
    this.of(name).calledBy = "";
    this.send({ type: "hand", active, room: name, id: randomId() });
  }

  /** @param {string} room @param {string} author of the hand */
  call(room, author) {
    this.send({ type: "call", author, room, id: randomId() });
  }

  /** @param {string} room @param {string} author of the hand; empty for all */
  lower(room, author) {
    this.send({ type: "lower", author, room, id: randomId() });
  }

  /**
   * Ask without one's name in the shown room.
   * @param {string} content
   * @returns {Promise<Answer>}
   */
  ask(content) {
    const id = randomId();
    return new Promise((answer) => {
      this.#asked.set(id, answer);
      if (!this.send({ type: "ask", content, room: this.state.shown.name, id })) this.disconnected();
    });
  }

  /**
   * @param {string} room
   * @param {Partial<import("./room-list.js").RoomSummary["pace"]>} pace
   */
  set(room, pace) {
    this.send({ type: "pace", room, ...pace, id: randomId() });
  }

  /** The connection is lost: what was known comes again. */
  disconnected() {
    for (const answer of this.#asked.values()) answer({ refusal: LOST, told: "" });
    this.#asked.clear();
    for (const room of this.#rooms.values()) Object.assign(room, { held: new Map(), hands: [], count: 0, place: 0 });
  }

  /** @param {string | undefined} ref @param {Answer} answer */
  #answered(ref = "", answer) {
    this.#asked.get(ref)?.(answer);
    this.#asked.delete(ref);
    return CHANGED;
  }

  /** @param {string} room @param {number} now */
  #posted(room, now) {
    this.of(room || this.state.home.name).postedAt = now;
  }

  /** @param {Events["error"]} error @param {number} now */
  #refused({ ref, retry_after: seconds }, now) {
    const room = this.state.requests.find(ref)?.room;
    if (room && seconds) this.of(room).until = now + seconds * 1000;
  }

  /** @param {Events["held"]} event @param {number} now */
  #held({ room: name, messages, waits_for: waitsFor, all }, now) {
    const room = this.of(name);
    const { own, rooms, requests } = this.state;
    if (all) room.held.clear();
    let free = MOST_HELD - [...this.#rooms.values()].reduce((sum, { held }) => sum + held.size, 0);
    for (const message of messages) {
      const mine = own.isMine(message) && message.id;
      if (mine) {
        if (!all) this.#posted(name, now);
        requests.close(message.id);
        if (room.own.size < MOST_HELD) room.own.set(message.id, message.held);
        const words = message.declined || `Waits for ${waitsFor}`;
        const { id, content, timestamp, declined } = message;
        rooms.get(name)?.outbox.hold(id, content, Date.parse(timestamp), words, declined !== "");
      }
      if (!message.declined && this.mayDecide(name) && (free > 0 || room.held.has(message.held))) {
        free -= room.held.has(message.held) ? 0 : 1;
        room.held.set(message.held, message);
      }
    }
    return CHANGED;
  }

  /** Whether the person decides about messages of a room; set by the client. @type {(room: string) => boolean} */
  mayDecide = () => false;

  /** @param {Events["decided"]} event */
  #decided({ room: name, held, approved, declined, content, id }) {
    const room = this.of(name);
    room.held.delete(held);
    const outbox = this.state.rooms.get(name)?.outbox;
    if (id && declined) outbox?.decline(id, content);
    else if (id) {
      room.own.delete(id);
      if (!approved) outbox?.discard(id);
    }
    return CHANGED;
  }

  /** @param {Events["hands"]} event */
  #hands({ room: name, hands, count, place }) {
    const room = this.of(name);
    const mine = hands.findIndex((hand) => this.state.own.isMine(hand)) + 1;
    const isBehind = !mine && place === undefined && room.place > 0 && count > hands.length;
    Object.assign(room, { hands, count, place: place ?? (mine || (isBehind ? room.place : 0)) });
    if (isBehind) this.send({ type: "hands", room: name, id: randomId() });
    return CHANGED;
  }

  /** @param {Events["called"]} event */
  #called({ room: name, nickname, author, by }) {
    const room = this.of(name);
    if (!this.state.own.isMine({ nickname, author })) return CHANGED;
    Object.assign(room, { calledBy: by, place: 0 });
    return CHANGED;
  }
}
