"""Spells the name of a chat as a DNS label that people can type: lower-case Latin letters, digits, hyphens. No I/O."""

import re
import unicodedata

from anyascii import anyascii

LABEL_BYTES = 55
"""A DNS label has at most 63; the rest is for a number that tells it from others."""

_DEFAULT_LABEL = "chatdesk"
_NAME_CHARS = 100
"""Characters of the name that are spelled; a label has 55 at most."""
_PHONETIC_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HANGUL", "HIRAGANA", "KATAKANA")
"""Scripts whose letters stand for sounds. Arabic and Hebrew leave vowels out, and a Han character has many readings: a
transliteration of them is nothing that people would type."""
_APOSTROPHES = "'’ʼʻ"
_INVISIBLE_CATEGORIES = ("Mn", "Mc", "Me", "Cf")
"""Categories of combining marks, and of characters that only control joining or breaking, such as a soft hyphen."""


def dns_label(name: str) -> str:
    """Return the label for a name, such as ``lodz-chat`` for Łódź Chat; a fixed word if too little of the name is left.

    Too little is one letter, digits alone, or less than half of the letters.
    """
    plain = unicodedata.normalize("NFKC", name[: _NAME_CHARS * 8])[:_NAME_CHARS]
    spelled = re.sub("-+", "-", "".join(map(_latin_spelling, plain)))[:LABEL_BYTES].strip("-")
    letters = [char for char in plain if char.isalpha()]
    unspelled = sum(not _has_latin_spelling(char) for char in letters)
    is_whole = len(spelled) > 1 and re.search("[a-z]", spelled) and unspelled * 2 <= len(letters)
    return spelled if is_whole else _DEFAULT_LABEL


def _latin_spelling(char: str) -> str:
    """The Latin spelling of a character: a hyphen for what separates words."""
    if char in _APOSTROPHES or unicodedata.category(char) in _INVISIBLE_CATEGORIES:
        return ""
    if char.isdecimal() or _has_latin_spelling(char):
        return re.sub("[^0-9a-z]+", "", anyascii(char).lower())
    return "-"


def _has_latin_spelling(char: str) -> bool:
    return char.isalpha() and unicodedata.name(char, "").startswith(_PHONETIC_SCRIPTS)
