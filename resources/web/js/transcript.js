// @ts-check
/**
 * The part of the room's log that the page holds: consecutive messages, and between them what the page saw happen.
 * It reaches to the newest message, or stands apart from it (`detached`) while somebody reads further up. The host's
 * log is the truth; whatever is dropped here can be asked for again.
 *
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./history-request.js").HistoryRequest} Question
 * @typedef {import("./presence-summary.js").PresenceChange} PresenceChange
 * @typedef {{kind: "message", key: string, time: number, nickname: string, content: string, seq: number}} MessageEntry
 * @typedef {{kind: "presence", key: string, time: number, changes: PresenceChange[], joined: number, left: number}} PresenceEntry
 *   `changes`: the first of so many
 * @typedef {{kind: "system", key: string, time: number, content: string}} SystemEntry
 * @typedef {MessageEntry | PresenceEntry | SystemEntry} Entry
 */

import { PresenceSummary } from "./presence-summary.js";

/** Entries kept while the reader is at the end: the most, and how many are left when it becomes more. */
const MOST_AT_END = 400;
const LEFT_AT_END = 200;
/** Entries kept while the reader is further up. */
const MOST_WHILE_READING = 600;
/** The same for what they say, in characters. */
const MOST_CHARS_AT_END = 500_000;
const LEFT_CHARS_AT_END = 250_000;
const MOST_CHARS_WHILE_READING = 5_000_000;

export class Transcript {
  /** Who came and went last, and the key of the line that says so. */
  #presence = new PresenceSummary();
  #presenceKey = "";

  constructor() {
    /** @type {Entry[]} */
    this.entries = [];
    /** The last message held, and the last one heard of. */
    this.lastSeq = 0;
    this.newestSeq = 0;
    /** Whether the host has messages before the first one held. */
    this.hasOlder = false;
    /**
     * What the host was asked for and has not answered yet.
     * @type {Question | null}
     */
    this.pendingRequest = null;
    this.localKeys = 0;
  }

  /** Whether newer messages exist than the ones held. */
  get detached() {
    return this.newestSeq > this.lastSeq;
  }

  /** The first message held, or the next one when there is none. */
  get firstSeq() {
    return this.entryFrom(0)?.seq ?? this.lastSeq + 1;
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
    this.newestSeq = Math.max(this.newestSeq, message.seq);
    if (message.seq !== this.lastSeq + 1 || this.#full) return;
    this.lastSeq = message.seq;
    this.entries.push(entryOf(message, key));
  }

  /**
   * Begin again with this page.
   * @param {Message[]} messages
   * @param {boolean} more whether older messages exist
   */
  restart(messages, more) {
    this.entries = messages.map((message) => entryOf(message));
    this.lastSeq = messages.at(-1)?.seq ?? 0;
    this.hasOlder = more;
  }

  /**
   * Put older messages in front; the newest entries go when there are too many.
   * @param {Message[]} messages
   * @param {boolean} more
   */
  prepend(messages, more) {
    const entries = [...messages.map((message) => entryOf(message)), ...this.entries];
    this.entries = entries.slice(0, countFitting(entries, MOST_WHILE_READING, MOST_CHARS_WHILE_READING));
    this.hasOlder = more;
    this.lastSeq = this.lastMessage()?.seq ?? this.lastSeq;
  }

  /**
   * Put newer messages behind, if there is room.
   * @param {Message[]} messages
   * @param {boolean} makeRoom whether the oldest entries may go for it
   */
  append(messages, makeRoom) {
    const newer = messages.filter((message) => message.seq > this.lastSeq);
    if (!newer.length || (!makeRoom && this.entries.length + newer.length > MOST_WHILE_READING)) return;
    this.entries.push(...newer.map((message) => entryOf(message)));
    this.lastSeq = newer[newer.length - 1].seq;
    this.#dropOldest(MOST_WHILE_READING, MOST_CHARS_WHILE_READING);
  }

  /** Whether nothing more is taken from a host that goes on talking. */
  get #full() {
    return this.entries.length >= MOST_WHILE_READING || charsOf(this.entries) > MOST_CHARS_WHILE_READING;
  }

  /**
   * Drop what the reader at the end does not need. That moves everything below, which costs a browser much: so many
   * at once, and seldom.
   */
  trim() {
    const { length } = this.entries;
    if (length > MOST_AT_END || charsOf(this.entries) > MOST_CHARS_AT_END) this.#dropOldest(LEFT_AT_END, LEFT_CHARS_AT_END);
  }

  /**
   * Drop the oldest entries where there are more.
   * @param {number} most
   * @param {number} chars
   */
  #dropOldest(most, chars) {
    const excess = this.entries.length - countFitting([...this.entries].reverse(), most, chars);
    if (!excess) return;
    this.entries.splice(0, excess);
    this.hasOlder = true;
  }

  /**
   * Say who came and who went, in one line for as long as nothing else happens.
   * @param {PresenceChange[]} changes
   */
  addPresenceChanges(changes) {
    if (!changes.length || this.detached) return;
    const last = this.entries.at(-1);
    const continues = last?.key === this.#presenceKey;
    if (!continues) this.#presence = new PresenceSummary();
    for (const change of changes) this.#presence.add(change);
    const { summary } = this.#presence;
    if (continues) this.entries.pop();
    if (continues && summary) this.entries.push({ .../** @type {PresenceEntry} */ (last), ...summary });
    else if (summary) this.#presenceKey = this.#addLocal({ kind: "presence", time: changes[0].time, ...summary });
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
  markGap(content) {
    const [first] = this.entries;
    this.entries.unshift({ kind: "system", key: this.#nextKey(), time: first.time, content });
  }

  /**
   * What is no message cannot be asked for again, and is lost where somebody reads further up and there is no more room.
   * Answers its key.
   * @param {Omit<PresenceEntry, "key"> | Omit<SystemEntry, "key">} entry
   */
  #addLocal(entry) {
    const key = this.#nextKey();
    if (this.entries.length < MOST_WHILE_READING) this.entries.push({ ...entry, key });
    return key;
  }

  #nextKey() {
    this.localKeys += 1;
    return `local:${this.localKeys}`;
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

/** @param {Entry[]} entries */
function charsOf(entries) {
  return entries.reduce((sum, entry) => sum + (entry.kind === "message" ? entry.content.length : 0), 0);
}

/**
 * How many of these are kept from the first on, and at least one.
 * @param {Entry[]} entries
 * @param {number} most
 * @param {number} chars
 */
function countFitting(entries, most, chars) {
  let left = chars;
  const beyond = entries.findIndex((entry, index) => {
    if (entry.kind === "message") left -= entry.content.length;
    return index >= most || (index > 0 && left < 0);
  });
  return beyond < 0 ? entries.length : beyond;
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
