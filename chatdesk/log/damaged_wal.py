"""Reads what was committed to a damaged write-ahead log (WAL) of SQLite.

SQLite reads a WAL up to the first damaged frame, and nothing if its header is damaged. Here each frame is checked by
itself. A checksum continues that of the frame before; both the stored and the computed value of that one are tried.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import BinaryIO, Literal, NamedTuple

_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24
"""As the format has them."""
_CHECKSUM_AT = 24
"""Offset of the checksum in the header; it covers what precedes it."""
_SALT_FRAMES = 16
"""Frames that are searched for the salt: that so many in a row are damaged is unlikely."""
_MAGIC = b"\x37\x7f\x06"

type ByteOrder = Literal["little", "big"]
_BYTE_ORDERS: tuple[ByteOrder, ByteOrder] = ("little", "big")


class CommittedPages(NamedTuple):
    """The offset of the newest sound version of each page, and whether SQLite would see less."""

    offsets: dict[int, int]
    has_hidden_commits: bool


class _Frame(NamedTuple):
    page: int
    at: int
    commits: bool


def read_committed(journal: BinaryIO, size: int) -> CommittedPages:
    """Return all pages up to the last commit; ``size`` is the page size in bytes."""
    header = journal.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES:
        return CommittedPages({}, False)
    offsets: dict[int, int] = {}
    pending: dict[int, int] = {}
    is_damaged = not _byte_order(header)
    has_hidden_commits = False
    for frame in _frames(journal, header, size):
        if frame is None:
            is_damaged = True
            continue
        pending[frame.page] = frame.at
        if frame.commits:
            offsets |= pending
            pending.clear()
            has_hidden_commits = has_hidden_commits or is_damaged
    return CommittedPages(offsets, has_hidden_commits)


def _frames(journal: BinaryIO, header: bytes, size: int) -> Iterator[_Frame | None]:
    """Yield the frames in order, None for one that is damaged or left from an earlier use of the WAL."""
    byte_order = _byte_order(header) or sys.byteorder
    salt = header[16:24] if _byte_order(header) else _salt(journal, size)
    written, right = header[_CHECKSUM_AT:], _checksum(header[:_CHECKSUM_AT], bytes(8), byte_order)
    unconfirmed: _Frame | None = None
    for at, raw in _raw_frames(journal, size):
        data = raw[:8] + raw[_FRAME_HEADER_BYTES:]
        frame = _Frame(int.from_bytes(raw[:4]), at + _FRAME_HEADER_BYTES, any(raw[4:8]))
        stored, expected = raw[16:24], _checksum(data, written, byte_order) if raw[8:16] == salt else b""
        if stored == expected:
            unconfirmed = None
            yield frame
        elif expected and right != written and stored == _checksum(data, right, byte_order):
            if unconfirmed:
                yield unconfirmed  # only its checksum was damaged
            unconfirmed = None
            yield frame
        else:
            unconfirmed = frame if expected else None
            yield None
        written, right = stored, expected or stored


def _raw_frames(journal: BinaryIO, size: int) -> Iterator[tuple[int, bytes]]:
    journal.seek(_HEADER_BYTES)
    while len(raw := journal.read(_FRAME_HEADER_BYTES + size)) == _FRAME_HEADER_BYTES + size:
        yield journal.tell() - len(raw), raw


def _byte_order(header: bytes) -> ByteOrder | None:
    """Return the byte order of the checksums; None if the header is damaged."""
    byte_order = _BYTE_ORDERS[header[3] & 1]
    is_sound = header[:3] == _MAGIC and _checksum(header[:_CHECKSUM_AT], bytes(8), byte_order) == header[_CHECKSUM_AT:]
    return byte_order if is_sound else None


def _salt(journal: BinaryIO, size: int) -> bytes:
    """Return the salt of the current frames without the header: the first that two neighbouring frames share."""
    salts = [raw[8:16] for _, raw in islice(_raw_frames(journal, size), _SALT_FRAMES)]
    return next((one for one, other in pairwise(salts) if one == other), salts[0] if salts else b"")


def _checksum(data: bytes, before: bytes, byte_order: ByteOrder) -> bytes:
    first, second = struct.unpack(">II", before)
    words = array("I", data)
    if byte_order != sys.byteorder:
        words.byteswap()
    for at in range(0, len(words), 2):
        first = (first + words[at] + second) & 0xFFFFFFFF
        second = (second + words[at + 1] + first) & 0xFFFFFFFF
    return struct.pack(">II", first, second)
