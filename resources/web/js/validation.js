// @ts-check
/**
 * Validation of what the host sends, by the rules that all clients share (chatdesk/client/validation.py, sanitize.py):
 * a page must not trust the host at its address. A frame becomes an event with the fields that this page knows, each of
 * the right type, within bounds and safe to show; otherwise decoding throws InvalidEvent.
 *
 * @typedef {typeof DECODERS} Decoders
 * @typedef {{[Type in keyof Decoders]: ReturnType<Decoders[Type]> & {type: Type}}} Events by type
 * @typedef {Events[keyof Events]} Event
 * @typedef {ReturnType<typeof message>} Message
 * @typedef {ReturnType<typeof user>} User
 * @typedef {ReturnType<typeof roomInfo>} RoomInfo
 */

import { admissionDecoders } from "./admission-decoders.js";
import { oneLine } from "./clean-text.js";
import { firstOf, boolean, list, number, optional, object, text, time, InvalidValue, integer } from "./decoders.js";
import { decodeBody } from "./markup-decoder.js";
import { orderDecoders } from "./order-decoders.js";
import { paceDecoders } from "./pace-decoders.js";

/** The same limit as in the window: far more than any event needs. */
const MOST_FRAME_CHARS = 16 * 1024 * 1024;
/** More than hosts accept (8,000 characters by default), in characters. */
const MOST_CONTENT_CHARS = 64 * 1024;
/** For nicknames, rooms, codes and the like, which are far shorter. */
const MOST_NAME_CHARS = 256;
/** What fits a title and the top bar. */
const MOST_CHAT_NAME_CHARS = 100;
/** The longest sentence that is accepted: longer than any that a ChatDesk writes. */
const MOST_SENTENCE_CHARS = 2000;
/** What is shown of it: about four lines on a phone. */
const SHOWN_SENTENCE_CHARS = 400;
/** Most messages or hits in one event: five times what this page asks for. */
const MOST_MESSAGES = 1000;
/** The most content of one page of history, in characters: a browser needs a moment to lay this out. */
const MOST_PAGE_CHARS = 256 * 1024;
/** A snippet alternates between other words and matches; far more parts than are shown. */
const MOST_SNIPPET_PARTS = 1000;
/** In a larger room the first people are listed, and all of them counted: it bounds the memory of the page. */
export const MOST_PEOPLE = 20_000;
/** Reactions of a message, and people whom each names: several times what hosts send. */
const MOST_REACTIONS = 100;
const MOST_REACTORS = 50;
const NO_WORDS = /** @type {string[]} */ ([]);
const NO_NUMBERS = /** @type {number[]} */ ([]);
const TIMESTAMP = /^\d{4}-\d\d-\d\dT/u;
const UNNAMED = "ChatDesk";
const NO_REASON = "The host refuses it, and does not say why.";

/** The host has sent something invalid; the message names it, such as `a history with gaps`. */
export class InvalidEvent extends Error {}

const shortText = text(MOST_NAME_CHARS);
const count = integer(0);
const ref = optional(shortText, undefined);
const client = optional(shortText, "terminal");
const host = optional(boolean, false);
const room = optional(shortText, "");
const author = optional(shortText, "");
const change = optional(count, 0);
const more = optional(boolean, false);

const user = object({
  ...{ nickname: decodeNickname, status: shortText, joined_at: shortText, client, host, author },
  status_text: optional(shortText, ""),
  role: optional(shortText, ""),
  muted: optional(boolean, false),
  verified: optional(boolean, false),
});
const people = firstOf(user, MOST_PEOPLE);
const reactor = object({ nickname: decodeNickname, author });
const reaction = object({ emoji: decodeDisplayName("?"), count, people: list(reactor, MOST_REACTORS) });
const mentioned = object({ name: decodeDisplayName("?"), author });
const message = object({
  nickname: decodeNickname,
  content: text(MOST_CONTENT_CHARS),
  timestamp: decodeTimestamp,
  seq: integer(1),
  id: ref,
  room,
  author,
  change,
  edited: optional(decodeTimestamp, ""),
  to: optional(decodeNickname, ""),
  bot: optional(boolean, false),
  reply_to: optional(count, 0),
  deleted: optional(shortText, ""),
  deleted_by: optional(decodeDisplayName(""), ""),
  reactions: optional(list(reaction, MOST_REACTIONS), /** @type {ReturnType<typeof reaction>[]} */ ([])),
  pinned: optional(boolean, false),
  body: optional(decodeBody, null),
  mentions: optional(list(mentioned, MOST_MESSAGES), []),
  action: optional(boolean, false),
  verified: optional(boolean, false),
  nameless: optional(boolean, false),
});
const messageList = list(message, MOST_MESSAGES);
const limits = object({ content_chars: integer(1), message_rate: number, edit_seconds: optional(count, 0) });
const server = object({
  id: optional(shortText, ""),
  name: decodeDisplayName(UNNAMED),
  host: decodeDisplayName(""),
  version: shortText,
});
const page = object({
  room,
  epoch: shortText,
  messages: messageList,
  more: boolean,
  first_seq: optional(integer(1), 1),
  last_seq: optional(count, 0),
  change,
  ref,
});
const answer = object({
  room,
  query: shortText,
  hits: list(object({ message, parts: list(text(MOST_CONTENT_CHARS), MOST_SNIPPET_PARTS) }), MOST_MESSAGES),
  more: boolean,
  note: optional(decodeSentence, ""),
  prepared: optional(count, 100),
  more_in: optional(list(shortText, MOST_MESSAGES), []),
  ref,
});
const updated = object({ room, seq: integer(1), change: count, message, ref });
const roomInfo = object({
  room: decodeListedRoom,
  topic: optional(decodeSentence, ""),
  archived: optional(boolean, false),
  closed: optional(boolean, false),
  newcomers: optional(shortText, "all"),
  slow: optional(count, 0),
  announce: optional(boolean, false),
  hold: optional(boolean, false),
  nameless: optional(boolean, false),
  user_count: optional(count, 0),
  last_seq: optional(count, 0),
  epoch: optional(shortText, ""),
  messages: optional(count, 0),
  // What is the person's own is left out where the host tells everybody the same.
  entry: optional(list(shortText, MOST_REACTIONS), NO_WORDS),
  private_with: optional(object({ nickname: decodeNickname, author: shortText }), undefined),
  joined: optional(boolean, undefined),
  level: optional(shortText, undefined),
  read: optional(count, undefined),
  unread: optional(count, undefined),
  mentions: optional(count, undefined),
});
const arrival = { room, nickname: decodeNickname, timestamp: decodeTimestamp, user_count: count, author };

const DECODERS = {
  welcome: object({
    epoch: shortText,
    nickname: decodeNickname,
    token: shortText,
    room: decodeRoomName,
    user_count: count,
    limits,
    server,
    me: author,
    ref,
    expires_in: optional(decodeSeconds, null),
    nodes: optional(list(shortText, MOST_MESSAGES), NO_WORDS),
    proof_token: optional(shortText, ""),
  }),
  proof: object({ proofs: list(shortText, MOST_MESSAGES), ref }),
  nodes: object({ nodes: list(shortText, MOST_MESSAGES) }),
  refreshed: object({ expires_in: decodeSeconds, ref }),
  exited: object({ room, ref }),
  system: object({ content: decodeSentence, timestamp: decodeTimestamp, code: optional(shortText, ""), room }),
  users: object({ room, users: people, user_count: count, more, ref }),
  history: decodeHistory,
  message,
  updated: decodeUpdated,
  presence: object({
    room,
    joined: people,
    left: firstOf(object({ nickname: decodeNickname, author }), MOST_PEOPLE),
    user_count: count,
    timestamp: decodeTimestamp,
    more,
    changed: optional(people, []),
  }),
  user_joined: object({ ...arrival, client, host }),
  user_left: object(arrival),
  renamed: object({ room, old: decodeNickname, nickname: decodeNickname, timestamp: decodeTimestamp, author }),
  typing: object({ room, nickname: decodeNickname, active: boolean, author }),
  messages: object({ room, messages: messageList, missing: optional(list(count, MOST_MESSAGES), NO_NUMBERS), ref }),
  pins: object({ room, messages: messageList, more, ref }),
  own_reactions: object({
    room,
    first: count,
    last: count,
    messages: list(object({ seq: count, emoji: list(shortText, MOST_REACTIONS) }), MOST_MESSAGES),
    ref,
  }),
  reactions: object({ room, seq: count, emoji: shortText, people: list(reactor, MOST_MESSAGES), more, ref }),
  search: decodeSearch,
  storage: object({ problem: shortText, content: decodeSentence }),
  rooms: object({
    rooms: list(roomInfo, MOST_MESSAGES),
    more,
    private_messages: optional(shortText, "everyone"),
    ref,
  }),
  room: object({ room: roomInfo, ref }),
  room_deleted: object({ room: decodeListedRoom, ref }),
  read: object({
    room,
    epoch: shortText,
    seq: count,
    last_seq: count,
    unread: optional(count, 0),
    mentions: optional(count, 0),
    back: optional(boolean, false),
    ref,
  }),
  receipts: object({
    room,
    epoch: shortText,
    messages: list(object({ seq: integer(1), readers: count }), MOST_MESSAGES),
    ref,
  }),
  readers: object({
    room,
    seq: integer(1),
    readers: list(object({ nickname: decodeNickname, author, read_at: optional(shortText, "") }), MOST_MESSAGES),
    count,
    people: count,
    more,
    ref,
  }),
  entry: object({ asks: list(shortText, MOST_REACTIONS), ref, password_in_file: optional(boolean, false) }),
  receipt_settings: object({ allowed: boolean, given: boolean, ref }),
  reach: object({ nonce: shortText, addresses: list(shortText, MOST_MESSAGES) }),
  ...admissionDecoders({ nickname: decodeNickname, name: decodeDisplayName(""), sentence: decodeSentence }),
  error: object({
    code: shortText,
    content: decodeReason,
    ref,
    retry_after: optional(decodeSeconds, undefined),
    by: optional(decodeDisplayName(""), ""),
    room,
    reason: optional(decodeSentence, ""),
    until: optional(shortText, ""),
  }),
  ...paceDecoders({ name: decodeNickname, sentence: decodeSentence, moment: decodeTimestamp }),
  ...orderDecoders({ name: decodeNickname, sentence: decodeSentence }),
  pong: object({ ref }),
};
/** @type {Map<string, import("./decoders.js").Decoder<object>>} */
const EVENT_DECODERS = new Map(Object.entries(DECODERS));

/**
 * Decode a frame into an event; null if its type is unknown to this page. Throws InvalidEvent if it is invalid.
 * @param {unknown} frame
 * @returns {Event | null}
 */
export function decode(frame) {
  const said = parseFrame(frame);
  const type = typeOf(said);
  const read = EVENT_DECODERS.get(type);
  try {
    return read ? /** @type {Event} */ ({ ...read(said), type }) : null;
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw new InvalidEvent(error.message || `${type.replace("_", " ")} events that are wrong`);
  }
}

/** @param {unknown} frame */
function parseFrame(frame) {
  if (typeof frame !== "string") throw new InvalidEvent("what is no text");
  if (frame.length > MOST_FRAME_CHARS) throw new InvalidEvent("more at once than ChatDesk reads");
  try {
    return JSON.parse(frame);
  } catch {
    throw new InvalidEvent("what is no JSON");
  }
}

const decodeType = object({ type: text(MOST_FRAME_CHARS) });

/** @param {unknown} said */
function typeOf(said) {
  try {
    return decodeType(said).type;
  } catch {
    throw new InvalidEvent("what is no event");
  }
}

/** A nickname. @param {unknown} value */
function decodeNickname(value) {
  const line = oneLine(shortText(value), MOST_NAME_CHARS);
  if (!line) throw new InvalidValue("people without a name");
  return line;
}

/** @param {unknown} value */
function decodeRoomName(value) {
  const line = oneLine(shortText(value), MOST_NAME_CHARS);
  if (!line) throw new InvalidValue("a room without a name");
  return line;
}

/** The name of a room that commands may name: it is as it is shown. @param {unknown} value */
function decodeListedRoom(value) {
  const line = decodeRoomName(value);
  if (line !== value) throw new InvalidValue("a room without a name");
  return line;
}

/** @param {string} otherwise if nothing in the name is visible */
function decodeDisplayName(otherwise) {
  /** @param {unknown} value */
  return (value) => oneLine(shortText(value), MOST_CHAT_NAME_CHARS) || otherwise;
}

const sentence = text(MOST_SENTENCE_CHARS);

/** @param {unknown} value */
function decodeSentence(value) {
  const line = oneLine(sentence(value), MOST_SENTENCE_CHARS);
  const letters = line.length > SHOWN_SENTENCE_CHARS ? Array.from(line) : [];
  return letters.length > SHOWN_SENTENCE_CHARS ? `${letters.slice(0, SHOWN_SENTENCE_CHARS).join("").trimEnd()}…` : line;
}

/** @param {unknown} value */
function decodeReason(value) {
  return decodeSentence(value) || NO_REASON;
}

/** @param {unknown} value */
function decodeTimestamp(value) {
  const written = shortText(value);
  time(TIMESTAMP.test(written) ? Date.parse(written) : Infinity);
  return written;
}

/** @param {unknown} value */
function decodeSeconds(value) {
  const seconds = number(value);
  if (seconds < 0) throw new InvalidValue();
  return seconds;
}

/** @param {unknown} value */
function decodeUpdated(value) {
  const it = updated(value);
  if (it.seq !== it.message.seq) throw new InvalidValue("a change of another message");
  return it;
}

/** @param {unknown} value */
function decodeHistory(value) {
  const it = page(value);
  const [first] = it.messages;
  if (it.messages.some(({ seq }, index) => seq !== first.seq + index)) throw new InvalidValue("a history with gaps");
  if (it.first_seq > it.last_seq + 1) throw new InvalidValue("a history that ends before it begins");
  const chars = it.messages.reduce((sum, { content }) => sum + content.length, 0);
  if (chars > MOST_PAGE_CHARS) throw new InvalidValue("too much at once");
  return it;
}

/** @param {unknown} value */
function decodeSearch(value) {
  const it = answer(value);
  const messages = it.hits.map((hit) => hit.message);
  const isWrong = messages.some(({ room: name, seq }, index) => {
    const newer = messages[index - 1];
    return newer?.room === name && seq >= newer.seq;
  });
  if (isWrong) throw new InvalidValue("found messages out of order");
  return it;
}
