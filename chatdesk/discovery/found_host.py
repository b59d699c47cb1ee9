"""A chat that was found on the network."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundHost:
    """A chat and where to join it: ``addresses`` are ``host:port``, the one in a network of ours first.

    ``server_id`` distinguishes chats of the same name; ``host`` is the nickname of the person who hosts it, empty
    for a server. ``key`` is the fingerprint of its own authority's key, in hexadecimal; empty if it has none.
    """

    server_id: str
    name: str
    host: str
    people: int
    rooms: int
    locked: bool
    version: str
    addresses: tuple[str, ...]
    key: str = ""
    entry: tuple[str, ...] = ()
    """What newcomers are asked for, such as ``token``."""
