// @ts-check
/**
 * What the host is asked for, one page of the log at a time. A newer question replaces the one before: by its `ref` an
 * answer tells whether anybody still waits for it.
 *
 * @typedef {"earlier" | "later" | "latest" | "around" | "at"} RequestKind
 * @typedef {{kind: RequestKind, ref: string, target: number, newestKnown: number, command: import("./protocol.js").History}} HistoryRequest
 *   `target`: the message to go to (`around`), or the moment (`at`); `newestKnown`: the last message heard of before
 */

import { randomId } from "./random-id.js";
import { HISTORY_PAGE } from "./protocol.js";

/**
 * @param {RequestKind} kind
 * @param {import("./transcript.js").Transcript} transcript
 * @param {number} [target]
 * @returns {HistoryRequest}
 */
export function historyRequest(kind, transcript, target = 0) {
  const wanted = {
    earlier: { before: transcript.firstSeq },
    later: { after: transcript.lastSeq },
    latest: {},
    around: { around: target },
    at: { at: new Date(kind === "at" ? target : 0).toISOString() },
  };
  const ref = randomId();
  return { kind, ref, target, newestKnown: transcript.newestSeq, command: { type: "history", ...wanted[kind], limit: HISTORY_PAGE, ref } };
}
