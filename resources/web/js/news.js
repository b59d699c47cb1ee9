// @ts-check
/**
 * New messages, read out to people who cannot see them come. One's own words and history are no news.
 *
 * @typedef {import("./protocol.js").Message} Message
 */

import { el, nameOf, part } from "./dom.js";
import { onKey } from "./keys.js";

/** What comes within this time of the first message is read out with it, in ms. */
const GATHERS = 1000;
/** So long after a key more keys are likely, and a reader falls silent at each, in ms. */
const TYPED = 1000;
/** So long messages wait for somebody who never stops typing, in ms. */
const WAITS = 10_000;
/** More messages than this are counted, and only the last one is read. */
const FEW = 5;
/** Of a longer message only the beginning is read, in characters. */
const SHOWN = 500;
/** Then it goes, so that nobody who walks through the page finds it twice, in ms. */
const STAYS = 10_000;

/**
 * What an event brings that nobody here has seen before.
 * @param {import("./protocol.js").Event} event
 * @param {import("./state.js").ChatState} state as it was before the event
 * @returns {Message[]}
 */
export function newsIn(event, { epoch, log, nickname }) {
  const missed = event.type === "history" && !event.ref && event.epoch === epoch;
  /** @type {Message[]} */
  const messages = event.type === "message" ? [event] : missed ? event.messages : [];
  return messages.filter((it) => it.seq > log.latest && it.nickname !== nickname);
}

export class News {
  /** @type {Message[]} the last of them */
  #waiting = [];
  #count = 0;
  #since = 0;
  #typedAt = -TYPED;
  #going = 0;

  constructor() {
    this.region = part("news");
    onKey(window, () => (this.#typedAt = performance.now()));
  }

  /** @param {Message[]} messages */
  hear(messages) {
    if (!this.#waiting.length && messages.length) {
      this.#since = performance.now();
      setTimeout(() => this.#goOn(), GATHERS);
    }
    this.#count += messages.length;
    this.#waiting = [...this.#waiting, ...messages].slice(-FEW);
  }

  /** Not between the keys. */
  #goOn() {
    const left = Math.min(this.#typedAt + TYPED, this.#since + WAITS) - performance.now();
    if (left > 0) setTimeout(() => this.#goOn(), left);
    else this.#read();
  }

  #read() {
    this.region.replaceChildren(el("p", {}, ...wordsOf(this.#waiting, this.#count)));
    this.#waiting = [];
    this.#count = 0;
    clearTimeout(this.#going);
    this.#going = setTimeout(() => this.region.replaceChildren(), STAYS);
  }
}

/**
 * "Ben: Good morning. Is the printer on? Ines: Yes."; many are counted, and the last one is read.
 * @param {Message[]} messages
 * @param {number} count of all, also of those that are not here
 * @returns {(Node | string)[]}
 */
function wordsOf(messages, count) {
  const last = messages[messages.length - 1];
  if (count > FEW) {
    return [`${count} new messages. The last is from `, nameOf(last.nickname), `: ${sentenceOf(last)}`];
  }
  return messages.flatMap((message, index) => {
    const continues = messages[index - 1]?.nickname === message.nickname;
    const author = continues ? [] : [nameOf(message.nickname), ":"];
    return [index && !continues ? " " : "", ...author, ` ${sentenceOf(message)}`];
  });
}

/** The text with a full stop, where it does not end in something like one. @param {Message} message */
function sentenceOf({ content }) {
  const letters = Array.from(content.slice(0, 4 * SHOWN).replace(/\s+/gu, " ").trim());
  const words = letters.length > SHOWN ? `${letters.slice(0, SHOWN).join("")}…` : letters.join("");
  return /[.!?…:;。！？]$/u.test(words) ? words : `${words}.`;
}
