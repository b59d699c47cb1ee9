// @ts-check
/**
 * What a browser keeps for the page, read back. It may be anything: another version of this page has stored it, or
 * somebody by hand.
 *
 * @typedef {import("./reading.js").Mark} Mark
 */

import { keyOf } from "./outbox.js";
import { flag, number, optional, shape, text, time, whole } from "./shape.js";

const name = text(256);
const words = text(1024 * 1024);

export const readName = text(64, 1);
export const readWords = words;
export const readFlag = flag;
export const readIdentity = shape({ nickname: name, token: name });

const divider = shape({ after: whole(0), upTo: whole(0), since: time, met: flag });
export const readMark = shape({
  epoch: name,
  seq: whole(0),
  time,
  divider: optional(/** @type {import("./shape.js").Reader<Mark["divider"]>} */ (divider), null),
});

const readParts = shape({
  // What an earlier version has kept has neither name nor tab.
  owner: shape({ place: text(1024, 1), nickname: optional(name, ""), token: name }),
  tab: optional(name, ""),
  draft: shape({ id: text(256, 1), content: words, time, turn: number, reason: words }),
});

/**
 * @param {unknown} value
 * @returns {import("./outbox.js").Kept}
 */
export function readKept(value) {
  const { owner, tab, draft } = readParts(value);
  return { owner, tab, draft: { ...draft, kind: "own", key: keyOf(draft.id) } };
}
