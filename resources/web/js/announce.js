// @ts-check
import { part } from "./dom.js";

/**
 * Say something to who cannot see it.
 * @param {string} sentence
 */
export function announce(sentence) {
  part("announcer").textContent = sentence;
}
