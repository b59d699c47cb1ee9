// @ts-check
/**
 * What the tree of a message says, by the rules that all who draw it share (chatdesk/protocol/markup.py): its words,
 * where links may lead, and which hosts they show.
 *
 * @typedef {import("./markup-decoder.js").Block} Block
 * @typedef {import("./markup-decoder.js").Inline} Inline
 */

import { linksIn } from "./links.js";

const URL_TEXT = /^[^\s\0-\x1f\x7f<>"\\]{1,2000}$/u;
const SERVER = /^https?:\/\/[^/?#]*/iu;
const OTHER_LINK = /^(?:mailto:[\w.+-]+@[\w.-]+|#[\p{L}\p{N}\p{M}_-]+\/[0-9]+|chatdesk:\/\/.+)$/iu;
const HOST = /^(?:https?:\/\/|mailto:[^@]*@)(\[[^\]]*\]|[^/?#:]*)/iu;
/** Characters of a link's words in which hosts are looked for: some become many in the form that is compared. */
const LOOKED_AT = 1000;
/** Words that may name a host, and those that do: a domain, or an IPv4 address. */
const WORD = /[\p{L}\p{N}\p{M}_.-]+/gu;
const NAMED_HOST = /^(?:(?:[^.]+\.)+\p{L}{2,}|(?:[0-9]{1,3}\.){3}[0-9]{1,3})$/u;

/**
 * The words of a tree without marks, with single line breaks.
 * @param {Block[]} blocks
 * @returns {string}
 */
export function plainText(blocks) {
  return blocks.map(blockText).join("\n");
}

/**
 * The words of inline pieces.
 * @param {Inline[]} content
 * @returns {string}
 */
export function inlineText(content) {
  return content.map(pieceText).join("");
}

/**
 * Whether a link may lead there: a plain http or https address, somebody's mail, or a place in a chat.
 * @param {string} url
 */
export function isLink(url) {
  if (!URL_TEXT.test(url)) return false;
  const server = SERVER.exec(url)?.[0];
  if (!server) return OTHER_LINK.test(url);
  const [found] = linksIn(`${server}/`);
  return found?.index === 0 && found.address === `${server}/`;
}

/**
 * The host that a link leads to if its words name another one, so that it is shown beside them; otherwise empty.
 * @param {{url: string, content: Inline[]}} link
 */
export function foreignHost({ url, content }) {
  const host = HOST.exec(url)?.[1].toLowerCase() ?? "";
  return hostsIn(inlineText(content)).some((name) => !`.${host}`.endsWith(`.${name.replace(/^www\./u, "")}`)) ? host : "";
}

/** @param {string} text */
function hostsIn(text) {
  const words = text.slice(0, LOOKED_AT).normalize("NFKC").toLowerCase().match(WORD) ?? [];
  return words.map((word) => word.replace(/^[.-]+|[.-]+$/gu, "")).filter((word) => NAMED_HOST.test(word));
}

/** @param {Block} block @returns {string} */
function blockText(block) {
  switch (block.type) {
    case "paragraph":
      return inlineText(block.content);
    case "code":
      return block.text;
    case "quote":
      return prefixed("> ", "> ", plainText(block.blocks));
    case "list":
      return block.items
        .map((item, index) => prefixed(markOf(block, index), " ".repeat(markOf(block, index).length), plainText(item)))
        .join("\n");
    case "table":
      return [block.head, ...block.rows].map((row) => row.map(inlineText).join("\t")).join("\n");
  }
}

/**
 * What stands before an item of a list.
 * @param {{ordered: boolean, start: number}} list
 * @param {number} index
 */
export function markOf({ ordered, start }, index) {
  return ordered ? `${start + index}. ` : "• ";
}

/**
 * @param {string} first
 * @param {string} further before each other line
 * @param {string} text
 */
function prefixed(first, further, text) {
  return first + text.replaceAll("\n", `\n${further}`);
}

/** @param {Inline} piece @returns {string} */
function pieceText(piece) {
  if (typeof piece === "string") return piece;
  switch (piece.type) {
    case "code":
      return piece.text;
    case "mention":
      return `@${piece.name}`;
    case "break":
      return "\n";
    default:
      return inlineText(piece.content);
  }
}
