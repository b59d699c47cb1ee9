// @ts-check
/**
 * Has screen readers read out new messages: neither one's own nor history.
 *
 * @typedef {import("./protocol.js").Message} Message
 */

import { el, nameElement, byId } from "./dom.js";
import { onKey } from "./keyboard.js";
import { plainText } from "./markup-rules.js";
import { personKey } from "./own-identity.js";

/** Messages within this time after the first one, in ms, are read out together: reading out one cuts off another. */
const GATHER_TIME = 1000;
/** Screen readers fall silent at each key: wait this long after one, in ms, because more are likely. */
const TYPING_PAUSE = 1000;
/** Messages do not wait longer than this for a person who keeps typing, in ms: after it they would be old news. */
const MAX_WAIT = 10_000;
/** More messages than this are only counted, and the last one is read out: speech takes a few seconds for each. */
const MOST_READ = 5;
/** How much of a long message is read out, in characters: about half a minute of speech. */
const MOST_CHARS = 500;
/**
 * The text is removed after this time, in ms, when screen readers have taken it up: otherwise it is found again when
 * moving through the page.
 */
const REMOVE_AFTER = 10_000;

export class MessageAnnouncer {
  /** @type {Message[]} the last of the messages to read out */
  #waiting = [];
  #count = 0;
  #since = 0;
  #typedAt = -TYPING_PAUSE;
  #clearing = 0;

  constructor() {
    this.region = byId("new-messages");
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

  /** Read out now, or after a pause in typing. */
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
 * The words to read out: "Ben: Good morning. Is the printer on? Ines: Yes."; of many their number and the last one.
 * @param {Message[]} messages
 * @param {number} count of all, including those that have been dropped
 * @returns {(Node | string)[]}
 */
function wordsOf(messages, count) {
  const last = messages[messages.length - 1];
  if (count > MOST_READ) {
    return [`${count} new messages. The last is from `, nameElement(last.nickname), `: ${sentenceOf(last)}`];
  }
  return messages.flatMap((message, index) => {
    const before = messages[index - 1];
    const continues = before && personKey(before) === personKey(message);
    const author = continues ? [] : [nameElement(message.nickname), ":"];
    return [index && !continues ? " " : "", ...author, ` ${sentenceOf(message)}`];
  });
}

/** The words, with a full stop unless they end in punctuation. @param {Message} message */
function sentenceOf({ content, body }) {
  const letters = Array.from(
    (body ? plainText(body) : content)
      .slice(0, 4 * MOST_CHARS)
      .replace(/\s+/gu, " ")
      .trim(),
  );
  const words = letters.length > MOST_CHARS ? `${letters.slice(0, MOST_CHARS).join("")}…` : letters.join("");
  return /[.!?…:;。！？]$/u.test(words) ? words : `${words}.`;
}
