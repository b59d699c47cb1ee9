// @ts-check
/**
 * A request for one page of the host's log. A newer request replaces the one before; the `ref` of an answer tells which
 * request it belongs to.
 *
 * @typedef {"earlier" | "later" | "latest" | "around" | "at"} RequestKind
 * @typedef {{kind: RequestKind, ref: string, target: number, newestKnown: number, command:
 *   import("./protocol.js").History}} HistoryRequest `target`: the sequence number to go to (`around`), or the time in
 *   ms (`at`); `newestKnown`: the newest message that was known before
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
  return {
    kind,
    ref,
    target,
    newestKnown: transcript.newestSeq,
    command: { type: "history", ...wanted[kind], limit: HISTORY_PAGE, id: ref },
  };
}
