"""Tokens that were revoked at one node, revoked at all: each tells which it knows of, and keeps those of the others."""

from __future__ import annotations

import logging
from typing import Protocol

import msgspec

from chatdesk.log.node_channel import NodeChannel
from chatdesk.log.revoked_tokens import Revoked

logger = logging.getLogger(__name__)

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[Revoked, ...]).decode


class Revocations(Protocol):
    """The revoked tokens of a node."""

    def revoked(self) -> tuple[Revoked, ...]:
        """Return all of them."""

    def revoke(self, more: tuple[Revoked, ...]) -> None:
        """Keep these, too. Raises OSError and ValueError."""


class NodeRevocations:
    """Tells them; see ``NodeListener``. They are few, and told whole. No revocation is taken back."""

    def __init__(self, revocations: Revocations, channel: NodeChannel) -> None:
        self._revocations = revocations
        self._channel = channel
        self._told: tuple[Revoked, ...] = ()
        channel.attach(self)

    def changed(self) -> None:
        """Tokens were revoked here."""
        self._channel.wake()

    def whole(self) -> bytes:
        """See ``NodeListener``."""
        return _encode(self._revocations.revoked())

    def take_news(self) -> bytes:
        """See ``NodeListener``."""
        before, self._told = self._told, self._revocations.revoked()
        return _encode(self._told) if self._told != before else b""

    def heard(self, node: str, told: bytes) -> None:
        """See ``NodeListener``."""
        known = {revoked.id for revoked in self._revocations.revoked()}
        try:
            if more := tuple(revoked for revoked in _decode(told) if revoked.id not in known):
                self._revocations.revoke(more)
        except msgspec.MsgspecError:
            logger.warning("A node of another version tells of revoked tokens in a way that is not understood here.")
        except (OSError, ValueError) as error:
            logger.error("Tokens that another node has revoked cannot be kept here (%s): revoke them here, too.", error)

    def lost(self, node: str) -> None:
        """See ``NodeListener``. What it has revoked stays so."""
