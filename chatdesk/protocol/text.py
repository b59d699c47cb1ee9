"""What text holds, in every client: line breaks of one kind, nothing that controls a terminal, and something to see.

The page keeps the same rules in ``js/clean-text.js``; ``tests/text_cases.json`` holds both to them.
"""

import re
from unicodedata import bidirectional, category

IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    # Not so in Unicode, yet nothing of them is seen: blanks of Braille and notes, fillers, annotations.
    "\u2800\ufff9-\ufffc\U00013430-\U0001343f\U00016fe4\U0001d159"
)
"""Characters of which nothing is seen, for a regular expression: the ``Default_Ignorable_Code_Point``s, and some."""

_CONTROLS = r"\x00-\x1f\x7f-\x9f"
_STRING = rf"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^{_CONTROLS}]*(?:\x07|\x1b\\|\x9c)"
_SEQUENCE = re.compile(rf"{_STRING}|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?")
"""What terminals obey (ECMA-48): strings with their end, such as a title, then control sequences and other escapes."""
_LINE_BREAK = re.compile("\r\n|[\n\v\f\r\x85\u2028\u2029]")
"""Where Unicode breaks a line in any case (UAX 14)."""
_PLANE_ENDS = "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
_UNFIT = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufdd0-\ufdef{_PLANE_ENDS}]")
"""Controls, byte order marks, and what Unicode keeps for a program's inner use, as Qt does."""
_GAP = re.compile("[\n\t]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_IGNORABLE = re.compile(f"[{IGNORABLE}]")
_VISIBLE = re.compile(rf"[^\s{_CONTROLS}\ufdd0-\ufdef{_PLANE_ENDS}{IGNORABLE}]")
_REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_JOINERS = "\u200c\u200d"
"""Letters of some scripts, and pictures, are made with them."""
_UNSHOWN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Not those that are assigned to nothing: they are pictures of a newer Unicode."""
_LEFTWARDS = frozenset({"R", "AL", "AN"})


def lines(text: str) -> list[str]:
    """The lines of a text, whichever sign breaks them."""
    return _LINE_BREAK.split(text)


def clean_text(text: str) -> str:
    """A text from anywhere, such as the clipboard: line breaks become ``\\n``, and what obeys or hides goes."""
    text = _SURROGATE.sub("\ufffd", text)
    return _UNFIT.sub("", _LINE_BREAK.sub("\n", _SEQUENCE.sub("", text)))


def clean_content(text: str) -> str:
    """What is sent of what somebody wrote: clean, without lines around it that show nothing; empty for nothing."""
    kept = clean_text(text).split("\n")
    shown = [number for number, line in enumerate(kept) if is_visible(line)]
    return "\n".join(kept[shown[0] : shown[-1] + 1]).rstrip() if shown else ""


def clean_line(text: str) -> str:
    """What somebody wrote into a field of one line, such as a name: a pasted line break or tab is a space."""
    return _GAP.sub(" ", clean_text(text)).strip()


def one_line(text: str, max_chars: int) -> str:
    """What somebody else calls something, or says, on one line: at most ``most`` characters, empty for nothing to see.

    Nothing is left of it that controls a terminal, breaks the line, is not seen, or turns the writing around.
    """
    if not text.isprintable() or len(text) > max_chars or "  " in text or text != text.strip():
        kept = "".join(map(_on_the_line, text[: max_chars * 8]))
        text = " ".join(kept.split())[:max_chars].rstrip()
    return text if is_visible(text) else ""


def isolated(words: str) -> str:
    """The words of somebody else, such as a name, for the middle of a sentence: on one line, and turning nothing else.

    What reads leftwards is isolated; it can neither leave its isolation nor open another one.
    """
    line = one_line(words, len(words))
    if line.isascii() or not any(bidirectional(char) in _LEFTWARDS for char in line):
        return line
    return f"\u2068{line}\u2069"


def strip_invisible(text: str) -> str:
    """What is seen of one line, such as an address: what is copied from elsewhere brings other signs along."""
    return _IGNORABLE.sub("", text).strip()


def is_visible(text: str) -> bool:
    """Whether there is anything to see in it."""
    return _VISIBLE.search(text) is not None


def has_controls(text: str) -> bool:
    """Whether it holds control characters other than line breaks and tabs: a terminal might obey them."""
    return _REFUSED.search(text) is not None


def _on_the_line(char: str) -> str:
    return " " if category(char) in _UNSHOWN and char not in _JOINERS else char
