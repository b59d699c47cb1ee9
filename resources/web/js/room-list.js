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
 * @property {boolean} joined
 * @property {string} level
 * @property {string} newcomers
 * @property {number} unread
 * @property {number} mentions
 * @property {{nickname: string, author: string} | undefined} partner the other person of a private room
 */

/** Rooms that are listed, whatever a host tells: each is a row. */
const MOST_ROOMS = 2000;
/** @type {(keyof RoomInfo)[]} */
const PERSONAL = ["private_with", "joined", "level", "read", "unread", "mentions"];

export class RoomList {
  constructor() {
    /** @type {Map<string, RoomInfo>} by name; empty where the host lists no rooms */
    this.rooms = new Map();
    /** Whether the host has further rooms; one searches for them, or loads them. */
    this.more = false;
    /** @type {Wish[]} what to send as soon as possible, also after a loss of the connection */
    this.wishes = [];
  }

  /**
   * Take a page: the beginning of the list, which comes with a join, or a further one.
   * @param {Events["rooms"]} page
   */
  receive({ rooms, more, ref }) {
    if (!ref) this.rooms.clear();
    const listed = this.rooms.size;
    for (const info of rooms) this.change(info);
    this.more = more;
    if (more && this.rooms.size > listed && rooms.at(-1)?.joined) this.loadMore();
  }

  /**
   * A room is new or has changed. No more than MOST_ROOMS are listed.
   * @param {RoomInfo} info
   */
  change(info) {
    const before = this.rooms.get(info.room);
    const kept = before ? PERSONAL.filter((field) => info[field] === undefined) : [];
    if (!before && this.rooms.size >= MOST_ROOMS) return;
    this.rooms.set(info.room, { ...info, ...Object.fromEntries(kept.map((field) => [field, before?.[field]])) });
  }

  /** The person has read, on this device or another. @param {Events["read"]} event */
  changeRead({ room, seq, unread, mentions }) {
    const info = this.rooms.get(room);
    if (info) this.rooms.set(room, { ...info, read: seq, unread, mentions });
  }

  /**
   * The page is in a room, or no longer.
   * @param {string} name
   * @param {boolean} joined
   */
  setJoined(name, joined) {
    if (this.rooms.size && (joined || this.rooms.has(name)))
      this.change({ ...(this.rooms.get(name) ?? unknownRoom(name)), joined });
  }

  /**
   * The rows: the room of the join, then those that the person belongs to, then the others, each by name.
   * @param {Map<string, RoomState>} rooms those that the page is in
   * @param {RoomState} home
   * @returns {RoomSummary[]}
   */
  summaries(rooms, home) {
    const place = (/** @type {RoomInfo} */ info) => (info.room === home.name ? 0 : info.joined ? 1 : 2);
    const infos = [...this.rooms.values()].sort((one, other) => place(one) - place(other));
    return infos.map((info) => summaryOf(info, rooms.get(info.room)));
  }

  /** Ask for the rooms after the last one. */
  loadMore() {
    this.wish("", "rooms", { type: "rooms", after: [...this.rooms.keys()].at(-1) });
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
    this.wishes = this.wishes.filter((it) => !isSame(it, wish));
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
  const { room: name, topic, archived, closed, newcomers, private_with: partner } = info;
  const { joined = false, level = "all" } = info;
  const title = partner?.nickname ?? name;
  const unread = room?.epoch ? room.unread : (info.unread ?? 0);
  // The host has counted all; what has come since, or was read, is known here first.
  const mentions = unread ? Math.max(info.mentions ?? 0, room?.epoch ? room.mentions : 0) : 0;
  return { name, title, topic, archived, closed, newcomers, joined, level, unread, mentions, partner };
}

/** @param {Wish} one @param {Wish} other */
function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @param {string} room @returns {RoomInfo} */
function unknownRoom(room) {
  const own = { private_with: undefined, joined: false, level: "all", read: undefined, unread: 0, mentions: 0 };
  const about = { topic: "", archived: false, closed: false, newcomers: "all", user_count: 0 };
  return { room, ...about, last_seq: 0, epoch: "", ...own };
}
