// @ts-check
/**
 * What the person is notified of while they look elsewhere, and what of it is still worth showing: no document, no
 * socket, no clock. The window follows the same rule (chatdesk/client/notifications.py).
 *
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {{room: string, epoch: string, message: Message}} Waiting a message that the person has been notified of
 *   and has not read; `epoch` is that of its log
 * @typedef {object} ShownNotification one for each room, and one with the key `MISSED`
 * @property {string} key
 * @property {string} room
 * @property {number} seq the message of the room that a click leads to
 * @property {string} title
 * @property {string} body
 * @property {string} quiet stands for `body` where nobody may read along
 * @property {number} news if it is higher than before there is something new; otherwise only the words have changed
 */

import { newsIn } from "./news.js";
import { missedWords, wordsOf } from "./notification-words.js";

/** The key of the one notification about all messages that came while the connection was lost. */
export const MISSED = "";
/** Messages of a notification that are remembered, the last ones; earlier ones are only counted. */
const MOST_KEPT = 50;

export class Notifications {
  /** @type {Map<string, Waiting[]>} by key */
  #waiting = new Map();
  /** @type {Map<string, number>} how many waiting messages of a notification are not remembered */
  #earlier = new Map();
  /** @type {Map<string, number>} */
  #news = new Map();

  /**
   * @param {import("./state.js").ChatState} state
   * @param {() => boolean} hasAttention whether the person looks at the chat
   */
  constructor(state, hasAttention) {
    this.state = state;
    this.hasAttention = hasAttention;
    /** @type {ShownNotification[]} those that are worth showing now */
    this.shown = [];
  }

  /**
   * The news in an event that is about to be applied. Messages that it edits or deletes are shown as they are then.
   * @param {import("./protocol.js").Event} event
   */
  newsIn(event) {
    this.#update(event);
    return newsIn(event, this.state);
  }

  /** @param {import("./protocol.js").Event} event */
  #update(event) {
    if (!this.#waiting.size || (event.type !== "updated" && event.type !== "history")) return;
    const room = event.room || this.state.home.name;
    const messages = event.type === "updated" ? [{ ...event.message, change: event.change }] : event.messages;
    const states = new Map(messages.map((it) => [it.seq, it]));
    for (const waiting of [...this.#waiting.values()].flat()) {
      const now = states.get(waiting.message.seq);
      if (now && waiting.room === room && now.change >= waiting.message.change) waiting.message = now;
    }
  }

  /** Notify of what is new. @param {import("./news.js").News} news after the event that has brought it was applied */
  receive({ room, received, missed }) {
    this.#notify(room, room, received);
    this.#notify(MISSED, room, missed);
  }

  /** Forget what needs no notification now. Returns whether those to show have changed. */
  refresh() {
    if (!this.#waiting.size && !this.shown.length) return false;
    for (const key of this.#waiting.keys()) this.#forgetRead(key);
    const before = this.shown;
    this.shown = [...this.#waiting.keys()].map((key) => this.#notification(key));
    return JSON.stringify(before) !== JSON.stringify(this.shown);
  }

  /** The person has left the chat. */
  clear() {
    this.#waiting.clear();
    this.#earlier.clear();
  }

  /**
   * The person has put a notification away: the next one of its room does not count these messages.
   * @param {string} key
   */
  dismiss(key) {
    this.#waiting.delete(key);
    this.#earlier.delete(key);
    this.shown = this.shown.filter((it) => it.key !== key);
  }

  /** @param {string} key @param {string} room @param {Message[]} messages */
  #notify(key, room, messages) {
    const news = messages.filter((it) => !this.#isBusy && this.#notifies(room, it));
    if (!news.length) return;
    const epoch = this.state.rooms.get(room)?.epoch ?? "";
    const waiting = this.#waiting.get(key) ?? [];
    const known = new Set(waiting.filter((it) => it.room === room).map((it) => it.message.seq));
    const all = [...waiting, ...news.filter((it) => !known.has(it.seq)).map((message) => ({ room, epoch, message }))];
    this.#earlier.set(key, (this.#earlier.get(key) ?? 0) + Math.max(0, all.length - MOST_KEPT));
    this.#waiting.set(key, all.slice(-MOST_KEPT));
    this.#news.set(key, (this.#news.get(key) ?? 0) + 1);
  }

  /**
   * Whether a message is worth a notification: by the room's level, unless the person looks at the room. A private
   * message counts as a mention. A host that lists no rooms keeps no levels.
   * @param {string} name
   * @param {Message} message
   */
  #notifies(name, message) {
    const { own, rooms, list, shown } = this.state;
    const [room, info] = [rooms.get(name), list.rooms.get(name)];
    if (!room || message.deleted || (room === shown && this.hasAttention())) return false;
    if (own.isMine(message) || room.readPosition.stored.seq >= message.seq) return false;
    if (!info) return true;
    if (info.archived || info.level === "nothing") return false;
    return info.level !== "mentions" || info.private_with !== undefined || own.isMentioned(message);
  }

  /** Whether the person has said, on this device or another, that they do not want to be disturbed. */
  get #isBusy() {
    const { own, home } = this.state;
    return own.availability === "busy" || home.people.users.get(own.nickname)?.status === "busy";
  }

  /** @param {string} key */
  #forgetRead(key) {
    const before = this.#waiting.get(key) ?? [];
    const kept = before.filter((it) => this.#isCurrent(it));
    if (before[0] && kept[0] !== before[0]) this.#earlier.delete(key); // read from the first one on
    if (kept.length) this.#waiting.set(key, kept);
    else this.#waiting.delete(key);
  }

  /** @param {Waiting} waiting */
  #isCurrent({ room, epoch, message }) {
    return this.state.rooms.get(room)?.epoch === epoch && this.#notifies(room, message);
  }

  /** @param {string} key @returns {ShownNotification} */
  #notification(key) {
    const waiting = this.#waiting.get(key) ?? [];
    const count = waiting.length + (this.#earlier.get(key) ?? 0);
    const { room, message } = waiting[0];
    const words = key === MISSED ? this.#missed(waiting, count) : this.#said(room, waiting, count);
    return { key, room, seq: message.seq, ...words, news: this.#news.get(key) ?? 0 };
  }

  /** @param {string} room @param {Waiting[]} waiting @param {number} count */
  #said(room, waiting, count) {
    const mentions = waiting.filter((it) => this.state.own.isMentioned(it.message)).length;
    return wordsOf(this.#place(room), waiting[waiting.length - 1].message, count, mentions);
  }

  /** @param {Waiting[]} waiting @param {number} count */
  #missed(waiting, count) {
    const rooms = [...new Set(waiting.map((it) => it.room))];
    return missedWords(
      rooms.map((room) => this.#place(room)),
      count,
    );
  }

  /** @param {string} room @returns {import("./notification-words.js").Place} */
  #place(room) {
    return { room, partner: this.state.list.rooms.get(room)?.private_with?.nickname };
  }
}
