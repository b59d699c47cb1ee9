// @ts-check
/** How long to wait before the next attempt. */

import { TRY_AGAIN_LATER } from "./protocol.js";

const FIRST = 1000;
const LONGEST = 30_000;
const LATER_AT_LEAST = 5000;

/**
 * Doubling pauses, each between half and all of its length, so that a room full of pages does not come back at once.
 * @param {number} attempts failed attempts so far
 * @param {number} code the close code of the last one
 * @param {number} random 0 to 1
 * @returns {number} ms
 */
export function backoffDelay(attempts, code, random) {
  const pause = Math.min(FIRST * 2 ** attempts, LONGEST) * (0.5 + random / 2);
  return code === TRY_AGAIN_LATER ? LATER_AT_LEAST + pause : pause;
}
