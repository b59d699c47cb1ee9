"""What every importer yields: authors, rooms, messages and reactions, and what had to be left out.

The items come in the order of the file. Messages need not be in the order of time: real exports are not. A ``key`` is
the name that the file has for something; it says who or what is meant, and is never shown.
"""

from typing import NamedTuple

from msgspec import Struct

LATEST_MS = 253_402_300_799_999
"""The last millisecond that has a date of four digits: no message is of later."""


class ImportedAuthor(NamedTuple):
    """Somebody who has said something, or was mentioned; the last item with this key counts."""

    key: str
    name: str
    bot: bool = False


class ImportedRoom(NamedTuple):
    """A room; the last item with this key counts.

    ``people`` are the keys of the authors between whom it is private; a room for everybody has none. ``open``: people
    may find it as soon as the chat is hosted, because it was open in the same chat before. ``private``: only some could
    find it where it comes from.
    """

    key: str
    name: str
    topic: str = ""
    archived: bool = False
    people: tuple[str, ...] = ()
    open: bool = False
    private: bool = False


class ImportedMention(NamedTuple):
    """The content has ``@name``, which means this author; the key ``""`` is everybody in the room."""

    name: str
    author: str


class ImportedMessage(NamedTuple):
    """A message in our markdown.

    ``room``, ``author`` and ``reply_to`` (a message) are keys; ``at`` and ``edited`` are in milliseconds since 1970.
    ``name`` is what its author was called then, if that may be another name than now. ``heading`` is the subject under
    which it was said, where a room has several. ``action``: it tells what the author
    does, as ``/me``. ``removed`` is as what somebody has deleted it, ``author``, ``host`` or ``moderator``, and
    ``remover`` who that was.
    """

    room: str
    author: str
    at: int
    content: str
    key: str = ""
    reply_to: str = ""
    edited: int | None = None
    name: str = ""
    heading: str = ""
    mentions: tuple[ImportedMention, ...] = ()
    action: bool = False
    pinned: bool = False
    removed: str = ""
    remover: str = ""


class ImportedReaction(NamedTuple):
    """One author's reaction to a message; ``emoji`` is of Unicode."""

    message: str
    author: str
    emoji: str


class LeftOut(Struct, frozen=True):
    """What cannot come, by kind; the kind is a plural noun such as ``files``."""

    kind: str
    count: int = 1


Imported = ImportedAuthor | ImportedRoom | ImportedMessage | ImportedReaction | LeftOut
