// @ts-check
/**
 * What a host may say without doing harm, by the rules of every client (chatdesk/client/validation.py, sanitize.py): a page
 * does not have to trust whoever answers at its address. Out of a frame comes an event of the fields that this page
 * knows, each of its type and fit to be shown, or an UnreadableEvent.
 *
 * @typedef {typeof READERS} Readers
 * @typedef {{[Type in keyof Readers]: ReturnType<Readers[Type]> & {type: Type}}} Events by their type
 * @typedef {Events[keyof Events]} Event
 * @typedef {ReturnType<typeof message>} Message
 * @typedef {ReturnType<typeof user>} User
 */

import { oneLine } from "./clean.js";
import { firstOf, flag, list, number, optional, shape, text, time, UnfitValue, whole } from "./shape.js";

const FRAME_CHARS = 16 * 1024 * 1024;
const CONTENT_CHARS = 64 * 1024;
const NAME_CHARS = 256;
const CHAT_CHARS = 100;
/** The longest sentence that is read, and what of it is shown. */
const SENTENCE_CHARS = 2000;
const SHOWN_CHARS = 400;
/** Messages in a page of history, or of what was found. */
const PAGE = 1000;
/** All that is said in a page of history, in characters: a browser takes its time to lay it out. */
const PAGE_CHARS = 256 * 1024;
const PARTS = 1000;
/** Of more people the first ones are listed, and all of them counted. */
export const PEOPLE = 20_000;
const MOMENT = /^\d{4}-\d\d-\d\dT/u;
const UNNAMED = "ChatDesk";
const NO_REASON = "The host refuses it, and does not say why.";

/** A host said something that no host of this kind says: the text says what, such as `a history with gaps`. */
export class UnreadableEvent extends Error {}

const word = text(NAME_CHARS);
const count = whole(0);
const ref = optional(word, undefined);
const client = optional(word, "terminal");
const host = optional(flag, false);
const room = optional(word, "");

const user = shape({ nickname: readName, status: word, joined_at: word, client, host });
const people = firstOf(user, PEOPLE);
const message = shape({ nickname: readName, content: text(CONTENT_CHARS), timestamp: readMoment, seq: whole(1), id: ref, room });
const limits = shape({ content_chars: whole(1), message_rate: number });
const server = shape({ id: optional(word, ""), name: called(UNNAMED), host: called(""), version: word });
const page = shape({
  room,
  epoch: word,
  messages: list(message, PAGE),
  more: flag,
  first_seq: optional(whole(1), 1),
  last_seq: optional(count, 0),
  ref,
});
const answer = shape({
  room,
  query: word,
  hits: list(shape({ message, parts: list(text(CONTENT_CHARS), PARTS) }), PAGE),
  more: flag,
  note: optional(readSentence, ""),
  prepared: optional(count, 100),
});

const READERS = {
  welcome: shape({ epoch: word, nickname: readName, token: word, room: readRoom, user_count: count, limits, server }),
  system: shape({ content: readSentence, timestamp: readMoment }),
  users: shape({ room, users: people, user_count: count }),
  history: readHistory,
  message,
  presence: shape({ room, joined: people, left: firstOf(readName, PEOPLE), user_count: count, timestamp: readMoment }),
  user_joined: shape({ room, nickname: readName, timestamp: readMoment, user_count: count, client, host }),
  user_left: shape({ room, nickname: readName, timestamp: readMoment, user_count: count }),
  typing: shape({ room, nickname: readName, active: flag }),
  search: readSearch,
  storage: shape({ problem: word, content: readSentence }),
  reach: shape({ nonce: word, addresses: list(word, PAGE) }),
  error: shape({ code: word, content: readReason, ref }),
  pong: shape({ ref }),
};
/** @type {Map<string, import("./shape.js").Reader<object>>} */
const EVENTS = new Map(Object.entries(READERS));

/**
 * An event out of a frame; null for one of a type that this page does not know. Throws UnreadableEvent for what is none.
 * @param {unknown} frame
 * @returns {Event | null}
 */
export function decode(frame) {
  const said = parse(frame);
  const type = typeOf(said);
  const read = EVENTS.get(type);
  try {
    return read ? /** @type {Event} */ ({ ...read(said), type }) : null;
  } catch (error) {
    if (!(error instanceof UnfitValue)) throw error;
    throw new UnreadableEvent(error.message || `${type.replace("_", " ")} events that are wrong`);
  }
}

/** @param {unknown} frame */
function parse(frame) {
  if (typeof frame !== "string") throw new UnreadableEvent("what is no text");
  if (frame.length > FRAME_CHARS) throw new UnreadableEvent("more at once than ChatDesk reads");
  try {
    return JSON.parse(frame);
  } catch {
    throw new UnreadableEvent("what is no JSON");
  }
}

const readType = shape({ type: text(FRAME_CHARS) });

/** @param {unknown} said */
function typeOf(said) {
  try {
    return readType(said).type;
  } catch {
    throw new UnreadableEvent("what is no event");
  }
}

/** What somebody is called. @param {unknown} value */
function readName(value) {
  const line = oneLine(word(value), NAME_CHARS);
  if (!line) throw new UnfitValue("people without a name");
  return line;
}

/** @param {unknown} value */
function readRoom(value) {
  const line = oneLine(word(value), NAME_CHARS);
  if (!line) throw new UnfitValue("a room without a name");
  return line;
}

/** @param {string} otherwise where nothing can be seen of it */
function called(otherwise) {
  /** @param {unknown} value */
  return (value) => oneLine(word(value), CHAT_CHARS) || otherwise;
}

const sentence = text(SENTENCE_CHARS);

/** @param {unknown} value */
function readSentence(value) {
  const line = oneLine(sentence(value), SENTENCE_CHARS);
  const letters = line.length > SHOWN_CHARS ? Array.from(line) : [];
  return letters.length > SHOWN_CHARS ? `${letters.slice(0, SHOWN_CHARS).join("").trimEnd()}…` : line;
}

/** @param {unknown} value */
function readReason(value) {
  return readSentence(value) || NO_REASON;
}

/** @param {unknown} value */
function readMoment(value) {
  const written = word(value);
  time(MOMENT.test(written) ? Date.parse(written) : Infinity);
  return written;
}

/** @param {unknown} value */
function readHistory(value) {
  const it = page(value);
  const [first] = it.messages;
  if (it.messages.some(({ seq }, index) => seq !== first.seq + index)) throw new UnfitValue("a history with gaps");
  if (it.first_seq > it.last_seq + 1) throw new UnfitValue("a history that ends before it begins");
  const chars = it.messages.reduce((sum, { content }) => sum + content.length, 0);
  if (chars > PAGE_CHARS) throw new UnfitValue("too much at once");
  return it;
}

/** @param {unknown} value */
function readSearch(value) {
  const it = answer(value);
  const seqs = it.hits.map((hit) => hit.message.seq);
  if (seqs.some((seq, index) => index && seq >= seqs[index - 1])) throw new UnfitValue("found messages out of order");
  return it;
}
