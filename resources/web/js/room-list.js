// @ts-check
/**
 * The list of rooms as the host tells it, and what the person wants changed in it. No document, no socket, no clock.
 *
 * @typedef {import("./validation.js").RoomInfo} RoomInfo
 * @typedef {import("./protocol.js").Events} Events
 * @typedef {import("./protocol.js").Requested} Requested
 * @typedef {import("./requests.js").RequestKind} RequestKind
 * @typedef {import("./room-state.js").RoomState} RoomState
 * @typedef {{room: string, kind: RequestKind, command: Requested}} Wish
 * @typedef {object} RoomSummary a row of the list
 * @property {string} name what commands need
 * @property {string} title what the row is called
 * @property {string} topic
 * @property {boolean} archived
 * @property {boolean} closed whether it is for the host alone
 * @property {string[]} entry what it asks of people who enter
 * @property {boolean} joined
 * @property {string} level
 * @property {string} newcomers
 * @property {{slow: number, announce: boolean, hold: boolean, nameless: boolean}} pace who may say what when
 * @property {number} unread
 * @property {number} mentions
 * @property {number} messages how many it holds, as far as the page has heard
 * @property {{nickname: string, author: string} | undefined} partner the other person of a private room
 */

import { NAME_QUERY_CHARS } from "./protocol.js";

/** Rooms that are listed, whatever a host tells: each is a row. */
const MOST_ROOMS = 2000;
/** @type {(keyof RoomInfo)[]} */
const PERSONAL = ["private_with", "joined", "level", "read", "unread", "mentions"];

export class RoomList {
  constructor() {
    /** @type {Map<string, RoomInfo>} by name; empty where the host lists no rooms */
    this.rooms = new Map();
    /** Between whom private messages are possible: `everyone`, `moderators` or `nobody`. */
    this.privateMessages = "everyone";
    /** Whether the host has further rooms; one searches for them, or loads them. */
    this.more = false;
    /** @type {Map<string, RoomInfo>} what the host has found for `query`, listed or not */
    this.found = new Map();
    /** What rooms are searched for; empty while nobody does. */
    this.query = "";
    /** Whether no answer to `query` has come yet. */
    this.searching = false;
    /** The last room of the last page, after which the next one begins. */
    this.last = "";
    /** @type {Wish[]} what to send as soon as possible, also after a loss of the connection */
    this.wishes = [];
  }

  /**
   * Take a page: the beginning of the list, which comes with a join, or a further one, or what was found.
   * @param {Events["rooms"]} page
   * @param {Requested | undefined} asked
   */
  receive({ rooms, more, private_messages: privateMessages, ref }, asked) {
    if (asked?.type === "rooms" && asked.query) {
      if (asked.query === this.query) this.found = new Map(rooms.map((info) => [info.room, info]));
      return;
    }
    this.privateMessages = privateMessages;
    if (!ref) {
      this.rooms.clear();
      this.#searchAgain();
    }
    const listed = this.rooms.size;
    for (const info of rooms) this.change(info);
    this.more = more;
    this.last = rooms.at(-1)?.room ?? "";
    if (more && this.rooms.size > listed && rooms.at(-1)?.joined) this.loadMore();
  }

  /**
   * A room is new or has changed. No more than MOST_ROOMS are listed: one that the person belongs to takes the place
   * of one that they do not.
   * @param {RoomInfo} info
   */
  change(info) {
    const before = this.rooms.get(info.room);
    const kept = before ? PERSONAL.filter((field) => info[field] === undefined) : [];
    const isFull = !before && this.rooms.size >= MOST_ROOMS;
    if (isFull && !(info.joined && this.#makePlace())) return;
    this.rooms.set(info.room, { ...info, ...Object.fromEntries(kept.map((field) => [field, before?.[field]])) });
  }

  /** The person has read, on this device or another. @param {Events["read"]} event */
  changeRead({ room, seq, unread, mentions }) {
    const info = this.rooms.get(room);
    if (info) this.rooms.set(room, { ...info, read: seq, unread, mentions });
  }

  /** The room is gone. @param {string} name */
  forget(name) {
    this.rooms.delete(name);
    this.found.delete(name);
  }

  /**
   * The page is in a room, or no longer.
   * @param {string} name
   * @param {boolean} joined
   */
  setJoined(name, joined) {
    if (this.rooms.size && (joined || this.rooms.has(name)))
      this.change({ ...(this.rooms.get(name) ?? this.found.get(name) ?? unknownRoom(name)), joined });
  }

  /**
   * The rows: the room of the join, then those that the person belongs to, then the others, each by name.
   * @param {Map<string, RoomState>} rooms those that the page is in
   * @param {RoomState} home
   * @returns {RoomSummary[]}
   */
  summaries(rooms, home) {
    const place = (/** @type {RoomSummary} */ row) => (row.name === home.name ? 0 : row.joined ? 1 : 2);
    const rows = [...this.rooms.values()].map((info) => summaryOf(info, rooms.get(info.room)));
    return rows.sort((one, other) => place(one) - place(other) || (one.title < other.title ? -1 : 1));
  }

  /**
   * What was found and is not in the list.
   * @param {Map<string, RoomState>} rooms as for `summaries`
   */
  foundSummaries(rooms) {
    const others = [...this.found.values()].filter(({ room }) => !this.rooms.has(room));
    return others.map((info) => summaryOf(info, rooms.get(info.room)));
  }

  /** Whether further rooms can be loaded. */
  get hasMore() {
    return this.more && this.rooms.size < MOST_ROOMS;
  }

  /** Ask for the rooms after the last one. */
  loadMore() {
    if (this.hasMore) this.wish("", "rooms", { type: "rooms", after: this.last });
  }

  /**
   * Search for rooms by name, topic or other person; an empty query ends the search. The host is asked only for rooms
   * beyond the listed ones, and as soon as the list says that there are any.
   * @param {string} text
   */
  find(text) {
    const query = Array.from(text.trim()).slice(0, NAME_QUERY_CHARS).join("");
    if (query === this.query) return;
    this.query = query;
    this.searching = query !== "";
    if (!query) this.found = new Map();
  }

  /** What was found belongs to an earlier list. */
  #searchAgain() {
    this.found = new Map();
    this.searching = this.query !== "";
  }

  /** What to send now, in order. @returns {Wish[]} */
  get wanted() {
    if (!this.searching || !this.more) return this.wishes;
    return [...this.wishes, { room: "", kind: "found rooms", command: { type: "rooms", query: this.query } }];
  }

  /**
   * @param {string} room
   * @param {RequestKind} kind
   * @param {Requested} command
   */
  wish(room, kind, command) {
    const wish = { room, kind, command };
    if (!this.wishes.some((it) => isSame(it, wish))) this.wishes.push(wish);
  }

  /** The host has answered this request, or refused it. @param {import("./requests.js").Request} request */
  fulfilled({ room, kind, command }) {
    const plain = /** @type {Requested} */ ({ ...command, id: undefined });
    const wish = { room, kind, command: plain };
    if (kind === "found rooms" && plain.type === "rooms" && plain.query === this.query) this.searching = false;
    this.wishes = this.wishes.filter((it) => !isSame(it, wish));
  }

  /** Forget a room that the person does not belong to. Returns whether there was one. */
  #makePlace() {
    const other = [...this.rooms.values()].reverse().find(({ joined }) => !joined);
    return other !== undefined && this.rooms.delete(other.room);
  }
}

/**
 * How many messages of a room ask for the person's attention.
 * @param {RoomSummary} room
 */
export function attentionOf(room) {
  if (!asksForAttention(room)) return 0;
  return room.level === "mentions" && !room.partner ? room.mentions : room.unread;
}

/**
 * Whether what is unread in a room counts for the person.
 * @param {RoomSummary} room
 */
export function asksForAttention({ joined, archived, level }) {
  return joined && !archived && level !== "nothing";
}

/**
 * @param {RoomInfo} info
 * @param {RoomState | undefined} room
 * @returns {RoomSummary}
 */
function summaryOf(info, room) {
  const { room: name, topic, archived, closed, newcomers, entry, private_with: partner } = info;
  const { joined = false, level = "all" } = info;
  const title = partner?.nickname ?? name;
  const unread = room?.epoch ? room.unread : (info.unread ?? 0);
  const mentions = room?.epoch ? room.mentions : (info.mentions ?? 0);
  const since = room?.epoch === info.epoch ? Math.max(0, room.transcript.newestSeq - info.last_seq) : 0;
  const messages = info.messages + since;
  const { slow, announce, hold, nameless } = info;
  const pace = { slow, announce, hold, nameless };
  const about = { topic, archived, closed, newcomers, entry, pace };
  return { name, title, ...about, joined, level, unread, mentions, partner, messages };
}

/** @param {Wish} one @param {Wish} other */
function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @param {string} room @returns {RoomInfo} */
function unknownRoom(room) {
  const own = { private_with: undefined, joined: false, level: "all", read: undefined, unread: 0, mentions: 0 };
  const about = { topic: "", archived: false, closed: false, newcomers: "all", entry: [], user_count: 0, messages: 0 };
  const pace = { slow: 0, announce: false, hold: false, nameless: false };
  return { room, ...about, ...pace, last_seq: 0, epoch: "", ...own };
}
