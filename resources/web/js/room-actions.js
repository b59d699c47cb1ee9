// @ts-check
/** What the person does with rooms as a whole: enter, show, make, find and change them. */

import { randomId } from "./random-id.js";

/** @typedef {import("./state.js").Change} Change */

/** What another room on the screen changes. */
const ALL_OF_A_ROOM = /** @type {Change[]} */ (["rooms", "room", "people", "timeline", "typing"]);

export class RoomActions {
  /**
   * @param {import("./state.js").ChatState} state
   * @param {object} client
   * @param {(command: import("./protocol.js").Signal) => void} client.send
   * @param {() => void} client.sendRequests
   * @param {(changes: Change[]) => void} client.changed
   * @param {import("./read-positions.js").ReadPositions} client.readPositions
   */
  constructor(state, { send, sendRequests, changed, readPositions }) {
    this.state = state;
    this.send = send;
    this.sendRequests = sendRequests;
    this.changed = changed;
    this.readPositions = readPositions;
  }

  /**
   * Be in another room, too, until `exit`; it is entered again after a loss of the connection.
   * @param {string} room
   * @param {string} [password] the room's
   */
  enter(room, password = "") {
    const entered = this.state.enter(room);
    entered.password = password;
    this.readPositions.open(entered);
    this.sendRequests();
  }

  /** @param {string} room */
  exit(room) {
    if (this.state.joined && !this.state.leaving.has(room)) {
      const id = randomId();
      this.state.leaving.set(room, id);
      this.send({ type: "exit", room, id });
    }
    this.state.exit(room);
    this.changed(ALL_OF_A_ROOM);
  }

  /**
   * Show this room, which is entered if need be: all that the person does from now on is done there.
   * @param {string} room
   * @param {string} [password] the room's
   */
  show(room, password = "") {
    if (!this.state.rooms.has(room)) this.enter(room, password);
    this.state.show(room);
    this.sendRequests();
    this.changed(ALL_OF_A_ROOM);
  }

  /**
   * Make a room; an `opened` change follows.
   * @param {string} name
   * @param {string} topic
   */
  create(name, topic = "") {
    this.#wish("", "create", { type: "create", room: name, topic });
  }

  /**
   * Find the private room with somebody, or begin it; an `opened` change follows.
   * @param {string} to a nickname, or `@` and an author
   */
  openPrivate(to) {
    this.#wish("", "create", { type: "create", to });
  }

  /** @param {string} room @param {string} topic */
  setTopic(room, topic) {
    this.#wish(room, "setting", { type: "topic", topic, room });
  }

  /** @param {string} room @param {boolean} active */
  archive(room, active) {
    this.#wish(room, "setting", { type: "archive", active, room });
  }

  /** Let everybody into a closed room. @param {string} room */
  openToEverybody(room) {
    this.#wish(room, "setting", { type: "open", room });
  }

  /**
   * Set who may come into a room; in the room of the join, who may come into the chat. Without a change, ask.
   * @param {string} room
   * @param {{password?: string, locked?: boolean}} entry
   */
  setEntry(room, entry) {
    const place = this.state.isHome(room) ? {} : { room };
    this.send({ type: "entry", ...place, ...entry, id: randomId() });
  }

  /** Set between whom private messages are possible, until the chat closes. @param {string} among */
  allowPrivate(among) {
    this.send({ type: "private_messages", allow: among, id: randomId() });
  }

  /** Delete a room with all that was said in it, for everybody and for good. @param {string} room */
  delete(room) {
    this.#wish("", "deletion", { type: "delete_room", room });
  }

  /** @param {string} room @param {string} see `all` or `joining` */
  setNewcomers(room, see) {
    this.#wish(room, "setting", { type: "newcomers", see, room });
  }

  /** @param {string} room @param {import("./protocol.js").Level} level */
  setLevel(room, level) {
    this.#wish(room, "setting", { type: "level", level, room });
  }

  /** Search the host for rooms beside the listed ones, as `RoomList.find` says. @param {string} query */
  find(query) {
    this.state.list.find(query);
    this.sendRequests();
  }

  /** Ask the host for the rooms after the last one of the list. */
  loadMore() {
    this.state.list.loadMore();
    this.sendRequests();
  }

  /** What is unread counts as read, in all rooms. */
  markAllRead() {
    for (const room of this.state.rooms.values()) {
      room.readPosition.markAllRead(room.transcript.newestSeq, Date.now());
      room.tellRead();
    }
    this.readPositions.update();
    this.sendRequests();
    this.changed(["rooms", "timeline"]);
  }

  /**
   * @param {string} room
   * @param {import("./requests.js").RequestKind} kind
   * @param {import("./protocol.js").Requested} command
   */
  #wish(room, kind, command) {
    this.state.list.wish(room, kind, command);
    this.sendRequests();
  }
}
