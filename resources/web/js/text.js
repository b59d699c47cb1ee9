// @ts-check
/** What somebody wrote, as paragraphs of plain text and safe links. */

import { linesOf } from "./clean.js";
import { el } from "./dom.js";
import { hrefOf, linksIn } from "./links.js";

/** Paragraphs with a direction of their own; a message of more lines keeps them in its last one. */
const PARAGRAPHS = 100;

/**
 * @param {string} content
 * @returns {HTMLParagraphElement[]} at least one
 */
export function paragraphs(content) {
  const lines = linesOf(content);
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
