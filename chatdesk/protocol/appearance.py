"""What follows from a nickname everywhere: its hue, its initials, its short form."""

import re
import unicodedata
from collections.abc import Iterable

HUES = 12

_JOINING = ("ARABIC", "SYRIAC", "MONGOLIAN", "NKO", "MANDAIC", "ADLAM", "DEVANAGARI", "BENGALI", "GURMUKHI")
"""Scripts whose letters hang together, by the first word of a letter's name: two apart would be misspelt."""

_FIRST_NAME = re.compile("(L[LM]+) +L[LM]")
"""Over the classes of a name's characters: a word of letters and marks, and another one that is no initial."""


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


def short_name(nickname: str, people: Iterable[str] = ()) -> str:
    """The first name, where a name has one that no other of these people has.

    ``Aiko`` of Aiko Tanaka, but all of Bench 7, Dr. Okonkwo and Mara L., who may be here because there is another Mara.
    """
    classes = "".join(_class(char) for char in nickname)
    found = _FIRST_NAME.match(classes)
    if not found or "N" in classes:
        return nickname
    first = nickname[: found.end(1)]
    return nickname if any(other != nickname and first_word(other) == first for other in people) else first


def first_word(nickname: str) -> str:
    """What stands before the first space: the first name, where there is one."""
    return nickname.split(" ", 1)[0]


def _class(char: str) -> str:
    """``L`` for letters, ``M`` for what belongs to them, ``N`` for figures."""
    return char if char == " " else "M" if char in "'’-" else unicodedata.category(char)[0]


def _first_letter(word: str) -> str:
    letter = next((char for char in unicodedata.normalize("NFC", word) if unicodedata.category(char)[0] in "LN"), "")
    return letter.upper() if len(letter.upper()) == 1 else letter


def _joins(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_JOINING)
