// @ts-check
/**
 * The part of the room's log that the page holds: consecutive messages, and between them what the page saw happen.
 * It reaches to the newest message, or stands apart from it (`detached`) while somebody reads further up. The host's
 * log is the truth; whatever is dropped here can be asked for again.
 *
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./question.js").Question} Question
 * @typedef {{nickname: string, joined: boolean, time: number}} Move
 * @typedef {{kind: "message", key: string, time: number, nickname: string, content: string, seq: number}} MessageEntry
 * @typedef {{kind: "presence", key: string, time: number, moves: Move[]}} PresenceEntry
 * @typedef {{kind: "system", key: string, time: number, content: string}} SystemEntry
 * @typedef {MessageEntry | PresenceEntry | SystemEntry} Entry
 */

/** Entries kept while the reader is at the end: the most, and how many are left when it becomes more. */
const MOST_AT_END = 400;
const LEFT_AT_END = 200;
/** Entries kept while the reader is further up. */
const KEPT_READING = 600;

export class RoomLog {
  constructor() {
    /** @type {Entry[]} */
    this.entries = [];
    /** The last message held, and the last one heard of. */
    this.seq = 0;
    this.latest = 0;
    /** Whether the host has messages before the first one held. */
    this.more = false;
    /**
     * What the host was asked for and has not answered yet.
     * @type {Question | null}
     */
    this.asked = null;
    this.localKeys = 0;
  }

  /** Whether newer messages exist than the ones held. */
  get detached() {
    return this.latest > this.seq;
  }

  /** The first message held, 0 when there is none. */
  get firstSeq() {
    return this.entryFrom(0)?.seq ?? 0;
  }

  /**
   * The first message held that is not older than this one.
   * @param {number} seq
   */
  entryFrom(seq) {
    return this.#first((entry) => entry.seq >= seq);
  }

  /**
   * The first message held that was said at this time or later.
   * @param {number} time ms since 1970
   */
  entrySince(time) {
    return this.#first((entry) => entry.time >= time);
  }

  /**
   * The last message held, or among so many of the oldest entries.
   * @param {number} [count]
   */
  lastMessage(count = this.entries.length) {
    for (let index = count - 1; index >= 0; index -= 1) {
      const entry = this.entries[index];
      if (entry.kind === "message") return entry;
    }
    return undefined;
  }

  /**
   * Take the next message; one that comes too early leaves a gap, which the host is asked to fill.
   * @param {Message} message
   * @param {string} [key] the key of its row, when it has one already
   */
  add(message, key) {
    this.latest = Math.max(this.latest, message.seq);
    if (message.seq !== this.seq + 1 || this.entries.length >= KEPT_READING) return;
    this.seq = message.seq;
    this.entries.push(entryOf(message, key));
  }

  /**
   * Begin again with this page.
   * @param {Message[]} messages
   * @param {boolean} more whether older messages exist
   */
  restart(messages, more) {
    this.entries = messages.map((message) => entryOf(message));
    this.seq = messages.at(-1)?.seq ?? 0;
    this.more = more;
  }

  /**
   * Put older messages in front; the newest entries go when there are too many.
   * @param {Message[]} messages
   * @param {boolean} more
   */
  prepend(messages, more) {
    this.entries = [...messages.map((message) => entryOf(message)), ...this.entries].slice(0, KEPT_READING);
    this.more = more;
    this.seq = this.lastMessage()?.seq ?? this.seq;
  }

  /**
   * Put newer messages behind, if there is room.
   * @param {Message[]} messages
   * @param {boolean} makeRoom whether the oldest entries may go for it
   */
  append(messages, makeRoom) {
    const newer = messages.filter((message) => message.seq > this.seq);
    if (!newer.length || (!makeRoom && this.entries.length + newer.length > KEPT_READING)) return;
    this.entries.push(...newer.map((message) => entryOf(message)));
    this.seq = newer[newer.length - 1].seq;
    this.#drop(this.entries.length - KEPT_READING);
  }

  /**
   * Drop what the reader at the end does not need. That moves everything below, which costs a browser much: so many
   * at once, and seldom.
   */
  trim() {
    if (this.entries.length > MOST_AT_END) this.#drop(this.entries.length - LEFT_AT_END);
  }

  /** @param {number} excess of the oldest entries; none when it is not positive */
  #drop(excess) {
    if (excess <= 0) return;
    this.entries.splice(0, excess);
    this.more = true;
  }

  /**
   * Say who came and who went, in one line for as long as nothing else happens.
   * @param {Move[]} moves
   */
  addMoves(moves) {
    if (!moves.length || this.detached) return;
    const last = this.entries.at(-1);
    if (last?.kind !== "presence") {
      this.#addLocal({ kind: "presence", time: moves[0].time, moves });
      return;
    }
    const merged = mergeMoves(last.moves, moves);
    this.entries.pop();
    if (merged.length) this.entries.push({ ...last, moves: merged });
  }

  /**
   * @param {string} content
   * @param {number} time
   */
  addSystem(content, time) {
    if (!this.detached) this.#addLocal({ kind: "system", time, content });
  }

  /**
   * Say in front of the messages held that older ones are gone.
   * @param {string} content
   */
  markHole(content) {
    const [first] = this.entries;
    this.#addLocal({ kind: "system", time: first.time, content });
    this.entries.unshift(...this.entries.splice(-1));
  }

  /** @param {any} entry without key */
  #addLocal(entry) {
    this.localKeys += 1;
    this.entries.push({ ...entry, key: `local:${this.localKeys}` });
  }

  /**
   * @param {(entry: MessageEntry) => boolean} wanted
   * @returns {MessageEntry | undefined}
   */
  #first(wanted) {
    return /** @type {MessageEntry | undefined} */ (
      this.entries.find((entry) => entry.kind === "message" && wanted(entry))
    );
  }
}

/**
 * @param {Message} message
 * @param {string} [key]
 * @returns {MessageEntry}
 */
function entryOf(message, key = `message:${message.seq}`) {
  const time = Date.parse(message.timestamp);
  const { nickname, content, seq } = message;
  return { kind: "message", key, time, nickname, content, seq };
}

/**
 * Who comes and goes again is not worth a line.
 * @param {Move[]} before
 * @param {Move[]} moves
 */
function mergeMoves(before, moves) {
  const merged = [...before];
  for (const move of moves) {
    const opposite = merged.findIndex((known) => known.nickname === move.nickname && known.joined !== move.joined);
    if (opposite >= 0) merged.splice(opposite, 1);
    else merged.push(move);
  }
  return merged;
}
