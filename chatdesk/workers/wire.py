"""What workers and the process that orders for them say to each other over their socket: calls, answers, and news."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from msgspec import Struct

_LENGTH_BYTES = 4
NEWS, ENTRIES = 0, 1
"""The numbers of answers that come by themselves: what another worker has told, and what was ordered."""


class Call(Struct, array_like=True, frozen=True):
    """A worker asks for something; the answer has its number."""

    number: int
    name: str
    arguments: tuple[Any, ...]


class Answer(Struct, array_like=True, frozen=True):
    """The answer to a call; ``full``: nothing was ordered, as the disk takes nothing more."""

    number: int
    value: Any = None
    full: bool = False


_encode = msgspec.msgpack.Encoder().encode
decode_call = msgspec.msgpack.Decoder(Call).decode
decode_answer = msgspec.msgpack.Decoder(Answer).decode


def frame(message: Call | Answer) -> bytes:
    """Return a message as it is written to the socket."""
    body = _encode(message)
    return len(body).to_bytes(_LENGTH_BYTES) + body


async def read_frame(reader: asyncio.StreamReader) -> bytes:
    """Return the next message. Raises OSError or EOFError at the end."""
    length = int.from_bytes(await reader.readexactly(_LENGTH_BYTES))
    return await reader.readexactly(length)
