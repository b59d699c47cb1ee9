// @ts-check
/** Requests to the host's addresses: the host learns which of them are reachable from here. The answers are ignored. */

import { timeoutSignal } from "./timeout.js";
import { encrypted, basePath } from "./base-url.js";

/** Between two rounds of probes, in ms: a host cannot use pages to flood a network. */
const MIN_INTERVAL = 10_000;
/** In ms: an address on the local network answers far sooner. */
const TIMEOUT = 3000;
/** More addresses than a host has on private networks. */
const MOST_ADDRESSES = 8;
const NONCE = /^[0-9a-f]{32}$/u;
/** Private IPv4 addresses. A content security policy cannot name IPv6 ones. */
const PRIVATE = /^(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+$/u;

let probedAt = -MIN_INTERVAL;

/**
 * Request a probe page of the host. The page's content security policy allows these addresses alone, so that no
 * redirect leads elsewhere.
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
    // An address that is not reachable is what the host wants to know.
  }
}

/** Whether the page can send probes: it has to come from the host's own port, neither encrypted nor through a proxy. */
export const canProbe = !encrypted && basePath === "/";

/**
 * Probe the addresses that the host asks for: private ones at its own port, and not too often.
 * @param {{nonce: string, addresses: string[]}} event
 */
export function probeAddresses({ nonce, addresses }) {
  const now = performance.now();
  if (!canProbe || !NONCE.test(nonce) || now - probedAt < MIN_INTERVAL) return;
  probedAt = now;
  for (const address of addresses.slice(0, MOST_ADDRESSES).filter((it) => PRIVATE.test(it))) {
    sendProbe(`http://${address}:${location.port || 80}`, nonce);
  }
}
