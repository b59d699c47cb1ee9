// @ts-check
/** Calling the host's addresses: the host sees by which of them it is reached. What it answers means nothing here. */

import { timeoutSignal } from "./timeout.js";
import { encrypted, basePath } from "./base-url.js";

const MIN_INTERVAL = 10_000;
const TIMEOUT = 3000;
const MOST_ADDRESSES = 8;
const NONCE = /^[0-9a-f]{32}$/u;
/** Addresses that are nobody's on the internet; a page's policy knows no IPv6 ones. */
const PRIVATE = /^(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+$/u;

let probedAt = -MIN_INTERVAL;

/**
 * Call a page of the host's. The browser goes nowhere else from there: the policy of this page names these addresses.
 * @param {string} origin
 * @param {string} nonce
 */
export async function sendProbe(origin, nonce) {
  const url = `${origin}/reach/${nonce}?at=${Date.now()}`;
  try {
    await fetch(url, {
      mode: "no-cors",
      cache: "no-store",
      credentials: "omit",
      signal: timeoutSignal(TIMEOUT),
    });
  } catch {
    // Who is not reached is what the host wants to know.
  }
}

/** Whether this page can call at all: neither an encrypted port nor that of a proxy is the host's own. */
export const canProbe = !encrypted && basePath === "/";

/**
 * Call the addresses that the host asks for: private ones, at its own port, and not too often.
 * @param {{nonce: string, addresses: string[]}} question
 */
export function probeAddresses({ nonce, addresses }) {
  const now = performance.now();
  if (!canProbe || !NONCE.test(nonce) || now - probedAt < MIN_INTERVAL) return;
  probedAt = now;
  for (const address of addresses.slice(0, MOST_ADDRESSES).filter((it) => PRIVATE.test(it))) {
    sendProbe(`http://${address}:${location.port || 80}`, nonce);
  }
}
