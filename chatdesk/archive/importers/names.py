"""Names of rooms and people from elsewhere, as names that a chat of ours can have."""

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache

from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.limits import NICKNAME_CHARS
from chatdesk.protocol.names import clean_nickname, clean_room
from chatdesk.protocol.text import one_line

_UNFIT = re.compile(r"[^\w]+|_+")


def room_name(name: str, taken: Container[str] = ()) -> str:
    """Return a name such as ``general-chat`` for a room that was called ``General chat``, and none that is taken."""
    folded = unicodedata.normalize("NFC", name).casefold()
    slug = _UNFIT.sub(lambda match: "_" if set(match[0]) == {"_"} else "-", folded)
    base = _cut(slug, NICKNAME_CHARS) or "room"
    shown, number = base, 1
    while shown in taken:
        number += 1
        shown = f"{_cut(base, NICKNAME_CHARS - 5)}-{number}"
    try:
        return clean_room(shown)
    except ProtocolError:  # it holds a character that is invisible
        return room_name("room", taken)


@lru_cache(4096)
def nickname(name: str) -> str:
    """Return a name as it is shown; one that nobody could choose here, such as a reserved one, says that it came in."""
    shown = one_line(name, NICKNAME_CHARS) or "Unknown"
    try:
        return clean_nickname(shown)
    except ProtocolError:
        return f"{shown[: NICKNAME_CHARS - 11]} (imported)"


def _cut(slug: str, length: int) -> str:
    return slug.strip("-_")[:length].strip("-_")
