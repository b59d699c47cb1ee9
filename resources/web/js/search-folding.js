// @ts-check
/**
 * Folding for searches in names: equal for spellings that a search must not distinguish, by the host's rule
 * (chatdesk/protocol/search_folding.py). Which marks are dropped depends on the script: in many, a mark makes another
 * letter.
 */

import { caseFoldChar } from "./nickname.js";

const DROPPED_MARK = new RegExp(
  "[\\u0300-\\u036f\\u0483-\\u0489\\u0591-\\u05c7" +
    "\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06ed\\u0711\\u0730-\\u074a" +
    "\\u0897-\\u08ff\\u0951-\\u0954\\u093c\\u0a3c\\u0abc\\u0cbc" +
    "\\u1ab0-\\u1aff\\u1cd0-\\u1cff\\u1dc0-\\u1dff\\u20d0-\\u20e2\\u20e4-\\u20ff" +
    "\\u2de0-\\u2dff\\u302a-\\u302f\\ua66f-\\ua69f\\ufb1e\\ufe20-\\ufe2f]",
  "u",
);
const INVISIBLE = /[\u034f\u0640\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/u;
/** Tag characters distinguish flags, such as those of England and Wales. */
const TAG = /[\u{e0020}-\u{e007f}]/u;
const OWN_LETTER = /[йїўѓќ\u3131-\u318e]/u;
const NARROW_HANGUL = /[\uffa1-\uffdc]/u;

/** Negates a symbol, as in ≠. */
const STROKE = "\u0338";

/** @type {Map<string, string>} */
const PLAIN = new Map([
  ...pairs("øđħłŧƀƃƈƌƒƙƚƥƭƴƶǥȼɇɉɍɏɓɖɗɠɨɲʈʋⱡⱥⱦꞓ", "odhltbbcdfklptyzgcejrybddgintvlatc"),
  ...pairs("ıȷŋð", "ijnd"),
  ...entries({ æ: "ae", œ: "oe", þ: "th" }),
  ...pairs("ךםןףץ", "כמנפצ"),
  ...entries({ "\u05f0": "וו", "\u05f1": "וי", "\u05f2": "יי" }),
  ...pairs("\u0671\u0672\u0673", "\u0627\u0627\u0627"),
  ...pairs("\u0649\u06cc", "\u064a\u064a"),
  ...pairs("\u06a9\u06aa", "\u0643\u0643"),
  ...pairs("\u0629\u06c1\u06c3\u06d5", "\u0647\u0647\u0647\u0647"),
  ...pairs("\u0901", "\u0902"),
  ...entries({ "\u0e41": "\u0e40\u0e40", "\u0ec1": "\u0ec0\u0ec0" }),
  ...entries({ "\u0d7a": "\u0d23\u0d4d", "\u0d7b": "\u0d28\u0d4d", "\u0d7c": "\u0d30\u0d4d" }),
  ...entries({ "\u0d7d": "\u0d32\u0d4d", "\u0d7e": "\u0d33\u0d4d", "\u0d7f": "\u0d15\u0d4d" }),
  ...entries({ "\u09ce": "\u09a4\u09cd" }),
  ...katakana(),
  ...Array.from("‘’‛′ʹʻʼʽʾʿˈ՚׳", (sign) => /** @type {[string, string]} */ ([sign, "'"])),
  ...Array.from("“”„‟«»″״「」『』〝〞", (sign) => /** @type {[string, string]} */ ([sign, '"'])),
  ...pairs("−⁃˗", "---"),
  ...pairs("⁄∕", "//"),
  ...pairs("\u301c\u223c", "~~"),
  ...pairs("\u066b\u066c\u066a", ".,%"),
]);
/** @type {[first: number, last: number, number: number][]} circled numbers without a decomposition */
const ENCIRCLED = [
  [0x24eb, 0x24f4, 11],
  [0x24f5, 0x24fe, 1],
  [0x24ff, 0x24ff, 0],
  [0x2776, 0x277f, 1],
  [0x2780, 0x2789, 1],
  [0x278a, 0x2793, 1],
];

/** @param {string} text */
export function foldForSearch(text) {
  return Array.from(text.normalize("NFC"), foldChar).join("").normalize("NFC");
}

/** @param {string} char */
function foldChar(char) {
  const lower = caseFoldChar(char);
  if (OWN_LETTER.test(lower) || char.normalize("NFD").includes(STROKE)) return lower;
  if (NARROW_HANGUL.test(char)) return narrowHangul(char);
  const letters = Array.from(char.normalize("NFKD"), caseFoldChar).join("").normalize("NFKD");
  return Array.from(letters, plain).join("");
}

/** @param {string} char */
function plain(char) {
  const known = PLAIN.get(char);
  if (known !== undefined) return known;
  if (/\p{N}/u.test(char)) return digits(char);
  if (/[\p{M}\p{Cf}]/u.test(char)) return dropped(char) ? "" : char;
  if (/[\p{Cc}\p{Z}]/u.test(char)) return " ";
  return /\p{Pd}/u.test(char) ? "-" : INVISIBLE.test(char) ? "" : char;
}

/** @param {string} char */
function dropped(char) {
  return DROPPED_MARK.test(char) || INVISIBLE.test(char) || (/\p{Cf}/u.test(char) && !TAG.test(char));
}

/** The ASCII digit for a digit of any script: each script has ten in a row, from 0 on. @param {string} char */
function digits(char) {
  const code = char.codePointAt(0) ?? 0;
  const row = ENCIRCLED.find(([first, last]) => first <= code && code <= last);
  if (row) return String(code - row[0] + row[2]);
  if (!/\p{Nd}/u.test(char)) return char;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

/** Full-width Hangul letters by their decomposition; of several the first. */
const WIDE_HANGUL = new Map(
  Array.from({ length: 0x5e }, (_, index) => String.fromCodePoint(0x318e - index)).map((wide) => [
    wide.normalize("NFKD"),
    wide,
  ]),
);

/** Half-width letters become full-width ones, which are not decomposed further. @param {string} char */
function narrowHangul(char) {
  return WIDE_HANGUL.get(char.normalize("NFKD")) ?? char;
}

function katakana() {
  const codes = [...Array.from({ length: 0x56 }, (_, index) => 0x30a1 + index), 0x30fd, 0x30fe];
  return codes.map((code) => /** @type {[string, string]} */ ([letter(code), letter(code - 0x60)]));
}

/** @param {number} code */
function letter(code) {
  return String.fromCodePoint(code);
}

/**
 * @param {string} from
 * @param {string} to
 */
function pairs(from, to) {
  const target = Array.from(to);
  return Array.from(from, (sign, index) => /** @type {[string, string]} */ ([sign, target[index]]));
}

/** @param {Record<string, string>} letters */
function entries(letters) {
  return Object.entries(letters);
}
