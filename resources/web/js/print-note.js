// @ts-check
/** The note at the head of a printed conversation: when and by whom it was printed, and which messages it has. */

import { clockTime, dateOf } from "./date-time.js";
import { isolated } from "./nickname.js";

/**
 * @param {string} nickname oneself
 * @param {import("./transcript.js").Transcript} transcript
 * @param {number} now
 */
export function printNote(nickname, transcript, now) {
  const messages = transcript.entries.filter((entry) => entry.kind === "message");
  const printed = `Printed by ${isolated(nickname)} on ${momentOf(now)}.`;
  if (!messages.length) return `${printed} No messages.`;
  const [first, last] = [messages[0], messages[messages.length - 1]];
  const count = messages.length === 1 ? "1 message" : `${messages.length} messages`;
  const rest = [transcript.hasOlder && "before", transcript.detached && "after"].filter(Boolean).join(" and ");
  const cut = rest && ` There are others ${rest} them, which were not loaded.`;
  const end = dateOf(first.time) === dateOf(last.time) ? clockTime(last.time) : momentOf(last.time);
  return `${printed} ${count}, from ${momentOf(first.time)} to ${end}.${cut}`;
}

/** @param {number} time */
function momentOf(time) {
  return `${dateOf(time)}, ${clockTime(time)}`;
}
