// @ts-check
/** What is derived from a nickname: hue, initials, short form, and the key under which spellings are equal. */

/** As many as chatdesk/protocol/appearance.py has: the tokens define that many colours for avatars. */
const HUES = 12;
/** Scripts with joined letters, where two separate initials would be misspelt. */
const JOINING_SCRIPT = new RegExp(
  ["Arabic", "Syriac", "Mongolian", "Nko", "Mandaic", "Adlam", "Devanagari", "Bengali", "Gurmukhi"]
    .map((script) => `\\p{Script=${script}}`)
    .join("|"),
  "u",
);
const utf8 = new TextEncoder();

/**
 * Full case folding of one character, which JavaScript lacks: the way through upper case expands ß and the like.
 * Cherokee folds to upper case; the dotless i stays, because its upper case has another lower case.
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
 * The key of a nickname: equal for all spellings that the host takes for the same name.
 * @param {string} nickname
 */
export function nicknameKey(nickname) {
  return caseFold(nickname.normalize("NFKC")).trim().replace(/\s+/gu, " ");
}

/**
 * The index of a hue, equal in every client: FNV-1a (32 bits) of the case-folded author or name.
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
 * The first letter or digit of a word, in upper case; empty for a word without any, such as an emoji.
 * @param {string} word
 */
function initial(word) {
  const letter = /[\p{L}\p{N}]/u.exec(word)?.[0] ?? "";
  const upper = letter.toUpperCase();
  return Array.from(upper).length === 1 ? upper : letter;
}

/**
 * The initials of the first and the last word; only one for a single word and in scripts with joined letters.
 * @param {string} nickname
 */
export function initialsOf(nickname) {
  const letters = nickname.normalize("NFC").split(/\s+/u).map(initial).filter(Boolean);
  const first = letters.at(0) ?? "";
  const last = letters.at(-1) ?? "";
  return letters.length < 2 || JOINING_SCRIPT.test(first + last) ? first : first + last;
}

/**
 * The first name, if the nickname has one and nobody else present shares it: "Aiko" for "Aiko Tanaka", but all of
 * "Bench 7", "Dr. Okonkwo" and "Mara L.".
 * @param {string} nickname
 * @param {(nickname: string, first: string) => boolean} [shared] whether another person has this first name
 */
export function shortName(nickname, shared = () => false) {
  const first = /^(\p{L}[\p{L}\p{M}'’-]+) +\p{L}[\p{L}\p{M}'’-]/u.exec(nickname)?.[1];
  if (!first || /\p{N}/u.test(nickname)) return nickname;
  return shared(nickname, first) ? nickname : first;
}

/** The Unicode blocks of scripts that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A name for plain text, such as a title: a right-to-left name is isolated, so that the words around it keep their
 * order.
 * @param {string} name
 */
export function isolated(name) {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}
