"""What follows from a nickname everywhere: its hue, its initials, its short form."""

import re
import unicodedata
from collections.abc import Sequence

HUES = 12

_JOINING = ("ARABIC", "SYRIAC", "MONGOLIAN", "NKO", "MANDAIC", "ADLAM", "DEVANAGARI", "BENGALI", "GURMUKHI")
"""Scripts whose letters hang together, by the first word of a letter's name: two apart would be misspelt."""

_FIRST_NAME = re.compile(r"([^\W\d_](?:[^\W\d_]|['’-]|[\u0300-\u036f])+) +[^\W\d_]")


def hue(nickname: str) -> int:
    """Which of the twelve hues a person has, in every client and theme: FNV-1a, 32 bit."""
    value = 0x811C9DC5
    for byte in unicodedata.normalize("NFC", nickname).casefold().encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value % HUES


def initials(nickname: str) -> str:
    """First and last word's first letter, one for a single word or a script that joins; empty for emoji alone."""
    letters = [letter for word in nickname.split() if (letter := _first_letter(word))]
    if not letters:
        return ""
    if len(letters) == 1 or _joins(letters[0]) or _joins(letters[-1]):
        return letters[0]
    return letters[0] + letters[-1]


def short_name(nickname: str) -> str:
    """The first name, where a name has one: ``Aiko`` of Aiko Tanaka, but all of Bench 7 and Dr. Okonkwo."""
    found = _FIRST_NAME.match(nickname)
    return found[1] if found else nickname


def short_names(nicknames: Sequence[str]) -> list[str]:
    """First names, and whole ones where two people share the first."""
    short = [short_name(nickname) for nickname in nicknames]
    return short if len(set(short)) == len(short) else list(nicknames)


def _first_letter(word: str) -> str:
    letter = next((char for char in unicodedata.normalize("NFC", word) if unicodedata.category(char)[0] in "LN"), "")
    return letter.upper() if len(letter.upper()) == 1 else letter


def _joins(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_JOINING)
