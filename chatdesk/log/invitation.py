"""Invitations as they are kept: what each permits, and how often it was used. Its code is nowhere, only a digest."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from chatdesk.log.log_error import LogError


class Invitation(NamedTuple):
    """Lets people in until ``expires``, and ``uses`` of them at most; 0 uses is any number.

    ``digest`` is a keyed one of the code, in hexadecimal. ``nickname``, ``role`` and ``room`` are what it fixes, or
    empty. ``creator`` is the nickname of who has made it. Times are in milliseconds since 1970.
    """

    id: str
    digest: str
    nickname: str
    role: str
    room: str
    uses: int
    used: int
    created: int
    expires: int
    creator: str

    def lets_in(self, now: int) -> bool:
        """Whether somebody may come by it at this time."""
        return now < self.expires and (not self.uses or self.used < self.uses)


class UsedUp:
    """Others were quicker, on another server of the chat, or it was revoked there."""


Followed = Callable[[str, Invitation | None, str], None]
"""Called with the id of an invitation and what it is now, None if it is gone, and the identity that has come by it."""


class InvitationTable(Protocol):
    """Where a store keeps invitations."""

    on_followed: Followed
    """Called when one was made, used or revoked on another server of the chat."""

    def all(self) -> list[Invitation]:
        """Return the invitations that there were when the server last stopped."""

    def store(self, invitation: Invitation, reply: Callable[[LogError | None], None]) -> None:
        """Store a new invitation; ``reply`` is called when it is stored, or cannot be."""

    def use(
        self, invitation: Invitation, count: int, identity: str, reply: Callable[[LogError | UsedUp | None], None]
    ) -> None:
        """Store that this identity has come by an invitation, or with a ``count`` of -1 that it has not.

        ``invitation`` is as it is with that.
        """

    def delete(self, id_: str, reply: Callable[[LogError | None], None]) -> None:
        """Forget an invitation; ``reply`` is called when it is gone, or cannot be."""
