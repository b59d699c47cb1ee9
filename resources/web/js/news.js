// @ts-check
/**
 * New messages, read out to people who cannot see them come. One's own words and history are no news.
 *
 * @typedef {import("./protocol.js").Message} Message
 */

import { el, nameOf, part } from "./dom.js";

/** What comes within this time of the first message is read out with it, in ms. */
const MERGES = 1000;
/** More messages than this are counted, and only the last one is read. */
const MOST_READ = 3;
/** Of a longer message only the beginning is read, in characters. */
const LONGEST = 300;
/** Then it goes, so that nobody who walks through the page finds it twice, in ms. */
const STAYS = 10_000;

/**
 * What an event brings that nobody here has seen before.
 * @param {any} event
 * @param {import("./state.js").ChatState} state as it was before the event
 * @returns {Message[]}
 */
export function newsIn(event, { epoch, log, nickname }) {
  const missed = event.type === "history" && !event.ref && event.epoch === epoch;
  const messages = event.type === "message" ? [event] : missed ? event.messages : [];
  return messages.filter((/** @type {Message} */ it) => it.seq > log.latest && it.nickname !== nickname);
}

export class News {
  /** @type {Message[]} */
  #waiting = [];
  #going = 0;

  constructor() {
    this.region = part("news");
  }

  /** @param {Message[]} messages */
  hear(messages) {
    if (!this.#waiting.length && messages.length) setTimeout(() => this.#read(), MERGES);
    this.#waiting.push(...messages);
  }

  #read() {
    const messages = this.#waiting;
    this.#waiting = [];
    this.region.replaceChildren(...(messages.length > MOST_READ ? [summaryOf(messages)] : messages.map(wordsOf)));
    clearTimeout(this.#going);
    this.#going = setTimeout(() => this.region.replaceChildren(), STAYS);
  }
}

/** @param {Message} message */
function wordsOf({ nickname, content }) {
  const words = Array.from(content);
  const begun = words.length > LONGEST ? `${words.slice(0, LONGEST).join("")}…` : content;
  return el("p", {}, nameOf(nickname), `: ${begun}`);
}

/** @param {Message[]} messages */
function summaryOf(messages) {
  const last = wordsOf(messages[messages.length - 1]);
  last.prepend(`${messages.length} new messages. The last one is from `);
  return last;
}
