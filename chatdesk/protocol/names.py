"""Rules for names of people and rooms.

A nickname follows RFC 8266 (a profile of PRECIS, RFC 8264), by the library ``precis-i18n``: it is shown as enforcement
leaves it, in NFKC. Emoji sequences are allowed besides. What could deceive is not: stacks of accents, words of both
writing directions, signs like our mark of a proven identity, and the names of roles. ``tests/name_cases.json`` has
examples; the page asks nobody but the server, and shows the names of others as they are by the same examples.
"""

import re
from functools import cache
from importlib import import_module
from typing import Any
from unicodedata import bidirectional, category, combining, normalize

from chatdesk.protocol import looks
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.limits import NICKNAME_CHARS
from chatdesk.protocol.reserved_names import is_reserved
from chatdesk.protocol.text import IGNORABLE

LOBBY = "lobby"
"""The room of a join that names none."""
EVERYBODY = "room"
"""The name of a mention that means all in the room."""

PRIVATE_PREFIX = "@"
"""Begins the id of a private room; no name of a room that people choose has it."""

_PRIVATE_ROOM = re.compile(f"{PRIVATE_PREFIX}[0-9a-f]{{16}}")
_ROOM = re.compile(r"[^\W_](?:[\w-]{0,30}[^\W_])?")
_INVISIBLE = re.compile(f"(?![\u200c\u200d\ufe0f])[{IGNORABLE}]")
"""Invisible characters, except those that some scripts and emoji need: the joiners and the variation selector."""
_SEQUENCE = re.compile("(?<=[^\\w\\s])\ufe0f?\u200d(?=[^\\w\\s])|(?<=[^\\s])\ufe0f")
"""What joins and selects emoji: the profile does not know them. Symbols are neither word characters nor spaces."""
_INTERPUNCT = re.compile(r"(?<=[^\W\d_])\u00b7(?=[^\W\d_])")
"""The dot between the parts of a name in Chinese; the profile knows only that of Catalan."""
_SARA_AM = re.compile("([\u0e33\u0eb3])")
"""A vowel of Thai and Lao that NFKC takes apart, and by that moves the tone mark away from it: it is left whole."""
_MARK_LIKE = re.compile(
    "[\u221a\u237b\u2611\u26c9\u26e8\u2705\u2713\u2714\U0001f5f8\U0001f5f9\U0001f6e1\U0001f396\U0001f530]"
)
"""Ticks, ticked boxes, shields and badges, which pass for the mark of a proven identity."""
_VISIBLE_CATEGORIES = ("L", "N", "So", "Sk")
_ACCENTS_IN_A_ROW = 2
"""Accents on one letter, at most: Vietnamese needs two, and stacks of more cover the lines around them."""
_MARKS_IN_A_ROW = 4
"""Marks of all kinds after one letter, such as vowel signs: Burmese writes four."""


def clean_nickname(text: str) -> str:
    """Return the nickname as it is shown: in NFKC, without surrounding or repeated spaces (RFC 8266, section 2.3).

    Raises ProtocolError with a sentence that says what to change.
    """
    text = text[: NICKNAME_CHARS * 8]  # bounds the work; composing and stripping seldom shorten a name to an eighth
    if any(category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):  # before a line break becomes a space
        raise _refuse("Choose another nickname: it contains an invisible or control character.")
    name = " ".join(
        "".join((part if _SARA_AM.match(part) else normalize("NFKC", part)) for part in _SARA_AM.split(text)).split()
    )
    if not name:
        raise _refuse("Choose a nickname: it is empty.")
    if len(name) > NICKNAME_CHARS:
        raise _refuse(f"Choose a shorter nickname: at most {NICKNAME_CHARS} characters.")
    _check_characters(name)
    if not all(map(_reads_one_way, name.split(" "))):
        raise _refuse("Choose another nickname: one of its words mixes scripts of both writing directions.")
    if _MARK_LIKE.search(name):
        raise _refuse("Choose another nickname: it has a sign that could pass for the mark of a proven identity.")
    if is_reserved(name):
        raise _refuse("Choose another nickname: this one is reserved for the chat itself.")
    return name


def nickname_key(name: str) -> str:
    """Return a key that all spellings of a name share. ``looks`` finds other names that people take for it, too."""
    return looks.key(name)


def clean_room(text: str) -> str:
    """Return the canonical name of a room: in NFC and lower case; the id of a private room as it is.

    Raises ProtocolError for anything but letters, digits, and hyphens or underscores between them.
    """
    if _PRIVATE_ROOM.fullmatch(text):
        return text
    name = normalize("NFC", text[: NICKNAME_CHARS * 8]).casefold()
    if not _ROOM.fullmatch(name) or _INVISIBLE.search(name):
        raise ProtocolError(
            ErrorCode.BAD_ROOM,
            f"A room's name is 1 to {NICKNAME_CHARS} letters, digits and hyphens, such as build-floor.",
            "join",
        )
    return name


def is_private(room: str) -> bool:
    """Return whether this is the id of a private room."""
    return room.startswith(PRIVATE_PREFIX)


def _check_characters(name: str) -> None:
    if _INVISIBLE.search(name):
        raise _refuse("Choose another nickname: it contains an invisible character.")
    accents = marks = 0
    for char in name:
        is_mark = category(char).startswith("M")
        marks = marks + 1 if is_mark else 0
        accents = accents + (combining(char) >= 200 or category(char) == "Me") if is_mark else 0
        if accents > _ACCENTS_IN_A_ROW or marks > _MARKS_IN_A_ROW:
            raise _refuse("Choose another nickname: it stacks too many accents on one letter.")
    if not name.isascii():  # the class has all of ASCII that is printed, and asking it takes a third of the time
        _require_free_form(name)
    if not any(category(char).startswith(_VISIBLE_CATEGORIES) for char in name):
        raise _refuse("Choose a nickname with at least one letter, digit or symbol.")


def _require_free_form(name: str) -> None:
    try:
        _free_form().enforce(_INTERPUNCT.sub("", _SEQUENCE.sub("", name)))
    except UnicodeEncodeError:
        raise _refuse("Choose another nickname: it contains an invisible or control character.") from None


def _reads_one_way(word: str) -> bool:
    """Return whether a word obeys the Bidi Rule (RFC 5893, section 2) between its first and last letter or digit."""
    directions = [bidirectional(char) for char in word]
    if directions.count("R") + directions.count("AL") + directions.count("AN") == 0:
        return True
    strong = [direction for direction in directions if direction in ("L", "R", "AL", "EN", "AN")]
    return "L" not in strong and strong[0] in ("R", "AL", "AN") and not {"EN", "AN"} <= set(strong)


@cache
def _free_form() -> Any:
    """The characters of PRECIS's FreeformClass (RFC 8264, section 4.3); loading it would slow every start."""
    return import_module("precis_i18n.factory").get_profile("Nickname").base


def _refuse(sentence: str) -> ProtocolError:
    return ProtocolError(ErrorCode.BAD_NICKNAME, sentence, "join")
