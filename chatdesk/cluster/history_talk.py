"""What a node asks that takes a copy of another one's history, and what it is answered.

Nobody keeps any of it, so each question may be asked again.
"""

from __future__ import annotations

import contextlib

import msgspec


class _Told(msgspec.Struct, array_like=True, tag=True):
    """Each begins with its name."""


class Offer(_Told):
    """Asked of all nodes, and answered by each that would give a copy."""


class WantsCopy(_Told):
    """Asked of one that offers, until its copy is made."""


class Copy(_Told):
    """Its ``number`` tells it from others of the same giver; ``size`` is in bytes, none while it is made.

    So a node that makes a long one gives a sign of life as often as it is asked.
    """

    number: int
    size: int


class Refused(_Told):
    """It cannot be made, and the log of that node says why."""


class WantsPart(_Told):
    """Asked for what begins at ``start`` in the copy of this number."""

    number: int
    start: int


class Part(_Told):
    """That part."""

    number: int
    start: int
    content: bytes


class Gone(_Told):
    """There is no such copy any more, or no such part of it."""


class Unknown(_Told):
    """What another version of the program has told."""


Told = Unknown | Offer | WantsCopy | Copy | Refused | WantsPart | Part | Gone

encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder[Told](Told)


def decode(told: bytes) -> Told:
    """Return what was told; ``Unknown`` for what is none of these."""
    with contextlib.suppress(ValueError):  # which msgspec's error is, too
        decoded: Told = _decoder.decode(told)
        return decoded
    return Unknown()
