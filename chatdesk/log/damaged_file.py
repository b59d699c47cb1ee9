"""Reads rows from the sound pages of a damaged SQLite file, page by page.

SQLite finds a row by way of the header, the schema and the pages above it, and gives up where one of them is damaged.
Here a row is read if its own page and its overflow pages are sound. The format is described at
https://www.sqlite.org/fileformat2.html. Nothing is written.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from chatdesk.log.damaged_wal import CommittedPages, read_committed

type Value = int | float | str | bytes | None

_MAGIC = b"SQLite format 3\x00"
_DEFAULT_PAGE_SIZE = 4096
"""SQLite's default, which this program uses, for a damaged header."""
_TABLE, _INDEX, _INTERIOR_INDEX = 0x0D, 0x0A, 0x02
"""Types of the pages that hold rows, by their first byte."""
_LATEST_SCHEMA_FORMAT = 4
_FORMAT_VERSIONS = {1, 2}
"""Of a file with a rollback journal, and with a WAL."""
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""Bytes of an integer by its serial type."""
_MAX_PAYLOAD_BYTES = 16 * 1024 * 1024
"""A longer row is taken for damage: the longest messages have 32 KB, and parts of the search index less."""


class Row(NamedTuple):
    """A row of a table with its row number, or of an index without one."""

    number: int | None
    values: list[Value]


class DamagedFile:
    """Gives access to the newest sound version of each page, in the file or in the WAL beside it."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")
        wal = path.with_name(f"{path.name}-wal")
        self._wal: BinaryIO | None = wal.open("rb") if wal.exists() else None
        header = self._file.read(100)
        self.page_size = _page_size(header)
        self.page_count = path.stat().st_size // self.page_size
        self._wal_pages = read_committed(self._wal, self.page_size) if self._wal else CommittedPages({}, False)
        self._header = header
        self.page_count = max(self.page_count, *self._wal_pages.offsets, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()
        if self._wal:
            self._wal.close()

    @property
    def seems_sound(self) -> bool:
        """False if SQLite would overlook damage and overwrite what can be saved.

        It ignores commits after a damaged frame of the WAL, and takes damaged numbers of a version for a future format.
        """
        if self._wal_pages.has_hidden_commits:
            return False
        versions, schema_format = self._header[18:20], int.from_bytes(self._header[44:48])
        return set(versions) <= _FORMAT_VERSIONS and schema_format <= _LATEST_SCHEMA_FORMAT

    @property
    def original_size(self) -> int:
        """Size in bytes that the header or the WAL says, if the file is now shorter."""
        return max(self.page_count, int.from_bytes(self._page(1)[28:32])) * self.page_size

    def rows(self, number: int) -> Iterator[Row]:
        """Yield the rows that begin on a page; the first page has number 1. Rows that cannot be read are skipped."""
        page = self._page(number)
        start = 100 if number == 1 else 0
        kind = page[start] if len(page) == self.page_size else 0
        if kind not in (_TABLE, _INDEX, _INTERIOR_INDEX):
            return
        first = start + (12 if kind == _INTERIOR_INDEX else 8)
        cells = min(int.from_bytes(page[start + 3 : start + 5]), (self.page_size - first) // 2)
        for (at,) in struct.iter_unpack(">H", page[first : first + 2 * cells]):
            if at >= first + 2 * cells and (row := self._row(page, kind, at)):
                yield row

    def _row(self, page: bytes, kind: int, at: int) -> Row | None:
        try:
            size, at = _varint(page, at + (4 if kind == _INTERIOR_INDEX else 0))
            number = None
            if kind == _TABLE:
                number, at = _varint(page, at)
            values = _record(self._payload(page, kind, at, size))
        except (IndexError, ValueError, struct.error):
            return None
        return Row(number, values)

    def _payload(self, page: bytes, kind: int, at: int, size: int) -> bytes:
        """Return the bytes of a row, from overflow pages too. Raises ValueError if some are missing."""
        if size > _MAX_PAYLOAD_BYTES:
            raise ValueError
        max_local = self.page_size - 35 if kind == _TABLE else (self.page_size - 12) * 64 // 255 - 23
        local = size
        if size > max_local:
            min_local = (self.page_size - 12) * 32 // 255 - 23
            local = min_local + (size - min_local) % (self.page_size - 4)
            local = local if local <= max_local else min_local
        parts = [page[at : at + local]]
        rest = size - local
        following = int.from_bytes(page[at + local : at + local + 4]) if rest else 0
        while rest:
            page = self._page(following)
            if not following or len(page) != self.page_size:
                raise ValueError
            parts.append(page[4 : 4 + rest])
            rest -= len(parts[-1])
            following = int.from_bytes(page[:4])
        payload = b"".join(parts)
        if len(payload) != size:
            raise ValueError
        return payload

    def _page(self, number: int) -> bytes:
        if self._wal and number in self._wal_pages.offsets:
            self._wal.seek(self._wal_pages.offsets[number])
            return self._wal.read(self.page_size)
        self._file.seek(max(0, number - 1) * self.page_size)
        return self._file.read(self.page_size)


def _page_size(header: bytes) -> int:
    size = int.from_bytes(header[16:18])
    sound = header.startswith(_MAGIC) and size >= 512 and not size & (size - 1)
    return size if sound else _DEFAULT_PAGE_SIZE


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the variable-length integer at this offset, and the offset after it."""
    value = 0
    for step in range(8):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    return value << 8 | data[at + 8], at + 9


def _record(payload: bytes) -> list[Value]:
    """Return the values of a row. Raises ValueError if their lengths do not add up."""
    end, at = _varint(payload, 0)
    body = end
    values: list[Value] = []
    while at < end:
        kind, at = _varint(payload, at)
        size = _INTEGERS.get(kind, 8 if kind == 7 else 0) if kind < 12 else (kind - 12) // 2
        values.append(_value(kind, payload[body : body + size]))
        body += size
    if at != end or body != len(payload):
        raise ValueError
    return values


def _value(kind: int, data: bytes) -> Value:
    if kind >= 12:
        return data.decode(errors="replace") if kind & 1 else data
    if kind in _INTEGERS:
        return int.from_bytes(data, signed=True)
    match kind:
        case 0:
            return None
        case 7:
            return float(struct.unpack(">d", data)[0])
        case 8 | 9:
            return kind - 8
    raise ValueError
