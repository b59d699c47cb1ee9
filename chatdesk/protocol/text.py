"""Cleans text in every client: one kind of line break, nothing that controls a terminal, and something visible.

The page has the same rules in ``js/clean-text.js``; ``tests/text_cases.json`` keeps both equal.
"""

import re
from unicodedata import bidirectional, category

IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    # Not ignorable by Unicode, but invisible: blanks of Braille and musical notation, fillers, annotations.
    "\u2800\ufff9-\ufffc\U00013430-\U0001343f\U00016fe4\U0001d159"
)
"""Invisible characters, for use in a regular expression: ``Default_Ignorable_Code_Point`` and some more."""

_CONTROLS = r"\x00-\x1f\x7f-\x9f"
_STRING = rf"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^{_CONTROLS}]*(?:\x07|\x1b\\|\x9c)"
_SEQUENCE = re.compile(rf"{_STRING}|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?")
"""What terminals obey (ECMA-48): control strings with their terminator, such as a title, and escape sequences."""
_LINE_BREAK = re.compile("\r\n|[\n\v\f\r\x85\u2028\u2029]")
"""Mandatory line breaks of Unicode (UAX 14)."""
# The last two code points of each plane are noncharacters.
_PLANE_ENDS = "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
_REMOVED = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufdd0-\ufdef{_PLANE_ENDS}]")
"""Controls, byte order marks and noncharacters; Qt uses some of the latter internally."""
_GAP = re.compile("[\n\t]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_IGNORABLE = re.compile(f"[{IGNORABLE}]")
_VISIBLE = re.compile(rf"[^\s{_CONTROLS}\ufdd0-\ufdef{_PLANE_ENDS}{IGNORABLE}]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_JOINERS = "\u200c\u200d"
"""Needed by some scripts and by emoji."""
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Not unassigned ones (Cn): they may be emoji of a newer Unicode."""
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def lines(text: str) -> list[str]:
    """Return the lines of a text, split at every kind of line break."""
    return _LINE_BREAK.split(text)


def clean_text(text: str) -> str:
    """Return text from anywhere, such as the clipboard, with ``\\n`` as line break and without control characters."""
    text = _SURROGATE.sub("\ufffd", text)
    return _REMOVED.sub("", _LINE_BREAK.sub("\n", _SEQUENCE.sub("", text)))


def clean_content(text: str) -> str:
    """Return what is sent of a written message: clean, without blank lines around it; empty if nothing is visible."""
    content_lines = clean_text(text).split("\n")
    shown = [number for number, line in enumerate(content_lines) if is_visible(line)]
    return "\n".join(content_lines[shown[0] : shown[-1] + 1]).rstrip() if shown else ""


def clean_line(text: str) -> str:
    """Return the clean text of a one-line field, such as a name; a pasted line break or tab becomes a space."""
    return _GAP.sub(" ", clean_text(text)).strip()


def one_line(text: str, max_chars: int) -> str:
    """Return somebody else's text on one line of at most ``max_chars`` characters; empty if nothing is visible.

    It has no control characters, line breaks, other invisible characters or changes of the writing direction. Cleaning
    seldom shortens text to an eighth, so no more than eight times the limit is read.
    """
    if not text.isprintable() or len(text) > max_chars or "  " in text or text != text.strip():
        kept = "".join(map(_line_char, text[: max_chars * 8]))
        text = " ".join(kept.split())[:max_chars].rstrip()
    return text if is_visible(text) else ""


def isolated(text: str) -> str:
    """Return somebody else's words, such as a name, for use within a sentence.

    They are on one line. Right-to-left words are wrapped in a directional isolate, which they can neither close nor
    nest, so they do not reorder the rest of the sentence.
    """
    line = one_line(text, len(text))
    if line.isascii() or not any(bidirectional(char) in _RIGHT_TO_LEFT for char in line):
        return line
    return f"\u2068{line}\u2069"


def is_right_to_left(text: str) -> bool:
    """Return whether the first letter of a text is of a script that is written from right to left."""
    directions = (bidirectional(char) for char in text)
    return next((direction for direction in directions if direction in ("L", "R", "AL")), "L") != "L"


def strip_invisible(text: str) -> str:
    """Return one line, such as a pasted address, without invisible characters."""
    return _IGNORABLE.sub("", text).strip()


def is_visible(text: str) -> bool:
    """Return whether anything in the text is visible."""
    return _VISIBLE.search(text) is not None


def has_controls(text: str) -> bool:
    """Return whether the text has control characters other than line breaks and tabs, which a terminal might obey."""
    return _CONTROL.search(text) is not None


def _line_char(char: str) -> str:
    return " " if category(char) in _INVISIBLE_CATEGORIES and char not in _JOINERS else char
