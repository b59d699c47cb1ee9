// @ts-check
/**
 * Decoders of the events of keeping order: what one is oneself, and the answers to host and moderators. Names and
 * sentences are decoded as everywhere.
 */

import { boolean, integer, list, object, optional, text } from "./decoders.js";

const MOST_NAME_CHARS = 256;
/** Rights, names and entries in one event: several times what hosts send. */
const MOST = 1000;

/**
 * @param {object} decode
 * @param {import("./decoders.js").Decoder<string>} decode.name of a person
 * @param {import("./decoders.js").Decoder<string>} decode.sentence
 */
export function orderDecoders({ name, sentence }) {
  const word = text(MOST_NAME_CHARS);
  const words = optional(word, "");
  const line = optional(sentence, "");
  const ref = optional(word, undefined);
  const more = optional(boolean, false);
  const who = { nickname: name, author: words };
  const about = { room: words, until: words, reason: line };
  const held = object({ ...who, ...about, kind: word, at: word, by: line, value: words });
  const entry = object({ ...who, ...about, number: integer(0), at: word, act: word, by: line, detail: line });
  return {
    standing: object({
      room: word,
      role: optional(word, "member"),
      rights: optional(list(word, MOST), /** @type {string[]} */ ([])),
      everywhere: optional(boolean, false),
      muted: optional(boolean, false),
      until: words,
      by: line,
      reason: line,
    }),
    done: object({ ...who, ...about, act: word, content: sentence, before: line, ref }),
    neighbours: object({
      ...who,
      address: words,
      names: optional(list(name, MOST), /** @type {string[]} */ ([])),
      count: optional(integer(0), 0),
      ref,
    }),
    bans: object({ standings: list(held, MOST), more, ref }),
    audit: object({ entries: list(entry, MOST), more, ref }),
    order_kept: object({}),
  };
}
