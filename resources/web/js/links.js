// @ts-check
/**
 * Which parts of a text are addresses of web pages, by the rules of the window and the exports.
 *
 * A text is looked at by its shape: every character beyond ASCII is replaced by one that stands for its kind.
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
const HOST = new RegExp(
  `(?:\\[[0-9a-f:.]+\\]|(?:${ANY_LABEL}\\.)*(?:${LABEL}|${EAST_ASIAN}+))(?::[0-9]+)?`,
  "iuy",
);
/** The sentence's own punctuation, where an address ends in it. */
const BEHIND = `.,:;!?'${WITHIN}`;
/** Marks that stand on both sides of an address. */
const AROUND = "*_~";
const NUMBER = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/iu;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/u;
const CJK =
  /[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u{1b000}-\u{1b16f}\u{20000}-\u{3ffff}]/u;

/**
 * The addresses in one line, from the first to the last.
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
 * @param {string} run without anything that ends an address in any case
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
 * Where an address ends, and where to look for the next. It is none, and ends where its host begins, if a person's
 * name stands there: it seems to lead elsewhere.
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
 * Whether an address would end in what belongs to the sentence.
 * @param {string} run
 * @param {number} start
 * @param {number} end
 */
function isAround(run, start, end) {
  const last = run[end - 1];
  return BEHIND.includes(last) || (AROUND.includes(last) && run[start - 1] === last);
}

/**
 * Where a path cannot go on: at East Asian text, and at a bracket that has no partner in it.
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
 * The first bracket there whose partner is further on, or else the end.
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
 * Of every bracket that has one, where its partner stands.
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
 * Whether browsers go where it says: some numbers they would read as another address, or as none.
 * @param {string} address
 */
function leadsThere(address) {
  const [, host, port = "0"] = /^https?:\/\/(\[[^\]]*\]|[^/?#:]*)(?::([0-9]+))?/iu.exec(address) ?? ["", ""];
  if (Number(port) > 65535) return false;
  if (host.startsWith("[")) return hrefOf(`http://${host}`) !== `http://${host}`;
  return !NUMBER.test(host.normalize("NFKC")) || IPV4.test(host);
}

/**
 * The address as the browser reads it; unchanged where it cannot.
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
 * What a character beyond ASCII stands for in an address.
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
