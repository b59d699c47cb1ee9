// @ts-check
/**
 * Finds web addresses in text, by the rules that window, exports and page share (chatdesk/protocol/links.py).
 *
 * The search runs on the shape of a text, in which a character of the same kind stands for each one beyond ASCII.
 *
 * @typedef {{index: number, address: string}} Link
 */

import { IGNORABLE } from "./clean-text.js";

const LETTER = "\u00e4";
const EAST_ASIAN = "\u5b57";
const WITHIN = "\u2019";
const END = " ";

const RUN = /[^\s\0-\x1f\x7f<>"`{}|\\^]+/gu;
const SCHEME = /https?:\/\//giu;
const AUTHORITY = /[^/?#]*/uy;
const LABEL = `[\\w${LETTER}][\\w${LETTER}-]*`;
const ANY_LABEL = `[\\w${LETTER}${EAST_ASIAN}][\\w${LETTER}${EAST_ASIAN}-]*`;
const HOST = new RegExp(`(?:\\[[0-9a-f:.]+\\]|(?:${ANY_LABEL}\\.)*(?:${LABEL}|${EAST_ASIAN}+))(?::[0-9]+)?`, "iuy");
/** Punctuation that belongs to the sentence if an address ends in it. */
const BEHIND = `.,:;!?'${WITHIN}`;
/** Marks that surround an address, as in *emphasis*. */
const AROUND = "*_~";
const NUMBER = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/iu;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/u;
const CJK =
  /[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u{1b000}-\u{1b16f}\u{20000}-\u{3ffff}]/u;

/**
 * The addresses in one line, in their order.
 * @param {string} text
 * @returns {Link[]}
 */
export function linksIn(text) {
  if (!text.includes("://")) return [];
  const shape = text.replace(/[^\0-\x7f]/gu, (char) => shapeOf(char).repeat(char.length));
  const found = [...shape.matchAll(RUN)].flatMap(({ 0: run, index }) =>
    linksInRun(run).map(([start, end]) => ({ index: index + start, address: text.slice(index + start, index + end) })),
  );
  return found.filter(({ address }) => leadsThere(address));
}

/**
 * Where addresses begin and end.
 * @param {string} run without characters that always end an address
 * @returns {[number, number][]}
 */
function linksInRun(run) {
  /** @type {[number, number][]} */
  const found = [];
  const partners = run.includes("://") ? partnersIn(run) : new Map();
  SCHEME.lastIndex = 0;
  for (let match = SCHEME.exec(run); match; match = SCHEME.exec(run)) {
    if (/[a-z0-9+]/iu.test(run[match.index - 1] ?? "")) continue;
    const { end, next } = endOf(run, match.index, SCHEME.lastIndex, partners);
    if (end > SCHEME.lastIndex) found.push([match.index, end]);
    SCHEME.lastIndex = next;
  }
  return found;
}

/**
 * Where an address ends, and where to search for the next. An address with user information is none (it ends where its
 * host begins): it seems to lead elsewhere.
 * @param {string} run
 * @param {number} start
 * @param {number} host behind its scheme
 * @param {Map<number, number>} partners
 */
function endOf(run, start, host, partners) {
  const authority = matchAt(AUTHORITY, run, host);
  const name = matchAt(HOST, run, host);
  const path = host + authority.length;
  if (!name || authority.includes("@")) return { end: host, next: path };
  if (name.length < authority.length) return { end: host + name.length, next: host + name.length };
  const next = stopOf(run, path, partners);
  let end = openedAt(path, next, partners);
  while (end > path && isAround(run, start, end)) end -= 1;
  return { end, next };
}

/**
 * Whether the last character of an address belongs to the sentence.
 * @param {string} run
 * @param {number} start
 * @param {number} end
 */
function isAround(run, start, end) {
  const last = run[end - 1];
  return BEHIND.includes(last) || (AROUND.includes(last) && run[start - 1] === last);
}

/**
 * Where a path ends: at East Asian text, or at a bracket without a partner in the path.
 * @param {string} run
 * @param {number} path
 * @param {Map<number, number>} partners
 */
function stopOf(run, path, partners) {
  for (let at = path; at < run.length; at += 1) {
    const alone = "()[]".includes(run[at]) && (partners.get(at) ?? -1) < path;
    if (run[at] === EAST_ASIAN || alone) return at;
  }
  return run.length;
}

/**
 * The first bracket whose partner is beyond the end; otherwise the end.
 * @param {number} path
 * @param {number} end
 * @param {Map<number, number>} partners
 */
function openedAt(path, end, partners) {
  for (let at = path; at < end; at += 1) {
    if ((partners.get(at) ?? 0) >= end) return at;
  }
  return end;
}

/**
 * The position of the partner of every bracket that has one.
 * @param {string} run
 * @returns {Map<number, number>}
 */
function partnersIn(run) {
  const found = new Map();
  const opened = [];
  for (const { 0: sign, index } of run.matchAll(/[()[\]]/gu)) {
    const open = { ")": "(", "]": "[" }[sign];
    if (!open) opened.push(index);
    else if (run[opened[opened.length - 1]] === open) {
      const partner = opened.pop();
      found.set(index, partner).set(partner, index);
    }
  }
  return found;
}

/**
 * Whether browsers open the address as written: some numeric hosts and ports mean another address to them, or none.
 * @param {string} address
 */
function leadsThere(address) {
  const [, host, port = "0"] = /^https?:\/\/(\[[^\]]*\]|[^/?#:]*)(?::([0-9]+))?/iu.exec(address) ?? ["", ""];
  if (Number(port) > 65535) return false;
  if (host.startsWith("[")) return hrefOf(`http://${host}`) !== `http://${host}`;
  return !NUMBER.test(host.normalize("NFKC")) || IPV4.test(host);
}

/**
 * The address as the browser normalizes it; unchanged if it cannot be parsed.
 * @param {string} address
 */
export function hrefOf(address) {
  try {
    return new URL(address).href;
  } catch {
    return address;
  }
}

/**
 * The kind of a character beyond ASCII, as the character that stands for it.
 * @param {string} char
 */
function shapeOf(char) {
  if (/[\u200c\u200d]/u.test(char)) return WITHIN;
  if (IGNORABLE.test(char)) return END;
  const isWord = /[\p{L}\p{M}\p{N}]/u.test(char);
  if (CJK.test(char)) return isWord ? EAST_ASIAN : END;
  if (isWord) return LETTER;
  return /[\p{Pd}\p{Sm}\p{Sc}\p{Sk}\u2019\u00b7]/u.test(char) ? WITHIN : END;
}

/**
 * @param {RegExp} sticky
 * @param {string} text
 * @param {number} at
 */
function matchAt(sticky, text, at) {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? "";
}
