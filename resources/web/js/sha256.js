// @ts-check
/**
 * SHA-256 (FIPS 180-4) and HMAC (RFC 2104). Browsers have both, but not for a page that came over plain HTTP.
 */

const BLOCK = 64;
const PRIMES = firstPrimes(64);
/** The first 32 bits of the fractions of the cube roots of the first primes, and of the square roots. */
const ROUNDS = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

/**
 * The HMAC of a text, in hexadecimal.
 * @param {string} key at most 64 characters, as bytes
 * @param {string} text
 */
export function hmacSha256(key, text) {
  const encoder = new TextEncoder();
  const padded = new Uint8Array(BLOCK);
  const bytes = encoder.encode(key);
  padded.set(bytes.length > BLOCK ? sha256(bytes) : bytes);
  const inner = sha256(joined(masked(padded, 0x36), encoder.encode(text)));
  return hexadecimal(sha256(joined(masked(padded, 0x5c), inner)));
}

/** @param {Uint8Array} bytes */
export function sha256(bytes) {
  const words = new DataView(withLength(bytes).buffer);
  const state = Uint32Array.from(START);
  for (let at = 0; at < words.byteLength; at += BLOCK) digestBlock(state, words, at);
  const digest = new DataView(new ArrayBuffer(4 * state.length));
  state.forEach((word, index) => digest.setUint32(4 * index, word));
  return new Uint8Array(digest.buffer);
}

/**
 * @param {Uint32Array} state
 * @param {DataView} words
 * @param {number} at where the block begins
 */
function digestBlock(state, words, at) {
  const schedule = new Uint32Array(ROUNDS.length);
  let [a, b, c, d, e, f, g, h] = state;
  for (const [round, constant] of ROUNDS.entries()) {
    schedule[round] = round < 16 ? words.getUint32(at + 4 * round) : mixed(schedule, round);
    const one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + constant + schedule[round];
    const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] += word;
}

/**
 * The word of a later round.
 * @param {Uint32Array} schedule
 * @param {number} round
 */
function mixed(schedule, round) {
  const [early, late] = [schedule[round - 15], schedule[round - 2]];
  const one = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
  const two = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
  return schedule[round - 16] + one + schedule[round - 7] + two;
}

/** A word, turned to the right. @param {number} word @param {number} bits */
function turned(word, bits) {
  return (word >>> bits) | (word << (32 - bits));
}

/** The bytes, and what says how many they are: whole blocks. @param {Uint8Array} bytes */
function withLength(bytes) {
  const whole = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  new DataView(whole.buffer).setUint32(whole.length - 4, 8 * bytes.length);
  return whole;
}

/** @param {Uint8Array} bytes @param {number} mask */
function masked(bytes, mask) {
  return bytes.map((byte) => byte ^ mask);
}

/** @param {Uint8Array} one @param {Uint8Array} other */
function joined(one, other) {
  return Uint8Array.of(...one, ...other);
}

/** @param {Uint8Array} bytes */
function hexadecimal(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {number} root */
function fraction(root) {
  return Math.floor((root % 1) * 2 ** 32);
}

/** @param {number} count */
function firstPrimes(count) {
  /** @type {number[]} */
  const primes = [];
  for (let number = 2; primes.length < count; number += 1)
    if (primes.every((prime) => number % prime)) primes.push(number);
  return primes;
}
