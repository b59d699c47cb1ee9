// @ts-check
/** The content of a message as paragraphs of plain text and safe links. */

import { linesOf } from "./clean-text.js";
import { el } from "./dom.js";
import { hrefOf, linksIn } from "./links.js";

/**
 * Most paragraphs, each with its own direction. Further lines share the last one: thousands of elements would take a
 * browser a second to lay out.
 */
const MOST_PARAGRAPHS = 100;
/** Characters that become paragraphs of their own: more than a collapsed message shows, and than hosts accept. */
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
  // The keyboard can reach a link in a collapsed message, which expands it: paragraphs with links are laid out.
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
