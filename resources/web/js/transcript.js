// @ts-check
/**
 * The part of the room's log that the page holds: consecutive messages, and between them the notices of this visit. It
 * reaches to the newest message, or is `detached` from it while the reader is further up. The host's log is the truth:
 * dropped messages can be requested again.
 *
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./presence-summary.js").PresenceChange} PresenceChange
 * @typedef {{kind: "message", key: string, time: number, nickname: string, author: string, content: string,
 *   body: Message["body"], seq: number, change: number, edited: number, bot: boolean, verified: boolean,
 *   replyTo: number, deleted: string, deletedBy: string, reactions: Message["reactions"], pinned: boolean,
 *   nameless: boolean, shown: Message, stored: Message}} MessageEntry
 *   `body`: the content as a tree, null if it is drawn as it stands; `edited`: the time of the last edit, or 0;
 *   `replyTo`: the number of the message that it answers, or 0; `deleted`: as what somebody has deleted it; `stored`:
 *   as the host has it, `shown`: with what the person has done to it since
 * @typedef {import("./presence-summary.js").Rename} Rename
 * @typedef {{kind: "presence", key: string, time: number, changes: PresenceChange[], joined: number, left: number,
 *   renamed: Rename[]}} PresenceEntry `changes`: only the first ones
 * @typedef {{kind: "system", key: string, time: number, content: string, code: string}} SystemEntry
 * @typedef {MessageEntry | PresenceEntry | SystemEntry} Entry
 */

import { PresenceSummary } from "./presence-summary.js";

/** Entries while the reader is at the end: more than a screen needs, few enough to lay out within a frame or two. */
const MOST_AT_END = 400;
/** Entries that are left when there are more: half, so that entries are dropped seldom. */
const LEFT_AT_END = 200;
/**
 * Entries while the reader is further up: three pages of history, so that scrolling back and forth requests nothing.
 */
const MOST_WHILE_READING = 600;
/** The same limits for the content of the messages, in characters: long messages cost as much as many short ones. */
const MOST_CHARS_AT_END = 500_000;
const LEFT_CHARS_AT_END = 250_000;
const MOST_CHARS_WHILE_READING = 5_000_000;

export class Transcript {
  /** The latest run of joins and leaves, and the key of its entry. */
  #presence = new PresenceSummary();
  #presenceKey = "";

  constructor() {
    /** @type {Entry[]} */
    this.entries = [];
    /** The sequence numbers of the last message held, and of the newest one known. */
    this.lastSeq = 0;
    this.newestSeq = 0;
    /** The oldest message that the host has. */
    this.oldestSeq = 1;
    /** Whether the next message of the room follows the last held one. */
    this.live = true;
    /** Whether the host has messages before the first held one. */
    this.hasOlder = false;
    this.localKeys = 0;
    /** Shows a message as it will be once the host has confirmed what the person has done to it. */
    this.preview = (/** @type {Message} */ message) => message;
  }

  /** The held message of this number. @param {number} seq */
  find(seq) {
    const entry = this.entryFrom(seq);
    return entry?.seq === seq ? entry : undefined;
  }

  /** Show a message again: something else waits for it now. @param {number} seq */
  refresh(seq) {
    const index = this.entries.findIndex((it) => it.kind === "message" && it.seq === seq);
    const entry = this.entries[index];
    if (entry?.kind === "message") this.entries[index] = this.#entryOf(entry.stored, entry.key);
  }

  /** Whether newer messages exist than the held ones. */
  get detached() {
    return this.newestSeq > this.lastSeq;
  }

  /** The sequence number of the first held message; of the next message if none is held. */
  get firstSeq() {
    return this.entryFrom(0)?.seq ?? this.lastSeq + 1;
  }

  /**
   * The first held message from this sequence number on.
   * @param {number} seq
   */
  entryFrom(seq) {
    return this.#first((entry) => entry.seq >= seq);
  }

  /**
   * The first held message from this time on.
   * @param {number} time ms since 1970
   */
  entrySince(time) {
    return this.#first((entry) => entry.time >= time);
  }

  /**
   * The last held message, of all or of so many of the oldest entries.
   * @param {number} [count]
   */
  lastMessage(count = this.entries.length) {
    for (let index = count - 1; index >= 0; index -= 1) {
      const entry = this.entries[index];
      if (entry.kind === "message") return entry;
    }
    return undefined;
  }

  /** The highest number up to which all messages were received, held or not. */
  get receivedSeq() {
    return this.live ? this.lastSeq : this.newestSeq;
  }

  /**
   * Append the next message. A message behind a gap is only noted: the gap is requested from the host. One that is
   * held changes nothing, unless its change is higher.
   * @param {Message} message
   * @param {string} [key] of its row, if it has one already
   */
  add(message, key) {
    this.newestSeq = Math.max(this.newestSeq, message.seq);
    const follows = this.live && message.seq === this.lastSeq + 1;
    if (message.seq <= this.lastSeq) this.update([message]);
    else if (follows && this.#full) this.live = false;
    else if (follows) {
      this.lastSeq = message.seq;
      this.entries.push(this.#entryOf(message, key));
    }
  }

  /**
   * Show the present state of held messages: the higher change wins.
   * @param {Message[]} messages
   */
  update(messages) {
    const first = this.firstSeq;
    for (const message of messages) {
      if (message.seq < first || message.seq > this.lastSeq) continue;
      const index = this.entries.findIndex((it) => it.kind === "message" && it.seq === message.seq);
      const entry = this.entries[index];
      if (entry?.kind === "message" && message.change > entry.change)
        this.entries[index] = this.#entryOf(message, entry.key);
    }
  }

  /**
   * Replace everything with this page.
   * @param {Message[]} messages
   * @param {boolean} more whether older messages exist
   * @param {number} end the newest message of the log
   */
  restart(messages, more, end) {
    this.entries = messages.map((message) => this.#entryOf(message));
    this.lastSeq = messages.at(-1)?.seq ?? end;
    this.hasOlder = more;
    this.live = this.lastSeq >= this.newestSeq;
  }

  /** There are no messages after the last held one, whatever the host has said. */
  endHere() {
    this.newestSeq = this.lastSeq;
    this.live = true;
  }

  /**
   * Add older messages in front. If there are too many entries, the newest ones are dropped.
   * @param {Message[]} messages
   * @param {boolean} more
   */
  prepend(messages, more) {
    const entries = [...messages.map((message) => this.#entryOf(message)), ...this.entries];
    this.entries = entries.slice(0, countFitting(entries, MOST_WHILE_READING, MOST_CHARS_WHILE_READING));
    this.hasOlder = more;
    const last = this.lastMessage()?.seq ?? this.lastSeq;
    this.live = this.live && last === this.lastSeq;
    this.lastSeq = last;
  }

  /**
   * Add newer messages behind, if there is room.
   * @param {Message[]} messages
   * @param {boolean} makeRoom whether the oldest entries may be dropped
   */
  append(messages, makeRoom) {
    const newer = messages.filter((message) => message.seq > this.lastSeq);
    if (!makeRoom && this.entries.length + newer.length > MOST_WHILE_READING) this.live = false;
    else if (newer.length) {
      this.entries.push(...newer.map((message) => this.#entryOf(message)));
      this.lastSeq = newer[newer.length - 1].seq;
      this.live = this.live || !this.detached;
      this.#dropOldest(MOST_WHILE_READING, MOST_CHARS_WHILE_READING);
    }
  }

  /** Whether no further live messages are added. */
  get #full() {
    return this.entries.length >= MOST_WHILE_READING || charsOf(this.entries) > MOST_CHARS_WHILE_READING;
  }

  /**
   * Drop old entries while the reader is at the end. It moves all rows, which is expensive: so many are dropped at
   * once, and seldom.
   */
  trim() {
    const { length } = this.entries;
    if (length > MOST_AT_END || charsOf(this.entries) > MOST_CHARS_AT_END)
      this.#dropOldest(LEFT_AT_END, LEFT_CHARS_AT_END);
  }

  /**
   * Drop the oldest entries beyond these limits.
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
   * Add joins and leaves: one entry for as long as nothing else happens.
   * @param {PresenceChange[]} changes
   * @param {number} others how many more people have joined whom nobody names; negative if they have left
   * @param {number} time
   */
  addPresenceChanges(changes, others, time) {
    if (!changes.length && !others) return;
    this.#addPresence(time, (summary) => {
      for (const change of changes) summary.add(change);
      summary.addOthers(others);
    });
  }

  /** Add another nickname of somebody to the joins and leaves. @param {Rename} rename */
  addRename(rename) {
    this.#addPresence(rename.time, (summary) => summary.rename(rename));
  }

  /**
   * @param {number} time
   * @param {(summary: PresenceSummary) => void} add
   */
  #addPresence(time, add) {
    if (!this.live) return;
    const last = this.entries.at(-1);
    const continues = last?.key === this.#presenceKey;
    if (!continues) this.#presence = new PresenceSummary();
    add(this.#presence);
    const { summary } = this.#presence;
    if (continues) this.entries.pop();
    if (continues && summary) this.entries.push({ .../** @type {PresenceEntry} */ (last), ...summary });
    else if (summary) this.#presenceKey = this.#addLocal({ kind: "presence", time, ...summary });
  }

  /**
   * @param {string} content
   * @param {number} time
   * @param {string} [code] what the host means by it, for the page
   */
  addSystem(content, time, code = "") {
    if (this.live) this.#addLocal({ kind: "system", time, content, code });
  }

  /**
   * Add a notice in front of the held messages: the ones before are gone.
   * @param {string} content
   */
  markGap(content) {
    const [first] = this.entries;
    this.entries.unshift({ kind: "system", key: this.#nextKey(), time: first.time, content, code: "" });
  }

  /**
   * Add an entry that is not a message, unless there is no room: it cannot be requested again. Returns its key.
   * @param {Omit<PresenceEntry, "key"> | Omit<SystemEntry, "key">} entry
   */
  #addLocal(entry) {
    const key = this.#nextKey();
    if (this.entries.length < MOST_WHILE_READING) this.entries.push({ ...entry, key });
    return key;
  }

  /**
   * @param {Message} message
   * @param {string} [key]
   */
  #entryOf(message, key = `message:${message.seq}`) {
    return entryOf(message, this.preview(message), key);
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
 * How many of these entries fit from the first on, at least one.
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
 * @param {Message} stored
 * @param {Message} shown
 * @param {string} key
 * @returns {MessageEntry}
 */
function entryOf(stored, shown, key) {
  const time = Date.parse(shown.timestamp);
  const edited = shown.edited ? Date.parse(shown.edited) : 0;
  const { nickname, author, content, body, seq, change, bot, verified, deleted, reactions, pinned } = shown;
  const by = { nameless: shown.nameless, deletedBy: shown.deleted_by };
  const acts = { replyTo: shown.reply_to, deleted, reactions, pinned, shown, stored, ...by };
  return { kind: "message", key, time, nickname, author, content, body, seq, change, edited, bot, verified, ...acts };
}
