// @ts-check
/**
 * The text that is copied from the timeline: of one message its content, of several a transcript, as in the window.
 *
 * @typedef {import("./timeline-rows.js").Item} Item
 */

import { announce } from "./announce.js";
import { clockTime } from "./date-time.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";

/** What is one line of a message, or several that belong together. */
const LINES = ".text p, .text pre, .text tr";
const NOT_COPIED = "The browser does not let this page copy: select the code and copy it with the keyboard.";
/** How long a button says that something is copied, in ms. */
const COPIED_TIME = 2000;

/**
 * @param {Selection} selection
 * @param {Iterable<[Element, Item]>} rows
 * @param {string} nickname oneself
 * @returns {string} empty if no content of any message is selected
 */
export function selectedText(selection, rows, nickname) {
  const ranges = Array.from({ length: selection.rangeCount }, (_, index) => selection.getRangeAt(index));
  const said = [...rows]
    .map(([row, item]) => ({ item, words: ranges.map((range) => selectedWords(row, range)).join("") }))
    .filter(({ words }) => words);
  if (said.length < 2) return said[0]?.words ?? "";
  return said.map(({ item, words }) => `${authorOf(item, nickname)}, ${clockTime(item.time)}: ${words}`).join("\n");
}

/**
 * @param {Item} item
 * @param {string} nickname oneself
 */
function authorOf(item, nickname) {
  return item.kind === "message" ? item.nickname : nickname;
}

/**
 * The selected part of a message's content.
 * @param {Element} row
 * @param {Range} range
 */
function selectedWords(row, range) {
  const lines = range.intersectsNode(row) ? [...row.querySelectorAll(LINES)] : [];
  const selected = lines.filter((line) => range.intersectsNode(line)).map((line) => selectedPart(line, range));
  return selected.join("\n").replace(/^\n+|\n+$/gu, "");
}

/**
 * The selected part of a line, with what stands before an item of a list, and without the marks at the line's end.
 * @param {Element} line
 * @param {Range} range
 */
function selectedPart(line, range) {
  const part = document.createRange();
  part.selectNodeContents(line);
  const begins = range.compareBoundaryPoints(Range.START_TO_START, part) <= 0;
  if (!begins) part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
  const words = wordsOf(part.cloneContents());
  return begins && words ? itemMark(line) + words : words;
}

/** @param {DocumentFragment} part of a line */
function wordsOf(part) {
  for (const mark of part.querySelectorAll(".receipt, .edited, .foreign-host")) mark.remove();
  for (const lineBreak of part.querySelectorAll("br")) lineBreak.replaceWith("\n");
  for (const cell of part.querySelectorAll("td + td, th + th")) cell.prepend("\t");
  const words = part.textContent ?? "";
  return words === "\n" ? "" : words;
}

/** What stands before an item of a list, for its first line; otherwise empty. @param {Element} line */
function itemMark(line) {
  const list = line.matches("li > :first-child") ? line.parentElement?.parentElement : null;
  if (!list) return "";
  const index = [...list.children].indexOf(/** @type {Element} */ (line.parentElement));
  return list instanceof HTMLOListElement ? `${list.start + index}. ` : "• ";
}

/** Copy the code beside this button. @param {Element} button */
export function copyCode(button) {
  const block = button.closest(".code-block");
  const copied = copyText(block?.querySelector("pre")?.textContent ?? "");
  const own = /** @type {HTMLElement} */ (button.closest("button"));
  own.focus({ preventScroll: true });
  announce(copied ? "Copied" : NOT_COPIED);
  if (copied) showCopied(own);
}

/** @param {HTMLElement} button */
function showCopied(button) {
  button.replaceChildren(icon("check"));
  setTimeout(() => button.replaceChildren(icon("copy")), COPIED_TIME);
}

/**
 * Put a text on the clipboard. Returns whether the browser has let the page do it: over plain HTTP only its own command
 * may, and it copies what is selected.
 * @param {string} text
 */
export function copyText(text) {
  const field = el("textarea", { class: "visually-hidden" });
  field.value = text;
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}
