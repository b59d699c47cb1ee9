// @ts-check
import { part } from "./dom.js";

/** @type {string[]} */
const waiting = [];

/**
 * Say something to people who cannot see it.
 * @param {string} sentence
 */
export function announce(sentence) {
  if (!sentence) return;
  // What is said at the same time is said together: else only the last sentence would be heard.
  if (!waiting.length) queueMicrotask(() => (part("announcer").textContent = waiting.splice(0).join(" ")));
  waiting.push(sentence);
}
