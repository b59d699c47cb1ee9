"""A chat's name as a part of an address that people type: small Latin letters, digits and hyphens. No I/O."""

import re
import unicodedata

from anyascii import anyascii

LABEL_BYTES = 55
"""A label has 63 at most; the rest is for what tells it from others of its kind."""

_UNNAMED = "chatdesk"
_NAME_CHARS = 100
_SPELLED = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HANGUL", "HIRAGANA", "KATAKANA")
"""Scripts whose letters stand for sounds. Arabic and Hebrew leave vowels out, and a Han character is read in many ways:
what a table makes of them is nothing that anybody who knows the name would type."""
_WITHIN_WORDS = "'’ʼʻ"
_UNSEEN = ("Mn", "Mc", "Me", "Cf")
"""Categories of marks, and of what only says how a word is broken or joined, such as a soft hyphen."""


def dns_label(name: str) -> str:
    """What is typed for a name: ``lodz-chat`` for Łódź Chat. A whole word of its own where little would be left of it.

    One letter, or digits alone, are such a little, and so is less than half of the letters.
    """
    plain = unicodedata.normalize("NFKC", name[: _NAME_CHARS * 8])[:_NAME_CHARS]
    spelled = re.sub("-+", "-", "".join(map(_spelled, plain)))[:LABEL_BYTES].strip("-")
    letters = [char for char in plain if char.isalpha()]
    lost = sum(not _is_spelled(char) for char in letters)
    is_whole = len(spelled) > 1 and re.search("[a-z]", spelled) and lost * 2 <= len(letters)
    return spelled if is_whole else _UNNAMED


def _spelled(char: str) -> str:
    """What stands for a character: a hyphen for what is between words."""
    if char in _WITHIN_WORDS or unicodedata.category(char) in _UNSEEN:
        return ""
    if char.isdecimal() or _is_spelled(char):
        return re.sub("[^0-9a-z]+", "", anyascii(char).lower())
    return "-"


def _is_spelled(char: str) -> bool:
    return char.isalpha() and unicodedata.name(char, "").startswith(_SPELLED)
