// @ts-check
/**
 * Decoders of what the browser stores for the page. It may be anything: from another version of the page, or edited by
 * hand. The names of stored fields must not change.
 *
 * @typedef {import("./read-position.js").StoredPosition} StoredPosition
 */

import { rowKeyOf } from "./outbox.js";
import { boolean, list, number, optional, object, text, time, integer } from "./decoders.js";

const name = text(256);
const words = text(1024 * 1024);

export const decodeName = text(64, 1);
export const decodeText = words;
export const decodeFlag = boolean;
export const decodeIdentity = object({ nickname: name, token: name });

export const decodeEmojiHabits = object({ recent: list(text(40, 1), 16), tone: integer(0) });

const divider = object({ after: integer(0), upTo: integer(0), since: time, met: boolean });
export const decodeReadPosition = object({
  epoch: name,
  seq: integer(0),
  time,
  divider: optional(/** @type {import("./decoders.js").Decoder<StoredPosition["divider"]>} */ (divider), null),
  held: optional(boolean, false),
});

const mentioned = object({ name, author: name });
const mentions = optional(list(mentioned, 50), []);

export const decodeDraft = object({
  epoch: name,
  mentions,
  replyTo: integer(0),
  editing: integer(0),
  edits: list(object({ seq: integer(1), text: words, mentions, sent: boolean }), 50),
});

const decodeStored = object({
  // An earlier version stored neither nickname nor tab.
  owner: object({ place: text(1024, 1), nickname: optional(name, ""), token: name }),
  tab: optional(name, ""),
  draft: object({
    id: text(256, 1),
    content: words,
    time,
    turn: number,
    reason: words,
    replyTo: optional(integer(0), 0),
    action: optional(boolean, false),
    mentions,
    to: optional(mentioned, null),
  }),
});

/**
 * @param {unknown} value
 * @returns {import("./outbox.js").StoredMessage}
 */
export function decodeStoredMessage(value) {
  const { owner, tab, draft } = decodeStored(value);
  return { owner, tab, draft: { ...draft, kind: "own", key: rowKeyOf(draft.id) } };
}
