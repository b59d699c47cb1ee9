"""Nicknames that are kept for people."""

from typing import NamedTuple


class Reservation(NamedTuple):
    """A nickname (by its key) that belongs to an identity while it is connected, and for a while afterwards."""

    key: str
    identity: str
    nickname: str = ""
    """As it is written; empty where only the key is known, as after a restart."""
