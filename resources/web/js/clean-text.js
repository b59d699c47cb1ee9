// @ts-check
/**
 * What text holds, by the rules of every client: line breaks of one kind, nothing that controls a terminal, and
 * something to see.
 */

const INVISIBLE = "\\p{Default_Ignorable_Code_Point}\\u2800\\ufff9-\\ufffc\\u{13430}-\\u{1343f}\\u{16fe4}\\u{1d159}";
/** A character of which nothing is seen, also one that Unicode does not count among such. */
export const IGNORABLE = new RegExp(`[${INVISIBLE}]`, "u");
const VISIBLE = new RegExp(`[^\\s\\p{Cc}\\p{Noncharacter_Code_Point}${INVISIBLE}]`, "u");

/** What terminals obey (ECMA-48): strings with their end, such as a title, then control sequences and other escapes. */
const SEQUENCE =
  /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\0-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?/gu;
/** Where Unicode breaks a line in any case (UAX 14). */
const LINE_BREAK = /\r\n|[\n\v\f\r\x85\u2028\u2029]/gu;
/** Controls, byte order marks, and what Unicode keeps for a program's inner use. */
const FORBIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\ufeff\p{Noncharacter_Code_Point}]/gu;

/**
 * The lines of a text, whichever sign breaks them.
 * @param {string} text
 */
export function linesOf(text) {
  return text.split(LINE_BREAK);
}

/**
 * Whether there is anything to see in it.
 * @param {string} text
 */
export function isVisible(text) {
  return VISIBLE.test(text);
}

/**
 * What is sent of what somebody wrote: clean, without lines around it that show nothing; empty for nothing.
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
 * What somebody wrote into a field of one line, such as a name: a pasted line break or tab is a space.
 * @param {string} text
 */
export function cleanLine(text) {
  return cleanText(text).replace(/[\n\t]+/gu, " ").trim();
}

/** What is not on a line of words, or turns them around. Joiners make letters of some scripts, and pictures. */
const NOT_IN_LINE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** A letter has two marks at most in a name that a host lets in. */
const STACKED_MARKS = /(\p{M}{2})\p{M}+/gu;

/**
 * What somebody else calls something, or says, on one line: nothing of it obeys, breaks the line, covers others or turns
 * them around. Empty for nothing to see.
 * @param {string} text
 * @param {number} most characters
 */
export function oneLine(text, most) {
  const words = text.slice(0, most * 8).replace(NOT_IN_LINE, " ").replace(STACKED_MARKS, "$1").trim().replace(/\s+/gu, " ");
  const line = words.length > most ? Array.from(words).slice(0, most).join("").trimEnd() : words;
  return isVisible(line) ? line : "";
}

/**
 * A text from anywhere: line breaks become `\n`, and what obeys or hides goes.
 * @param {string} text
 */
export function cleanText(text) {
  const sound = text.replace(/\p{Surrogate}/gu, "\ufffd");
  return sound.replace(SEQUENCE, "").replace(LINE_BREAK, "\n").replace(FORBIDDEN, "");
}
