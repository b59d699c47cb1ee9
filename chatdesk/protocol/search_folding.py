"""Folding for search: maps all spellings of a text to one, by which words and names are compared.

Case, accents and vowel points are dropped, and so are differences in how a letter, digit or space is encoded. A mark
that makes another letter stays: vowels and tones of the scripts of India and South-East Asia, the voicing of kana, й
beside и. So marks are dropped by script; their combining class only says where they are drawn. Hiragana and katakana
are folded together. The page has the same rules in ``js/search-folding.js``.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

_KNOWN_CHARS = 16_384
"""Entries of a CharMap: enough for a chat in Chinese, and about a megabyte."""

_DROPPED_MARKS = (
    range(0x0300, 0x0370),  # Latin, Greek, Cyrillic
    range(0x0483, 0x048A),  # Cyrillic
    range(0x0591, 0x05C8),  # Hebrew
    range(0x0610, 0x061B),  # Arabic, with the hamza above or below a letter
    range(0x064B, 0x0660),
    range(0x0670, 0x0671),
    range(0x06D6, 0x06EE),
    range(0x0711, 0x0712),  # Syriac
    range(0x0730, 0x074B),
    range(0x0897, 0x0900),  # Arabic
    *(range(dot, dot + 1) for dot in (0x093C, 0x0A3C, 0x0ABC, 0x0CBC)),  # nukta for foreign sounds, often left out
    range(0x0951, 0x0955),  # Devanagari
    range(0x1AB0, 0x1B00),
    range(0x1CD0, 0x1D00),
    range(0x1DC0, 0x1E00),
    range(0x20D0, 0x20E3),  # not the keycap
    range(0x20E4, 0x2100),
    range(0x2DE0, 0x2E00),
    range(0x302A, 0x3030),
    range(0xA66F, 0xA6A0),
    range(0xFB1E, 0xFB1F),
    range(0xFE20, 0xFE30),
)
"""Marks that many people leave out, such as accents, Hebrew points and Arabic vowels: they do not count."""
_INVISIBLE = re.compile(
    "[\u034f\u0640\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Dropped, like the category Cf: fillers, joiners, variation selectors, and the stroke that stretches Arabic words."""

_TAGS = range(0xE0020, 0xE0080)
"""Invisible, but they tell the flags of England and Wales from a black flag."""

_OWN_LETTERS = "йїўѓќ"
"""Cyrillic letters that decompose into a letter and an accent, but are letters of their own."""

_STROKE = "\u0338"
"""Negates a sign, as in ≠."""

_PLAIN = {
    **dict(zip("øđħłŧƀƃƈƌƒƙƚƥƭƴƶǥȼɇɉɍɏɓɖɗɠɨɲʈʋⱡⱥⱦꞓ", "odhltbbcdfklptyzgcejrybddgintvlatc", strict=True)),
    **dict(zip("ıȷŋð", "ijnd", strict=True)),
    **{"æ": "ae", "œ": "oe", "þ": "th"},
    **dict(zip("ךםןףץ", "כמנפצ", strict=True)),  # Hebrew at the end of a word
    **{"\u05f0": "וו", "\u05f1": "וי", "\u05f2": "יי"},  # Yiddish
    **dict.fromkeys("\u0671\u0672\u0673", "\u0627"),  # alef
    **dict.fromkeys("\u0649\u06cc", "\u064a"),  # yeh, as Arabs and Persians write it
    **dict.fromkeys("\u06a9\u06aa", "\u0643"),  # kaf
    **dict.fromkeys("\u0629\u06c1\u06c3\u06d5", "\u0647"),  # heh, and teh marbuta, which many write like it
    "\u0901": "\u0902",  # Devanagari: either spelling of a nasal vowel
    **{"\u0e41": "\u0e40\u0e40", "\u0ec1": "\u0ec0\u0ec0"},  # Thai and Lao ae, which looks like e twice
    **{"\u0d7a": "\u0d23\u0d4d", "\u0d7b": "\u0d28\u0d4d", "\u0d7c": "\u0d30\u0d4d"},  # Malayalam without its vowel
    **{"\u0d7d": "\u0d32\u0d4d", "\u0d7e": "\u0d33\u0d4d", "\u0d7f": "\u0d15\u0d4d"},
    "\u09ce": "\u09a4\u09cd",  # the same in Bengali
    **{chr(code): chr(code - 0x60) for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)},  # katakana as hiragana
    **dict.fromkeys("‘’‛′ʹʻʼʽʾʿˈ՚׳", "'"),
    **dict.fromkeys("“”„‟«»″״「」『』〝〞", '"'),
    **dict.fromkeys("−⁃˗", "-"),
    **dict.fromkeys("⁄∕", "/"),
    **dict.fromkeys("\u301c\u223c", "~"),  # a wave dash, which is a full-width tilde on some systems
    **dict(zip("\u066b\u066c\u066a", ".,%", strict=True)),  # in Arabic numbers
}
_CONTROLS = re.compile("[\0-\x1f\x7f]")
_HANGUL_LETTERS = range(0x3131, 0x318F)
_NARROW_HANGUL_LETTERS = range(0xFFA1, 0xFFDD)
"""Letters that stand alone, such as ㅋㅋ: NFKD would make parts of syllables of them."""
_JOINING_JAMO = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))  # vowels and finals, which join the letter before them
_ENCIRCLED = range(0x2460, 0x27C0)  # numbers in circles and brackets


class CharMap(dict[int, str]):
    """A table for ``str.translate`` that calls a function for each new character and caches its result."""

    def __init__(self, function: Callable[[str], str]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, code: int) -> str:
        if len(self) >= _KNOWN_CHARS:
            self.clear()
        mapped = self[code] = self._function(chr(code))
        return mapped


_CLUSTER = re.compile("bj*|j+")


def fold(text: str) -> str:
    """Return the folded text, in NFC. What stands between words stays: spaces, dots, brackets."""
    if text.isascii():
        lower = text.lower()
        return lower if lower.isprintable() else _CONTROLS.sub(" ", lower)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_FOLDS))


def source_spans(text: str) -> list[tuple[int, int]]:
    """Return, for each character of the folded text, start and end of its source in ``text``."""
    spans: list[tuple[int, int]] = []
    for span in _spans(text):
        spans += [span] * len(fold(text[slice(*span)]))
    return spans


def is_mark(char: str) -> bool:
    """Return whether a character belongs to the one before it: a mark, or a tag of a flag."""
    return unicodedata.category(char)[0] == "M" or ord(char) in _TAGS


def in_ranges(char: str, ranges: tuple[range, ...]) -> bool:
    """Return whether a character is in one of these ranges."""
    return any(ord(char) in span for span in ranges)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the shortest parts that can be folded by themselves."""
    if text.isascii():
        return zip(range(len(text)), range(1, len(text) + 1), strict=True)
    return (match.span() for match in _CLUSTER.finditer(text.translate(_JOINS)))


def _join(char: str) -> str:
    first = fold(char)[:1]
    return "j" if not first or is_mark(first) or in_ranges(char, _JOINING_JAMO) else "b"


def _fold(char: str) -> str:
    lower = char.casefold()
    if lower in _OWN_LETTERS or ord(char) in _HANGUL_LETTERS or _STROKE in unicodedata.normalize("NFD", char):
        return lower
    if ord(char) in _NARROW_HANGUL_LETTERS and unicodedata.decomposition(char):
        return chr(int(unicodedata.decomposition(char).removeprefix("<narrow> "), 16))
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(map(_plain, plain))


def _plain(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    category = unicodedata.category(char)
    if category[0] == "N":
        return _digits(char)
    if category[0] == "M":
        return "" if in_ranges(char, _DROPPED_MARKS) or _INVISIBLE.match(char) else char
    if category == "Cf":
        return char if ord(char) in _TAGS else ""
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    return "-" if category == "Pd" else "" if _INVISIBLE.match(char) else char


def _digits(char: str) -> str:
    """Return a digit of any script, or a number in a circle, in ASCII digits."""
    if ord(char) in _ENCIRCLED:
        return str(int(unicodedata.numeric(char)))
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


_FOLDS = CharMap(_fold)
_JOINS = CharMap(_join)
"""Maps a character to ``j`` if it joins the one before it, and to ``b`` if it begins a cluster."""
