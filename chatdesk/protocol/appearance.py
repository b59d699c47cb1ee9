"""What every client derives from who somebody is: a hue, initials and a short form."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

HUES = 12
"""Colours of the palette in ``tokens.json``: more would be too alike to tell apart."""

_JOINING = ("ARABIC", "SYRIAC", "MONGOLIAN", "NKO", "MANDAIC", "ADLAM", "DEVANAGARI", "BENGALI", "GURMUKHI")
"""Scripts whose letters are joined, by the first word of a letter's Unicode name: two loose initials look misspelt."""

_FIRST_NAME = re.compile("(L[LM]+) +L[LM]")
"""Matches the character classes of a name: a word of letters and marks, then another word that is not an initial."""


@lru_cache(maxsize=1024)
def hue(nickname: str, author: str = "") -> int:
    """Return the number of a person's hue, the same in every client and theme: 32-bit FNV-1a modulo ``HUES``.

    It follows the author, so that namesakes differ and nobody changes with their nickname. Only where the server names
    no author does it follow the nickname.
    """
    value = 0x811C9DC5
    for byte in unicodedata.normalize("NFC", author or nickname).casefold().encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value % HUES


def initials(nickname: str) -> str:
    """Return the first letters of the first and last word.

    It is one letter for a single word or a joined script, and empty for a name without letters or digits.
    """
    letters = [letter for word in nickname.split() if (letter := _first_letter(word))]
    if not letters:
        return ""
    if len(letters) == 1 or _joins(letters[0]) or _joins(letters[-1]):
        return letters[0]
    return letters[0] + letters[-1]


def short_name(nickname: str, people: Iterable[str] = ()) -> str:
    """Return the first name, or the whole nickname if it has none or another of ``people`` has the same first word.

    ``Aiko Tanaka`` becomes ``Aiko``. ``Bench 7``, ``Dr. Okonkwo`` and ``Mara L.`` stay as they are: their last part is
    what tells them apart from others.
    """
    classes = "".join(_class(char) for char in nickname)
    match = _FIRST_NAME.match(classes)
    if not match or "N" in classes:
        return nickname
    first = nickname[: match.end(1)]
    return nickname if any(other != nickname and first_word(other) == first for other in people) else first


def first_word(nickname: str) -> str:
    """Return what stands before the first space."""
    return nickname.split(" ", 1)[0]


def _class(char: str) -> str:
    """Return the first letter of the Unicode category; apostrophes and hyphens count as marks (``M``)."""
    return char if char == " " else "M" if char in "'’-" else unicodedata.category(char)[0]


def _first_letter(word: str) -> str:
    letter = next((char for char in unicodedata.normalize("NFC", word) if unicodedata.category(char)[0] in "LN"), "")
    return letter.upper() if len(letter.upper()) == 1 else letter


def _joins(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_JOINING)
