// @ts-check
/**
 * How a page of the host's log is merged into the transcript: without unmarked gaps and without duplicates.
 *
 * @typedef {import("./transcript.js").Transcript} Transcript
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./wanted-history.js").PageKind} PageKind
 * @typedef {{messages: Message[], first_seq: number, last_seq: number}} HistoryPage
 */

const GAP = "The messages before these are no longer kept by the host.";

/**
 * Merge a page into the transcript. Returns whether it continues what was held; otherwise it has replaced it.
 * @param {Transcript} transcript
 * @param {HistoryPage} page
 * @param {PageKind | ""} kind what was requested; empty for a page that comes by itself
 * @param {boolean} following whether the reader is at the end: then the oldest entries may be dropped
 */
export function mergePage(transcript, page, kind, following) {
  const { messages } = page;
  const waits = transcript.detached;
  transcript.newestSeq = Math.max(transcript.newestSeq, endOf(page));
  transcript.oldestSeq = page.first_seq;
  transcript.update(messages);
  if (!messages.length) mergeEmptyPage(transcript, kind);
  else if (kind === "older") mergeOlder(transcript, page);
  else if (kind === "around" || kind === "at") replaceWithPage(transcript, page);
  // A reader further up keeps the position: missed messages are requested on the way down.
  else if (!kind && !transcript.live) return true;
  else if (messages[0].seq <= transcript.lastSeq + 1) appendPage(transcript, messages, kind, following);
  // Messages are missing before these, too, and have been requested.
  else if (!kind && waits) return true;
  else return replaceBeyondGap(transcript, page, kind);
  return true;
}

/**
 * Replace the transcript with a page.
 * @param {Transcript} transcript
 * @param {HistoryPage} page
 */
export function replaceWithPage(transcript, page) {
  transcript.restart(page.messages, hasOlderMessages(page), endOf(page));
}

/**
 * The newest number of the log, as far as the page says.
 * @param {HistoryPage} page
 */
export function endOf({ messages, last_seq: last }) {
  return Math.max(last, messages.at(-1)?.seq ?? 0);
}

/**
 * There are no further messages in the requested direction.
 * @param {Transcript} transcript
 * @param {string} kind
 */
function mergeEmptyPage(transcript, kind) {
  if (kind === "older") transcript.hasOlder = false;
  else if (kind === "newer" || kind === "latest") transcript.endHere();
}

/**
 * Older messages have to end where the held ones begin; these may have been trimmed since the request.
 * @param {Transcript} transcript
 * @param {HistoryPage} page
 */
function mergeOlder(transcript, page) {
  if (page.messages.at(-1)?.seq === transcript.firstSeq - 1) transcript.prepend(page.messages, hasOlderMessages(page));
  else transcript.hasOlder = false;
}

/**
 * @param {Transcript} transcript
 * @param {Message[]} messages
 * @param {string} kind
 * @param {boolean} following
 */
function appendPage(transcript, messages, kind, following) {
  const before = transcript.lastSeq;
  transcript.append(messages, kind !== "" || following);
  // A host that claims to have newer messages and sends none is not asked again and again.
  if (kind && transcript.lastSeq === before) transcript.endHere();
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
function hasOlderMessages({ messages, first_seq: first }) {
  return messages.length > 0 && messages[0].seq > first;
}
