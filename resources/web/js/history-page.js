// @ts-check
/**
 * How a page of the host's log changes the part that is held: never a hole that is not marked, never a double.
 *
 * @typedef {import("./transcript.js").Transcript} Transcript
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {{messages: Message[], first_seq?: number, last_seq?: number}} HistoryPage what the host leaves out of it is the
 *   default: a log from 1 to 0
 */

const GAP = "The messages before these are no longer kept by the host.";

/**
 * Take a page of the log that is held in part. Answers whether it continues what is held; else the log began again.
 * @param {Transcript} transcript
 * @param {HistoryPage} page
 * @param {import("./history-request.js").HistoryRequest | null} request what was asked for; null for a page that comes by itself,
 *   with what a reader has missed
 */
export function mergePage(transcript, page, request) {
  const { messages } = page;
  const kind = request?.kind ?? "";
  const detached = transcript.detached;
  transcript.newestSeq = Math.max(transcript.newestSeq, page.last_seq ?? 0, messages.at(-1)?.seq ?? 0);
  if (!messages.length) mergeEmptyPage(transcript, kind);
  else if (kind === "earlier") mergeOlder(transcript, page, request?.command.before);
  else if (kind === "around" || kind === "at") replaceWithPage(transcript, page);
  // Who reads further up keeps the place: what was missed is asked for on the way down.
  else if (!kind && detached) return true;
  else if (messages[0].seq <= transcript.lastSeq + 1) transcript.append(messages, kind !== "");
  else return replaceBeyondGap(transcript, page, kind);
  // Who claims that there are more messages, and gives none of them, is not asked for them for ever.
  if ((kind === "later" || kind === "latest") && isIncomplete(page, request)) transcript.newestSeq = transcript.lastSeq;
  return true;
}

/**
 * Begin again with a page.
 * @param {Transcript} transcript
 * @param {HistoryPage} page
 */
export function replaceWithPage(transcript, page) {
  transcript.restart(page.messages, hasOlderMessages(page));
}

/**
 * Whether an answer lacks what there was already when the question was put.
 * @param {HistoryPage} page
 * @param {import("./history-request.js").HistoryRequest | null} request
 */
function isIncomplete({ messages }, request) {
  const last = messages.at(-1)?.seq ?? 0;
  return last < (request?.kind === "later" ? (request.command.after ?? 0) + 1 : request?.newestKnown ?? 0);
}

/**
 * There is nothing further in the direction asked for.
 * @param {Transcript} transcript
 * @param {string} kind
 */
function mergeEmptyPage(transcript, kind) {
  if (kind === "earlier") transcript.hasOlder = false;
  else if (kind === "later" || kind === "latest") transcript.newestSeq = transcript.lastSeq;
}

/**
 * The messages held may have become fewer since they were asked for; else these should end where those begin.
 * @param {Transcript} transcript
 * @param {HistoryPage} page
 * @param {number | undefined} before what was asked for
 */
function mergeOlder(transcript, page, before) {
  if (page.messages.at(-1)?.seq === transcript.firstSeq - 1) transcript.prepend(page.messages, hasOlderMessages(page));
  else if (before === transcript.firstSeq) transcript.hasOlder = false;
}

/**
 * The page begins later than what is held ends.
 * @param {Transcript} transcript
 * @param {HistoryPage} page
 * @param {string} kind
 */
function replaceBeyondGap(transcript, page, kind) {
  replaceWithPage(transcript, page);
  // The newest were asked for, whatever is between; else the host no longer keeps that.
  if (kind !== "latest") transcript.markGap(GAP);
  return false;
}

/** @param {HistoryPage} page */
function hasOlderMessages({ messages, first_seq: first = 1 }) {
  return messages.length > 0 && messages[0].seq > first;
}
