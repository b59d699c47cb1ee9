// @ts-check
import { el, part } from "./dom.js";

/** More sentences than these at once nobody listens to: then the last ones are said. */
const MOST_SENTENCES = 5;

/** @type {string[]} */
const waiting = [];

/**
 * Say something to people who cannot see it.
 * @param {string} sentence
 */
export function announce(sentence) {
  if (!sentence) return;
  // What is said at the same time is said together: else only the last sentence would be heard.
  if (!waiting.length) queueMicrotask(speak);
  waiting.push(sentence);
}

/** In an element of its own: the same words once more in the one before would be no change. */
function speak() {
  part("announcer").replaceChildren(el("p", {}, waiting.splice(0).slice(-MOST_SENTENCES).join(" ")));
}
