// @ts-check
/**
 * New messages, read out to people who cannot see them come. One's own words and history are no news.
 *
 * @typedef {import("./protocol.js").Message} Message
 */

import { el, nameOf, part } from "./dom.js";
import { onKey } from "./keyboard.js";

/** What comes within this time of the first message is read out with it, in ms. */
const GATHER_TIME = 1000;
/** So long after a key more keys are likely, and a reader falls silent at each, in ms. */
const TYPING_PAUSE = 1000;
/** So long messages wait for somebody who never stops typing, in ms. */
const MAX_WAIT = 10_000;
/** More messages than this are counted, and only the last one is read. */
const MOST_READ = 5;
/** Of a longer message only the beginning is read, in characters. */
const MOST_CHARS = 500;
/** Then it goes, so that nobody who walks through the page finds it twice, in ms. */
const REMOVE_AFTER = 10_000;

/**
 * What an event brings that nobody here has seen before.
 * @param {import("./protocol.js").Event} event
 * @param {import("./state.js").ChatState} state as it was before the event
 * @returns {Message[]}
 */
export function newMessagesIn(event, { epoch, transcript, nickname }) {
  const missed = event.type === "history" && !event.ref && event.epoch === epoch;
  /** @type {Message[]} */
  const messages = event.type === "message" ? [event] : missed ? event.messages : [];
  return messages.filter((it) => it.seq > transcript.newestSeq && it.nickname !== nickname);
}

export class MessageAnnouncer {
  /** @type {Message[]} the last of them */
  #waiting = [];
  #count = 0;
  #since = 0;
  #typedAt = -TYPING_PAUSE;
  #clearing = 0;

  constructor() {
    this.region = part("new-messages");
    onKey(window, () => (this.#typedAt = performance.now()));
  }

  /** @param {Message[]} messages */
  add(messages) {
    if (!this.#waiting.length && messages.length) {
      this.#since = performance.now();
      setTimeout(() => this.#readWhenIdle(), GATHER_TIME);
    }
    this.#count += messages.length;
    this.#waiting = [...this.#waiting, ...messages].slice(-MOST_READ);
  }

  /** Not between the keys. */
  #readWhenIdle() {
    const left = Math.min(this.#typedAt + TYPING_PAUSE, this.#since + MAX_WAIT) - performance.now();
    if (left > 0) setTimeout(() => this.#readWhenIdle(), left);
    else this.#read();
  }

  #read() {
    this.region.replaceChildren(el("p", {}, ...wordsOf(this.#waiting, this.#count)));
    this.#waiting = [];
    this.#count = 0;
    clearTimeout(this.#clearing);
    this.#clearing = setTimeout(() => this.region.replaceChildren(), REMOVE_AFTER);
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
  if (count > MOST_READ) {
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
  const letters = Array.from(content.slice(0, 4 * MOST_CHARS).replace(/\s+/gu, " ").trim());
  const words = letters.length > MOST_CHARS ? `${letters.slice(0, MOST_CHARS).join("")}…` : letters.join("");
  return /[.!?…:;。！？]$/u.test(words) ? words : `${words}.`;
}
