"""What a click at a point of a row means."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A link."""

    url: str


@dataclass(frozen=True, slots=True)
class CopyCode:
    """The button that copies a block of code."""

    text: str


@dataclass(frozen=True, slots=True)
class JumpTo:
    """The message that is quoted."""

    seq: int


@dataclass(frozen=True, slots=True)
class React:
    """A reaction of oneself to a message, which is there from now on or not any more.

    ``count`` people react so now, of whom ``names`` are known.
    """

    seq: int
    emoji: str
    active: bool
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListReactors:
    """Show everybody who has reacted to a message with an emoji."""

    seq: int
    emoji: str


@dataclass(frozen=True, slots=True)
class AddReaction:
    """The pill that adds another reaction to a message."""

    seq: int


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer a message."""

    seq: int


@dataclass(frozen=True, slots=True)
class Pin:
    """Let a message be pinned, or not."""

    seq: int
    active: bool


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Edit a message that the host has stored."""

    seq: int


@dataclass(frozen=True, slots=True)
class ShowReaders:
    """The two ticks of an own message: who has read it."""

    seq: int


@dataclass(frozen=True, slots=True)
class ShowInfo:
    """Show when a message was sent and edited, and who has read it."""

    seq: int


@dataclass(frozen=True, slots=True)
class MarkUnread:
    """Let a message and what follows be unread again."""

    seq: int


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a message for everybody."""

    seq: int


@dataclass(frozen=True, slots=True)
class Resend:
    """The action that sends a refused message again."""

    id: str


@dataclass(frozen=True, slots=True)
class Edit:
    """The action that moves a refused message back into the composer."""

    id: str


@dataclass(frozen=True, slots=True)
class Discard:
    """The action that deletes a refused message."""

    id: str


@dataclass(frozen=True, slots=True)
class Toggle:
    """What opens or closes the row, or shows a long message to its end."""


@dataclass(frozen=True, slots=True)
class OpenCalendar:
    """The name of a day, which opens the calendar."""


MessageAct = (
    JumpTo | React | ListReactors | AddReaction | Reply | Pin | Rewrite | Delete | ShowReaders | ShowInfo | MarkUnread
)
"""What is done with a message that is stored."""
ClickTarget = Link | CopyCode | MessageAct | Resend | Edit | Discard | Toggle | OpenCalendar
