// @ts-check
/** What somebody wrote, as paragraphs of plain text and safe links. */

import { linesOf } from "./clean-text.js";
import { el } from "./dom.js";
import { hrefOf, linksIn } from "./links.js";

/** Paragraphs with a direction of their own; a message of more lines keeps them in its last one, which a fold lays out
 * for its links alone. */
const MOST_PARAGRAPHS = 100;
/** So much of it fills more lines than any fold shows, in characters; hosts let nobody say more at once. */
const MOST_SHOWN_CHARS = 10_000;

/**
 * @param {string} content
 * @returns {HTMLParagraphElement[]} at least one
 */
export function paragraphs(content) {
  const lines = linesOf(content.slice(0, MOST_SHOWN_CHARS));
  const beyond = content.slice(MOST_SHOWN_CHARS);
  const rest = lines.splice(MOST_PARAGRAPHS).join("\n") + beyond;
  const all = lines.map(paragraph);
  if (!rest) return all;
  const last = paragraph(rest);
  // The keyboard reaches a link in a fold, and opens it.
  if (beyond || !last.querySelector("a")) last.className = "beyond";
  return [...all, last];
}

/** @param {string} line */
function paragraph(line) {
  return el("p", { dir: "auto" }, ...(line ? linkified(line) : [el("br")]));
}

/**
 * @param {string} line
 * @returns {(Node | string)[]}
 */
function linkified(line) {
  const nodes = [];
  let end = 0;
  for (const { index, address } of linksIn(line)) {
    nodes.push(line.slice(end, index), linkTo(address));
    end = index + address.length;
  }
  return [...nodes, line.slice(end)];
}

/** @param {string} address */
function linkTo(address) {
  return el("a", { href: hrefOf(address), target: "_blank", rel: "noopener noreferrer", dir: "ltr" }, address);
}
