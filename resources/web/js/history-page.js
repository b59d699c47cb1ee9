// @ts-check
/**
 * How a page of the host's log is merged into the transcript: without unmarked gaps and without duplicates.
 *
 * @typedef {import("./transcript.js").Transcript} Transcript
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {{messages: Message[], first_seq?: number, last_seq?: number}} HistoryPage the host omits numbers that
 *   have their defaults: an empty log, from 1 to 0
 */

const GAP = "The messages before these are no longer kept by the host.";

/**
 * Merge a page into the transcript. Returns whether it continues what was held; otherwise it has replaced it.
 * @param {Transcript} transcript
 * @param {HistoryPage} page
 * @param {import("./history-request.js").HistoryRequest | null} request that it answers; null for a page that comes
 *   without a request, after a reconnect
 */
export function mergePage(transcript, page, request) {
  const { messages } = page;
  const kind = request?.kind ?? "";
  const detached = transcript.detached;
  transcript.newestSeq = Math.max(transcript.newestSeq, page.last_seq ?? 0, messages.at(-1)?.seq ?? 0);
  if (!messages.length) mergeEmptyPage(transcript, kind);
  else if (kind === "earlier") mergeOlder(transcript, page, request?.command.before);
  else if (kind === "around" || kind === "at") replaceWithPage(transcript, page);
  // A reader further up keeps the position: missed messages are requested on the way down.
  else if (!kind && detached) return true;
  else if (messages[0].seq <= transcript.lastSeq + 1) transcript.append(messages, kind !== "");
  else return replaceBeyondGap(transcript, page, kind);
  // A host that claims to have newer messages and sends none is not asked again and again.
  if ((kind === "later" || kind === "latest") && isIncomplete(page, request)) transcript.newestSeq = transcript.lastSeq;
  return true;
}

/**
 * Replace the transcript with a page.
 * @param {Transcript} transcript
 * @param {HistoryPage} page
 */
export function replaceWithPage(transcript, page) {
  transcript.restart(page.messages, hasOlderMessages(page));
}

/**
 * Whether an answer lacks messages that were known when the request was made.
 * @param {HistoryPage} page
 * @param {import("./history-request.js").HistoryRequest | null} request
 */
function isIncomplete({ messages }, request) {
  const last = messages.at(-1)?.seq ?? 0;
  return last < (request?.kind === "later" ? (request.command.after ?? 0) + 1 : (request?.newestKnown ?? 0));
}

/**
 * There are no further messages in the requested direction.
 * @param {Transcript} transcript
 * @param {string} kind
 */
function mergeEmptyPage(transcript, kind) {
  if (kind === "earlier") transcript.hasOlder = false;
  else if (kind === "later" || kind === "latest") transcript.newestSeq = transcript.lastSeq;
}

/**
 * Earlier messages have to end where the held ones begin; these may have been trimmed since the request.
 * @param {Transcript} transcript
 * @param {HistoryPage} page
 * @param {number | undefined} before of the request
 */
function mergeOlder(transcript, page, before) {
  if (page.messages.at(-1)?.seq === transcript.firstSeq - 1) transcript.prepend(page.messages, hasOlderMessages(page));
  else if (before === transcript.firstSeq) transcript.hasOlder = false;
}

/**
 * The page begins behind a gap: replace the transcript.
 * @param {Transcript} transcript
 * @param {HistoryPage} page
 * @param {string} kind
 */
function replaceBeyondGap(transcript, page, kind) {
  replaceWithPage(transcript, page);
  // With the newest messages requested the gap is expected; otherwise the host has deleted what was there.
  if (kind !== "latest") transcript.markGap(GAP);
  return false;
}

/** @param {HistoryPage} page */
function hasOlderMessages({ messages, first_seq: first = 1 }) {
  return messages.length > 0 && messages[0].seq > first;
}
