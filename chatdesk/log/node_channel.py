"""What a store tells of other servers of the chat, and the channel by which these tell each other what nobody keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from chatdesk.log.rooms import RoomSettings, StoredSubscription


class NodeListener(Protocol):
    """A node, as far as others hear of it and it of them. Nothing that it hears makes it raise."""

    def whole(self) -> bytes:
        """Return all that another node has to know of this one."""

    def take_news(self) -> bytes:
        """Return what others have not been told yet; empty if they know all."""

    def heard(self, node: str, told: bytes) -> None:
        """Another node has told this, by ``whole`` or ``take_news``."""

    def lost(self, node: str) -> None:
        """Another node was not heard of for so long that it counts as gone."""


class NodeChannel(Protocol):
    """The way to the other nodes. While it is open it loses nothing; where it was closed, all is told again."""

    def attach(self, listener: NodeListener) -> None:
        """From now on, speak for this node."""

    def wake(self) -> None:
        """There is news to take."""


class OtherServers(Protocol):
    """The other servers of a chat, by their store: what they have changed, and the way to them."""

    @property
    def channel(self) -> NodeChannel | None:
        """The way to them; None if there are none."""

    on_settings: Callable[[str, RoomSettings], None]
    """Called with a room and its settings once one of them has changed them."""

    def settings_elsewhere(self, room: str) -> RoomSettings | None:
        """Return the settings of a room that they may have; None if they have none of this name."""

    on_restarted: Callable[[str], None]
    """Called with a room whose history one of the servers, this one too, has deleted, before its log tells of it."""

    on_deleted: Callable[[str], None]
    """Called with a room that another one has deleted."""

    on_subscription: Callable[[StoredSubscription, bool], None]
    """Called with a subscription once one of them has changed it, and whether that is later than all changes here."""

    on_message: Callable[[str], None]
    """Called with the room of a message that one of them has taken, before its log tells of it."""

    on_receipts: Callable[[str, bool], None]
    """Called with an identity that has turned its receipts on or off on one of them, and whether they are off."""

    on_said: Callable[[str, str, int, float], None]
    """Called with an identity, a room, how many bytes of text the identity has said there on one of them, and how many
    seconds ago."""

    on_acted: Callable[[str, float], None]
    """Called with an identity that has acted on a message on one of them, and how many seconds ago."""

    async def catch_up(self) -> None:
        """Return when all that they have done is known here, or cannot be had now: whom they have banned, say."""

    @property
    def better_elsewhere(self) -> bool:
        """Whether others can do what this one cannot: its history does not fit theirs, or its own disk fails."""

    async def way_back(self) -> None:
        """Return once this store, whose history does not fit theirs, has theirs when it is opened again."""
