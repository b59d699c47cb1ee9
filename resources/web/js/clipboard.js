// @ts-check
/**
 * The text that is copied from the timeline: of one message its content, of several a transcript, as in the window.
 *
 * @typedef {import("./timeline-rows.js").Item} Item
 */

import { clockTime } from "./date-time.js";

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
  const lines = range.intersectsNode(row) ? [...row.querySelectorAll(".text > p")] : [];
  const selected = lines.filter((line) => range.intersectsNode(line)).map((line) => selectedPart(line, range));
  return selected.join("\n").replace(/^\n+|\n+$/gu, "");
}

/**
 * The selected part of a line, without the marks at its end.
 * @param {Element} line
 * @param {Range} range
 */
function selectedPart(line, range) {
  const part = document.createRange();
  part.selectNodeContents(line);
  const receipt = line.querySelector(".receipt, .edited");
  if (receipt) part.setEndBefore(receipt);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) {
    part.setStart(range.startContainer, range.startOffset);
  }
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
  return part.toString();
}
