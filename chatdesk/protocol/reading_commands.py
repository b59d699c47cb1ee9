"""Commands about reading: how far a person has read, what they want to be told of, and who has read what they wrote."""

from typing import Annotated

from msgspec import Meta, Struct

from chatdesk.protocol.fields import Level, MessageId, Seq
from chatdesk.protocol.limits import MESSAGES_PAGE, READERS_PAGE


class SetLevel(Struct, tag="level", frozen=True):
    """Set what of a room the person is told of, on all their devices; the answer is ``room``."""

    level: Level
    room: str | None = None
    id: MessageId | None = None


class Read(Struct, tag="read", frozen=True):
    """The person has seen a room up to this message. A number before the last one changes nothing.

    ``back``: what comes after this message is to be unread for the person again, on all their devices; others are not
    told. The answer is ``read``, which their other devices get, too.
    """

    seq: Seq
    back: bool = False
    room: str | None = None
    id: MessageId | None = None


class Receipts(Struct, tag="receipts", frozen=True):
    """Ask how many others have read these messages of one's own; those of others are not told."""

    seqs: Annotated[tuple[Seq, ...], Meta(min_length=1, max_length=MESSAGES_PAGE)]
    room: str | None = None
    id: MessageId | None = None


class Readers(Struct, tag="readers", frozen=True):
    """Ask who has read a message of one's own, by name and without the first ``skip`` of them."""

    seq: Seq
    skip: Seq = 0
    limit: Annotated[int, Meta(ge=1, le=READERS_PAGE)] = READERS_PAGE
    room: str | None = None
    id: MessageId | None = None


class GiveReceipts(Struct, tag="give_receipts", frozen=True):
    """Let others see what one has read, and see it of them; or neither. The answer is ``receipt_settings``.

    It holds on all devices, and after a restart of the server.
    """

    active: bool = True
    id: MessageId | None = None


class AllowReceipts(Struct, tag="allow_receipts", frozen=True):
    """Let there be receipts in the chat, or not, until it closes; only the host may."""

    active: bool = True
    id: MessageId | None = None
