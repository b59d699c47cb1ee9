// @ts-check
/**
 * What the host is asked for, one page of the log at a time. A newer question replaces the one before: by its `ref` an
 * answer tells whether anybody still waits for it.
 *
 * @typedef {"earlier" | "later" | "latest" | "around" | "at"} Kind
 * @typedef {{kind: Kind, ref: string, target: number, known: number, command: import("./protocol.js").History}} Question
 *   `target`: the message to go to (`around`), or the moment (`at`); `known`: the last message heard of before
 */

import { newId } from "./identifier.js";
import { HISTORY_PAGE } from "./protocol.js";

/**
 * @param {Kind} kind
 * @param {import("./log.js").RoomLog} log
 * @param {number} [target]
 * @returns {Question}
 */
export function ask(kind, log, target = 0) {
  const wanted = {
    earlier: { before: log.firstSeq },
    later: { after: log.seq },
    latest: {},
    around: { around: target },
    at: { at: new Date(kind === "at" ? target : 0).toISOString() },
  };
  const ref = newId();
  return { kind, ref, target, known: log.latest, command: { type: "history", ...wanted[kind], limit: HISTORY_PAGE, ref } };
}
