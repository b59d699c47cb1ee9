// @ts-check
/** What the host says of admission: the queue, and invitations. */

import { boolean, integer, list, object, optional, text } from "./decoders.js";

/** More invitations than a host keeps, and more people than it lists of a queue. */
const MOST_LISTED = 1000;
/** As many rows as the largest QR code has, and more than one of a link has columns. */
const MOST_MODULES = 177;
const count = integer(0);

/**
 * @template Name, Sentence
 * @param {object} read how names and sentences are read
 * @param {import("./decoders.js").Decoder<Name>} read.nickname
 * @param {import("./decoders.js").Decoder<string>} read.name
 * @param {import("./decoders.js").Decoder<Sentence>} read.sentence
 */
export function admissionDecoders({ nickname, name, sentence }) {
  const short = text(256);
  const ref = optional(short, undefined);
  const invitation = object({
    id: short,
    uses: count,
    used: count,
    created: short,
    expires: short,
    creator: optional(name, ""),
    nickname: optional(name, ""),
    room: optional(name, ""),
    role: optional(short, "member"),
  });
  const waiter = object({
    nickname,
    author: short,
    client: optional(short, "terminal"),
    waited: optional(count, 0),
    lost: optional(boolean, false),
  });
  return {
    waiting: object({
      position: integer(1),
      content: sentence,
      nickname,
      name,
      host: optional(name, ""),
      waited: optional(count, 0),
      keeps: optional(count, 0),
      ref,
    }),
    queue: object({
      people: list(waiter, MOST_LISTED),
      count: optional(count, 0),
      approval: optional(boolean, false),
      ref,
    }),
    invited: object({ invitation, code: short, qr: optional(list(short, MOST_MODULES), []), ref }),
    invitations: object({ invitations: list(invitation, MOST_LISTED), ref }),
  };
}
