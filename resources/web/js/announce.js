// @ts-check
import { el, byId } from "./dom.js";

/** Of more sentences at once only the last ones are announced: nobody listens to more. */
const MOST_SENTENCES = 5;

/** @type {string[]} */
const waiting = [];

/**
 * Have a screen reader say a sentence. Sentences of the same moment are joined: otherwise only the last one is heard.
 * @param {string} sentence
 */
export function announce(sentence) {
  if (!sentence) return;
  if (!waiting.length) queueMicrotask(speak);
  waiting.push(sentence);
}

/** In a new element: repeated words in the same element would not count as a change. */
function speak() {
  byId("announcer").replaceChildren(el("p", {}, waiting.splice(0).slice(-MOST_SENTENCES).join(" ")));
}
