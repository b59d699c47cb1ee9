// @ts-check
/**
 * Cleaning of text, by the rules that all clients share (chatdesk/protocol/text.py): one kind of line break, nothing
 * that controls a terminal, and something visible.
 */

const INVISIBLE = "\\p{Default_Ignorable_Code_Point}\\u2800\\ufff9-\\ufffc\\u{13430}-\\u{1343f}\\u{16fe4}\\u{1d159}";
/** An invisible character, including some that Unicode does not class as ignorable. */
export const IGNORABLE = new RegExp(`[${INVISIBLE}]`, "u");
const VISIBLE = new RegExp(`[^\\s\\p{Cc}\\p{Noncharacter_Code_Point}${INVISIBLE}]`, "u");

/** Escape sequences of terminals (ECMA-48): terminated strings such as titles, control sequences, and other escapes. */
const SEQUENCE =
  /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\0-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?/gu;
/** The mandatory line breaks of Unicode (UAX 14). */
const LINE_BREAK = /\r\n|[\n\v\f\r\x85\u2028\u2029]/gu;
/** Control characters, byte order marks and noncharacters. */
const FORBIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\ufeff\p{Noncharacter_Code_Point}]/gu;

/**
 * The lines of a text, whichever characters separate them.
 * @param {string} text
 */
export function linesOf(text) {
  return text.split(LINE_BREAK);
}

/**
 * Whether a text has a visible character.
 * @param {string} text
 */
export function isVisible(text) {
  return VISIBLE.test(text);
}

/**
 * The content to send for what a person typed: cleaned, without invisible lines at either end; empty if nothing is
 * left.
 * @param {string} text
 */
export function cleanContent(text) {
  const lines = cleanText(text).split("\n");
  const shown = lines.map(isVisible);
  return lines
    .slice(shown.indexOf(true), shown.lastIndexOf(true) + 1)
    .join("\n")
    .trimEnd();
}

/**
 * The value of a field of one line, such as a name: pasted line breaks and tabs become spaces.
 * @param {string} text
 */
export function cleanLine(text) {
  return cleanText(text)
    .replace(/[\n\t]+/gu, " ")
    .trim();
}

/** Characters that break a line or change its direction. Joiners stay: some scripts and emoji need them. */
const NOT_IN_LINE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** More marks on one letter than hosts take in names: Burmese writes four. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * A name or sentence from another person or a host as one line, without control characters, line breaks, stacked marks
 * and changes of direction. Empty if nothing is visible.
 * @param {string} text
 * @param {number} most characters
 */
export function oneLine(text, most) {
  const words = text
    .slice(0, most * 8)
    .replace(NOT_IN_LINE, " ")
    .replace(STACKED_MARKS, "$1")
    .trim()
    .replace(/\s+/gu, " ");
  const line = words.length > most ? Array.from(words).slice(0, most).join("").trimEnd() : words;
  return isVisible(line) ? line : "";
}

/**
 * A text from any source: line breaks become `\n`; escape sequences and forbidden characters are removed.
 * @param {string} text
 */
export function cleanText(text) {
  const sound = text.replace(/\p{Surrogate}/gu, "\ufffd");
  return sound.replace(SEQUENCE, "").replace(LINE_BREAK, "\n").replace(FORBIDDEN, "");
}
