"""What is asked for at the door of the chat or of a room: the command that sets it, and the event about it."""

from typing import Annotated

from msgspec import Meta, Struct

from chatdesk.protocol.fields import MessageId
from chatdesk.protocol.limits import PASSWORD_CHARS

Password = Annotated[str, Meta(max_length=PASSWORD_CHARS)]


class SetEntry(Struct, tag="entry", frozen=True):
    """Set the password of the chat or of a ``room``, and whether it is locked, for the host and moderators.

    What is left out stays as it is; an empty ``password`` is none. For a room the answer is ``room``, else ``entry``.
    """

    room: str | None = None
    password: Password | None = None
    locked: bool | None = None
    id: MessageId | None = None


class Entry(Struct, tag="entry", frozen=True, omit_defaults=True):
    """What the chat asks of newcomers: ``password``; ``locked`` if nobody new may come in.

    ``password_in_file``: the password stands in a file on the host's computer, and is changed there alone.
    """

    asks: tuple[str, ...]
    ref: str | None = None
    password_in_file: bool = False
