// @ts-check
/** Decoders of the events about who may say what when. Names and sentences are decoded as everywhere. */

import { boolean, integer, list, number, object, optional, text } from "./decoders.js";

/** Messages and hands in one event: several times what hosts send. */
const MOST = 1000;
const MOST_CONTENT_CHARS = 64 * 1024;

/**
 * @param {object} decode
 * @param {import("./decoders.js").Decoder<string>} decode.name of a person
 * @param {import("./decoders.js").Decoder<string>} decode.sentence
 * @param {import("./decoders.js").Decoder<string>} decode.moment
 */
export function paceDecoders({ name, sentence, moment }) {
  const word = text(256);
  const line = optional(sentence, "");
  const ref = optional(word, undefined);
  const count = integer(0);
  const no = optional(boolean, false);
  const heldMessage = object({
    ...{ held: count, nickname: name, author: word, content: text(MOST_CONTENT_CHARS), timestamp: moment },
    ...{ id: optional(word, ""), reply_to: optional(count, 0), action: no, nameless: no, declined: line },
  });
  const hand = object({ nickname: name, author: word, raised_at: moment });
  return {
    held: object({ room: word, messages: list(heldMessage, MOST), waits_for: line, all: no, ref }),
    decided: object({
      ...{ room: word, held: count, approved: no, declined: no, content: line },
      ...{ id: optional(word, ""), ref },
    }),
    hands: object({ room: word, hands: list(hand, MOST), count, place: optional(count, undefined), ref }),
    called: object({ room: word, nickname: name, author: word, by: name, timestamp: moment, ref }),
    asked: object({ room: word, content: sentence, held: no, ref }),
    wait: object({ room: word, seconds: number }),
  };
}
