"""The two people of a private room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from chatdesk.log.rooms import Subscription
from chatdesk.protocol.room_events import Partner

_LOST = Subscription(nickname="?")
"""Of the other person, where a damaged file has lost who it was: the conversation can still be read."""


class PrivatePair:
    """Two identities, and what they are called. ``author`` turns an identity into its public id."""

    def __init__(self, author: Callable[[str], str], subscriptions: Mapping[str, Subscription]) -> None:
        self._author = author
        self._subscriptions = subscriptions

    def __contains__(self, identity: object) -> bool:
        return identity in self._subscriptions

    @property
    def identities(self) -> Iterable[str]:
        """Both identities."""
        return self._subscriptions

    def partner(self, identity: str) -> Partner:
        """The one whom this one talks to."""
        others = (each for each in self._subscriptions.items() if each[0] != identity)
        other, kept = next(others, ("", _LOST))
        return Partner(kept.nickname, self._author(other) if other else "")

    def recipient(self, author: str) -> str:
        """The nickname of the one to whom this author writes."""
        others = (kept for identity, kept in self._subscriptions.items() if self._author(identity) != author)
        return next(others, _LOST).nickname
