// @ts-check
/** What follows from a nickname: its hue, its initials, its short form. */

const HUES = 12;
/** Scripts whose letters hang together: two apart would be misspelt. */
const JOINING_SCRIPT = new RegExp(
  ["Arabic", "Syriac", "Mongolian", "Nko", "Mandaic", "Adlam", "Devanagari", "Bengali", "Gurmukhi"]
    .map((script) => `\\p{Script=${script}}`)
    .join("|"),
  "u",
);
const utf8 = new TextEncoder();

/**
 * Full case folding of one character, which JavaScript lacks: there and back through upper case unfolds ß and the
 * like. Cherokee folds to upper case, and the dotless i has no lower case of its own.
 * @param {string} char
 */
export function caseFoldChar(char) {
  if (char === "ı") return char;
  const upper = char.toLowerCase().toUpperCase();
  return /\p{Script=Cherokee}/u.test(char) ? upper : upper.toLowerCase();
}

/** @param {string} text */
function caseFold(text) {
  return Array.from(text, caseFoldChar).join("");
}

/**
 * Two spellings of one name have the same key.
 * @param {string} nickname
 */
export function nicknameKey(nickname) {
  return caseFold(nickname.normalize("NFKC")).trim().replace(/\s+/gu, " ");
}

/**
 * The index of a person's hue, the same in every client: FNV-1a of the folded name.
 * @param {string} nickname
 */
export function hueOf(nickname) {
  const folded = caseFold(nickname.normalize("NFC"));
  let hash = 0x811c9dc5;
  for (const byte of utf8.encode(folded)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash % HUES;
}

/**
 * The first letter or digit of a word; empty for an emoji.
 * @param {string} word
 */
function initial(word) {
  const letter = /[\p{L}\p{N}]/u.exec(word)?.[0] ?? "";
  const upper = letter.toUpperCase();
  return Array.from(upper).length === 1 ? upper : letter;
}

/**
 * First and last word's letters; one for a single word or a script that joins its letters.
 * @param {string} nickname
 */
export function initialsOf(nickname) {
  const letters = nickname.normalize("NFC").split(/\s+/u).map(initial).filter(Boolean);
  const first = letters.at(0) ?? "";
  const last = letters.at(-1) ?? "";
  return letters.length < 2 || JOINING_SCRIPT.test(first + last) ? first : first + last;
}

/**
 * The first name, where a name has one that no other of these people has: "Aiko" of "Aiko Tanaka", but all of
 * "Bench 7", "Dr. Okonkwo" and "Mara L.", who may be here because there is another Mara.
 * @param {string} nickname
 * @param {(nickname: string, first: string) => boolean} [shared] whether somebody else has this first name
 */
export function shortName(nickname, shared = () => false) {
  const first = /^(\p{L}[\p{L}\p{M}'’-]+) +\p{L}[\p{L}\p{M}'’-]/u.exec(nickname)?.[1];
  if (!first || /\p{N}/u.test(nickname)) return nickname;
  return shared(nickname, first) ? nickname : first;
}

/** The blocks of letters that read leftwards. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A name for a sentence that is no markup, such as a title: one that reads leftwards turns nothing else.
 * @param {string} name
 */
export function isolated(name) {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}
