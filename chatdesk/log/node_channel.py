"""What the nodes of a chat tell each other and nobody keeps: who is there, and who types."""

from __future__ import annotations

from typing import Protocol


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
