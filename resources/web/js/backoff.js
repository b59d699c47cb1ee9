// @ts-check
/** The delay before the next attempt to connect. */

import { TRY_AGAIN_LATER } from "./protocol.js";

/** In ms: short enough that a restarted host is found at once. */
const FIRST = 1000;
/** In ms: a host that returns is found within half a minute. */
const LONGEST = 30_000;
/** Added in ms for a host that asks for time, so that it can recover. */
const LATER_AT_LEAST = 5000;

/**
 * Exponential backoff with jitter: each delay is between half and all of its length, so that a room full of pages does
 * not reconnect at the same moment.
 * @param {number} attempts failed attempts so far
 * @param {number} code the close code of the last one
 * @param {number} random 0 to 1
 * @returns {number} ms
 */
export function backoffDelay(attempts, code, random) {
  const pause = Math.min(FIRST * 2 ** attempts, LONGEST) * (0.5 + random / 2);
  return code === TRY_AGAIN_LATER ? LATER_AT_LEAST + pause : pause;
}
