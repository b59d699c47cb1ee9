// @ts-check
/** What somebody wrote, as paragraphs of plain text and safe links. */

import { el } from "./dom.js";

const LINK = /https?:\/\/[^\s<>"`{}|\\^]+/giu;
/** Paragraphs with a direction of their own; a message of more lines keeps them in its last one. */
const PARAGRAPHS = 100;

/**
 * @param {string} content
 * @returns {HTMLParagraphElement[]} at least one
 */
export function paragraphs(content) {
  const lines = content.split(/\r\n|[\n\r\u2028\u2029]/u);
  const rest = lines.splice(PARAGRAPHS).join("\n");
  if (rest) lines.push(rest);
  return lines.map((line) => el("p", { dir: "auto" }, ...(line ? withLinks(line) : [el("br")])));
}

/**
 * @param {string} line
 * @returns {(Node | string)[]}
 */
function withLinks(line) {
  const nodes = [];
  let end = 0;
  for (const match of line.matchAll(LINK)) {
    const address = withoutPunctuation(match[0]);
    const link = linkTo(address);
    if (!link) continue;
    nodes.push(line.slice(end, match.index), link);
    end = match.index + address.length;
  }
  return [...nodes, line.slice(end)];
}

/**
 * The sentence's own punctuation is no part of the address, nor is a bracket that opened before it.
 * @param {string} address
 */
function withoutPunctuation(address) {
  const closing = address.includes("(") ? "" : ")";
  let end = address.length;
  while (end && `.,;:!?'’”*_…${closing}`.includes(address[end - 1])) end -= 1;
  return address.slice(0, end);
}

/**
 * A link, or null for what only looks like one: an address with a user's name in it shows another host than its own.
 * @param {string} address
 */
function linkTo(address) {
  const url = parse(address);
  if (!url || !/^https?:$/u.test(url.protocol) || url.username || url.password) return null;
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", dir: "ltr" }, address);
}

/** @param {string} address */
function parse(address) {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/**
 * What is sent: without what the host refuses, and without empty lines around it.
 * @param {string} text
 */
export function cleanContent(text) {
  return text
    .replace(/\r\n?/gu, "\n")
    .replace(/[\0-\x08\v\f\x0e-\x1f\x7f-\x9f]/gu, "")
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/^\s*\n/u, "")
    .trimEnd();
}
