"""Rules for names of people and rooms, and which nicknames are too alike."""

import re
import unicodedata

from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.limits import NICKNAME_CHARS
from chatdesk.protocol.text import IGNORABLE

LOBBY = "lobby"
"""The room of whoever names none."""
EVERYBODY = "room"
"""The name of a mention that means all in the room."""
RESERVED = frozenset({"system", "server", "host", "chatdesk", EVERYBODY})
"""Nicknames that could pass for the program itself, or for everybody."""

PRIVATE_PREFIX = "@"
"""Begins the id of a private room; no name of a room that people choose has it."""

_PRIVATE_ROOM = re.compile(f"{PRIVATE_PREFIX}[0-9a-f]{{16}}")
_ROOM = re.compile(r"[^\W_](?:[\w-]{0,30}[^\W_])?")
_JOINER = "\u200d"
_VISIBLE_CATEGORIES = ("L", "N", "So", "Sk")
_REFUSED_CATEGORIES = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
_INVISIBLE = re.compile(f"(?![{_JOINER}\ufe0f])[{IGNORABLE}]")
"""Invisible characters, except the two that emoji need: the joiner and the variation selector."""
_MARKS_IN_A_ROW = 2
"""Accents on one letter, at most: Vietnamese needs two, and stacks of more cover the lines around them."""
# Letters of other scripts, and digits, that look like a Latin letter (after case folding). Names are compared by their
# look, so that nobody can pass for somebody else.
_LOOKALIKES = str.maketrans(
    "асԁеһіјкӏмոорԛѕтυѵѡхуαεικνορτυχ01|ıłøвмнβζμ",
    "acdehijklmnopqstuvwxyaeiknoptuxollilobmhbzm",
)


def clean_nickname(text: str) -> str:
    """Return the nickname as it is shown: in NFC, without surrounding or repeated spaces.

    Raises ProtocolError with a sentence that says what to change.
    """
    text = text[: NICKNAME_CHARS * 8]  # bounds the work; composing and stripping seldom shorten a name to an eighth
    name = re.sub(" +", " ", unicodedata.normalize("NFC", text)).strip(" ")
    if not name:
        raise _refuse("Choose a nickname: it is empty.")
    if len(name) > NICKNAME_CHARS:
        raise _refuse(f"Choose a shorter nickname: at most {NICKNAME_CHARS} characters.")
    _check_characters(name)
    if nickname_key(name).replace(" ", "") in _RESERVED_KEYS:
        raise _refuse("Choose another nickname: this one is reserved for the chat itself.")
    return name


def nickname_key(name: str) -> str:
    """Return a key that two names share if people cannot tell them apart."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    shape = folded.replace(_JOINER, "").replace("\ufe0f", "").translate(_LOOKALIKES)
    return re.sub(r"[\s._\u2010-\u2015\u2212-]+", " ", shape.replace("rn", "m").replace("vv", "w")).strip()


def clean_room(text: str) -> str:
    """Return the canonical name of a room: in NFC and lower case; the id of a private room as it is.

    Raises ProtocolError for anything but letters, digits, and hyphens or underscores between them.
    """
    if _PRIVATE_ROOM.fullmatch(text):
        return text
    name = unicodedata.normalize("NFC", text[: NICKNAME_CHARS * 8]).casefold()
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
    categories = [unicodedata.category(char) for char in name]
    marks = 0
    for index, category in enumerate(categories):
        if category in _REFUSED_CATEGORIES and not _joins_emoji(name, categories, index):
            raise _refuse("Choose another nickname: it contains an invisible or control character.")
        if category == "Zs" and name[index] != " ":
            raise _refuse("Choose another nickname: it contains an unusual space.")
        marks = marks + 1 if category.startswith("M") else 0
        if marks > _MARKS_IN_A_ROW:
            raise _refuse("Choose another nickname: it stacks too many accents on one letter.")
    if not any(category.startswith(_VISIBLE_CATEGORIES) for category in categories):
        raise _refuse("Choose a nickname with at least one letter, digit or symbol.")


def _joins_emoji(name: str, categories: list[str], index: int) -> bool:
    """Return whether the character is a joiner between two emoji, as in a family; elsewhere it is invisible."""
    if name[index] != _JOINER or not 0 < index < len(name) - 1:
        return False
    before = categories[index - 1] in ("So", "Sk") or name[index - 1] == "\ufe0f"
    return before and categories[index + 1] == "So"


def _refuse(sentence: str) -> ProtocolError:
    return ProtocolError(ErrorCode.BAD_NICKNAME, sentence, "join")


_RESERVED_KEYS = frozenset(nickname_key(name) for name in RESERVED)
