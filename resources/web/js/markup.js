// @ts-check
/**
 * Draws the tree of a message as elements. Its text becomes text nodes, and its links lead only where `isLink` allows.
 *
 * @typedef {import("./markup-decoder.js").Block} Block
 * @typedef {import("./markup-decoder.js").Inline} Inline
 * @typedef {import("./markup-decoder.js").Mention} Mention
 * @typedef {(mention: Mention) => boolean} IsOwn whether a mention means oneself
 */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { hrefOf } from "./links.js";
import { foreignHost, plainText } from "./markup-rules.js";

/** Text whose first letter is of a script that is written from right to left. */
const RIGHT_TO_LEFT = /^\P{L}*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Whether the keyboard reaches what scrolls: only then is there something to scroll. */
const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const scrolls = target.scrollWidth > target.clientWidth;
    if (scrolls) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});

/**
 * @param {Block[]} blocks
 * @param {IsOwn} isOwn
 * @returns {HTMLElement[]}
 */
export function drawnBlocks(blocks, isOwn) {
  return blocks.map((block) => drawnBlock(block, isOwn));
}

/**
 * @param {Block} block
 * @param {IsOwn} isOwn
 * @returns {HTMLElement}
 */
function drawnBlock(block, isOwn) {
  switch (block.type) {
    case "paragraph":
      return el("p", { dir: "auto" }, ...drawnInline(block.content, isOwn));
    case "code":
      return drawnCode(block);
    case "quote":
      return el("blockquote", { dir: directionOf(block) }, ...drawnBlocks(block.blocks, isOwn));
    case "list":
      return drawnList(block, isOwn);
    case "table":
      return drawnTable(block, isOwn);
  }
}

/** @param {import("./markup-decoder.js").CodeBlock} block */
function drawnCode({ text, language, spans }) {
  const label = language ? `Code, ${language}` : "Code";
  const code = el("pre", { role: "region", "aria-label": label }, el("code", {}, ...highlighted(text, spans)));
  resized.observe(code);
  const attributes = { type: "button", class: "icon-button", "data-action": "copy-code", title: "Copy" };
  const button = el("button", { ...attributes, "aria-label": "Copy code" }, icon("copy"));
  return el("div", { class: "code-block", dir: "ltr" }, code, button);
}

/**
 * @param {string} text
 * @param {[length: number, kind: string][]} spans
 */
function highlighted(text, spans) {
  const chars = Array.from(text);
  let end = 0;
  const parts = spans.map(([length, kind]) => {
    const part = chars.slice(end, end + length).join("");
    end += length;
    return kind ? el("span", { class: `code-${kind}` }, part) : part;
  });
  return [...parts, chars.slice(end).join("")];
}

/**
 * @param {import("./markup-decoder.js").List} list
 * @param {IsOwn} isOwn
 */
function drawnList(list, isOwn) {
  const { ordered, start, items } = list;
  const dir = directionOf(list);
  const drawn = items.map((item) => el("li", {}, ...drawnBlocks(item, isOwn)));
  if (!ordered) return el("ul", { dir }, ...drawn);
  const digits = String(start + items.length - 1).length;
  return el("ol", { dir, start, class: digits > 1 ? `digits-${Math.min(digits, 9)}` : undefined }, ...drawn);
}

/**
 * @param {import("./markup-decoder.js").Table} table
 * @param {IsOwn} isOwn
 */
function drawnTable(table, isOwn) {
  const { align, head, rows } = table;
  /** @param {Inline[][]} cells @param {"td" | "th"} tag */
  const row = (cells, tag) =>
    el("tr", {}, ...cells.map((it, index) => el(tag, cellAttributes(align[index], tag), ...drawnInline(it, isOwn))));
  const body = el("tbody", {}, ...rows.map((cells) => row(cells, "td")));
  const frame = { class: "table", role: "region", "aria-label": "Table" };
  const scroller = el("div", frame, el("table", { dir: directionOf(table) }, el("thead", {}, row(head, "th")), body));
  resized.observe(scroller);
  return scroller;
}

/**
 * The direction of what has blocks of its own, by its first letter: `auto` does not look into them.
 * @param {Block} block
 */
function directionOf(block) {
  return RIGHT_TO_LEFT.test(plainText([block])) ? "rtl" : "ltr";
}

/**
 * @param {string} align
 * @param {"td" | "th"} tag
 */
function cellAttributes(align, tag) {
  return { dir: "auto", class: align ? `align-${align}` : undefined, scope: tag === "th" ? "col" : undefined };
}

/**
 * @param {Inline[]} content
 * @param {IsOwn} isOwn
 * @returns {(Node | string)[]}
 */
function drawnInline(content, isOwn) {
  return content.flatMap((piece) => drawnPiece(piece, isOwn));
}

/**
 * @param {Inline} piece
 * @param {IsOwn} isOwn
 * @returns {(Node | string)[]}
 */
function drawnPiece(piece, isOwn) {
  if (typeof piece === "string") return [piece];
  switch (piece.type) {
    case "strong":
      return [el("strong", {}, ...drawnInline(piece.content, isOwn))];
    case "emphasis":
      return [el("em", {}, ...drawnInline(piece.content, isOwn))];
    case "strike":
      return [el("s", {}, ...drawnInline(piece.content, isOwn))];
    case "code":
      return [el("code", { dir: "ltr" }, piece.text)];
    case "link":
      return drawnLink(piece, isOwn);
    case "mention":
      return [el(isOwn(piece) ? "mark" : "span", { class: "mention" }, el("bdi", {}, `@${piece.name}`))];
    case "break":
      return [el("br")];
  }
}

/**
 * @param {import("./markup-decoder.js").Link} link
 * @param {IsOwn} isOwn
 * @returns {Node[]}
 */
function drawnLink(link, isOwn) {
  const outside = /^https?:/iu.test(link.url);
  const isAddress = link.content.length === 1 && link.content[0] === link.url;
  const attributes = outside
    ? { href: hrefOf(link.url), target: "_blank", rel: "noopener noreferrer", dir: isAddress ? "ltr" : undefined }
    : { href: link.url };
  const host = foreignHost(link);
  const drawn = el("a", attributes, ...drawnInline(link.content, isOwn));
  return host ? [drawn, el("span", { class: "foreign-host" }, " (", el("bdi", {}, host), ")")] : [drawn];
}
