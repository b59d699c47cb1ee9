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

/** Longer than three families. */
const MOST_EMOJI_CHARS = 120;
const PICTURE = "(?:(?!\\p{L})\\p{Extended_Pictographic}|\\p{Emoji_Presentation})\\ufe0f?\\p{EMod}?";
const TAG = "[\\u{e0020}-\\u{e007e}]+\\u{e007f}";
const EMOJI = `(?:\\p{RI}\\p{RI}|[#*0-9]\\ufe0f?\\u20e3|${PICTURE}(?:${TAG})?(?:\\u200d${PICTURE})*)`;
const FEW_EMOJI = new RegExp(`^\\s*(?:${EMOJI}\\s*){1,3}$`, "u");

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

/**
 * Whether a text is nothing but one to three emoji, perhaps with white space between them.
 * @param {string} content
 */
export function isFewEmoji(content) {
  return content.length <= MOST_EMOJI_CHARS && FEW_EMOJI.test(content);
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
