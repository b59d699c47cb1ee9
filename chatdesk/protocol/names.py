"""What a person and a room may be called, and which names are too alike to stand beside each other."""

import re
import unicodedata

from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.limits import NICKNAME_CHARS
from chatdesk.protocol.text import IGNORABLE

RESERVED = frozenset({"system", "server", "host", "chatdesk"})
"""Names that would pass for the program itself."""

_ROOM = re.compile(r"[^\W_](?:[\w-]{0,30}[^\W_])?")
_JOINER = "\u200d"
_VISIBLE = ("L", "N", "So", "Sk")
_REFUSED = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
_BLANK = re.compile(f"(?![{_JOINER}\ufe0f])[{IGNORABLE}]")
"""Nothing of these can be seen. Two belong to emoji: the joiner, and the sign that makes a picture of a letter."""
_MARKS_IN_A_ROW = 2
# Letters of other scripts, and digits, that a reader takes for a Latin letter (after case folding). A name is
# compared by what it looks like, so that nobody can pass for somebody else.
_LOOKALIKES = str.maketrans(
    "асԁеһіјкӏмոорԛѕтυѵѡхуαεικνορτυχ01|ıłøвмнβζμ",
    "acdehijklmnopqstuvwxyaeiknoptuxollilobmhbzm",
)


def clean_nickname(text: str) -> str:
    """The nickname as it is shown: composed (NFC), without surrounding or doubled spaces.

    Raises ProtocolError with a sentence that says what to change.
    """
    name = re.sub(" +", " ", unicodedata.normalize("NFC", text[: NICKNAME_CHARS * 8])).strip(" ")
    if not name:
        raise _refuse("Choose a nickname: it is empty.")
    if len(name) > NICKNAME_CHARS:
        raise _refuse(f"Choose a shorter nickname: at most {NICKNAME_CHARS} characters.")
    _check_characters(name)
    if nickname_key(name).replace(" ", "") in _RESERVED_KEYS:
        raise _refuse("Choose another nickname: this one is reserved for the chat itself.")
    return name


def nickname_key(name: str) -> str:
    """What two names have in common when people cannot tell them apart: the same key."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    shape = folded.replace(_JOINER, "").replace("\ufe0f", "").translate(_LOOKALIKES)
    return re.sub(r"[\s._\u2010-\u2015\u2212-]+", " ", shape.replace("rn", "m").replace("vv", "w")).strip()


def clean_room(text: str) -> str:
    """The room's name in its one form: composed, lower case.

    Raises ProtocolError when it is not made of letters, digits and inner hyphens.
    """
    name = unicodedata.normalize("NFC", text[: NICKNAME_CHARS * 8]).casefold()
    if not _ROOM.fullmatch(name) or _BLANK.search(name):
        raise ProtocolError(
            ErrorCode.BAD_ROOM,
            f"A room's name is 1 to {NICKNAME_CHARS} letters, digits and hyphens, such as build-floor.",
            "join",
        )
    return name


def _check_characters(name: str) -> None:
    if _BLANK.search(name):
        raise _refuse("Choose another nickname: it contains an invisible character.")
    categories = [unicodedata.category(char) for char in name]
    marks = 0
    for index, category in enumerate(categories):
        if category in _REFUSED and not _joins_emoji(name, categories, index):
            raise _refuse("Choose another nickname: it contains an invisible or control character.")
        if category == "Zs" and name[index] != " ":
            raise _refuse("Choose another nickname: it contains an unusual space.")
        marks = marks + 1 if category.startswith("M") else 0
        if marks > _MARKS_IN_A_ROW:
            raise _refuse("Choose another nickname: it stacks too many accents on one letter.")
    if not any(category.startswith(_VISIBLE) for category in categories):
        raise _refuse("Choose a nickname with at least one letter, digit or symbol.")


def _joins_emoji(name: str, categories: list[str], index: int) -> bool:
    """A joiner between two pictures makes one picture of them, such as a family; elsewhere it hides."""
    if name[index] != _JOINER or not 0 < index < len(name) - 1:
        return False
    before = categories[index - 1] in ("So", "Sk") or name[index - 1] == "\ufe0f"
    return before and categories[index + 1] == "So"


def _refuse(sentence: str) -> ProtocolError:
    return ProtocolError(ErrorCode.BAD_NICKNAME, sentence, "join")


_RESERVED_KEYS = frozenset(nickname_key(name) for name in RESERVED)
