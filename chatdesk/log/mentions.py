"""Whom messages mention, as entries of the file hold it: JSON, in which one person is searched for."""

import msgspec

from chatdesk.protocol.commands import Mentioned

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[Mentioned, ...]).decode


def encode_mentions(mentions: tuple[Mentioned, ...]) -> str | None:
    """Return mentions as an entry holds them; None for none."""
    return _encode(mentions).decode() if mentions else None


def decode_mentions(text: str | None) -> tuple[Mentioned, ...]:
    """Return the mentions that an entry holds."""
    return _decode(text) if text else ()


def mention_of(author: str) -> str:
    """Return what an entry holds somewhere that mentions this person, or everybody for an empty author."""
    return _encode({"author": author})[1:-1].decode()


def mentions_person(mentions: tuple[Mentioned, ...], author: str) -> bool:
    """Return whether these mentions tell this person."""
    return any(mention.author in ("", author) for mention in mentions)


def are_mentions(value: object) -> bool:
    """Return whether a value of a damaged file can be what an entry holds."""
    try:
        return isinstance(value, str) and bool(decode_mentions(value))
    except (msgspec.DecodeError, UnicodeError):
        return False
