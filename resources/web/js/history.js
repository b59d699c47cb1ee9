// @ts-check
/**
 * How a page of the host's log changes the part that is held: never a hole that is not marked, never a double.
 *
 * @typedef {import("./log.js").RoomLog} RoomLog
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {{messages: Message[], first_seq?: number, last_seq?: number}} Page what the host leaves out of it is the
 *   default: a log from 1 to 0
 */

const HOLE = "The messages before these are no longer kept by the host.";

/**
 * Take a page of the log that is held in part. Answers whether it continues what is held; else the log began again.
 * @param {RoomLog} log
 * @param {Page} page
 * @param {import("./question.js").Question | null} question what was asked for; null for a page that comes by itself,
 *   with what a reader has missed
 */
export function continueWith(log, page, question) {
  const { messages } = page;
  const kind = question?.kind ?? "";
  const detached = log.detached;
  log.latest = Math.max(log.latest, page.last_seq ?? 0, messages.at(-1)?.seq ?? 0);
  if (!messages.length) takeNothing(log, kind);
  else if (kind === "earlier") takeEarlier(log, page, question?.command.before);
  else if (kind === "around" || kind === "at") restartWith(log, page);
  // Who reads further up keeps the place: what was missed is asked for on the way down.
  else if (!kind && detached) return true;
  else if (messages[0].seq <= log.seq + 1) log.append(messages, kind !== "");
  else return takeBeyondHole(log, page, kind);
  // Who claims that there are more messages, and gives none of them, is not asked for them for ever.
  if ((kind === "later" || kind === "latest") && isShort(page, question)) log.latest = log.seq;
  return true;
}

/**
 * Begin again with a page.
 * @param {RoomLog} log
 * @param {Page} page
 */
export function restartWith(log, page) {
  log.restart(page.messages, hasOlder(page));
}

/**
 * Whether an answer lacks what there was already when the question was put.
 * @param {Page} page
 * @param {import("./question.js").Question | null} question
 */
function isShort({ messages }, question) {
  const last = messages.at(-1)?.seq ?? 0;
  return last < (question?.kind === "later" ? (question.command.after ?? 0) + 1 : question?.known ?? 0);
}

/**
 * There is nothing further in the direction asked for.
 * @param {RoomLog} log
 * @param {string} kind
 */
function takeNothing(log, kind) {
  if (kind === "earlier") log.more = false;
  else if (kind === "later" || kind === "latest") log.latest = log.seq;
}

/**
 * The messages held may have become fewer since they were asked for; else these should end where those begin.
 * @param {RoomLog} log
 * @param {Page} page
 * @param {number | undefined} before what was asked for
 */
function takeEarlier(log, page, before) {
  if (page.messages.at(-1)?.seq === log.firstSeq - 1) log.prepend(page.messages, hasOlder(page));
  else if (before === log.firstSeq) log.more = false;
}

/**
 * The page begins later than what is held ends.
 * @param {RoomLog} log
 * @param {Page} page
 * @param {string} kind
 */
function takeBeyondHole(log, page, kind) {
  restartWith(log, page);
  // The newest were asked for, whatever is between; else the host no longer keeps that.
  if (kind !== "latest") log.markHole(HOLE);
  return false;
}

/** @param {Page} page */
function hasOlder({ messages, first_seq: first = 1 }) {
  return messages.length > 0 && messages[0].seq > first;
}
