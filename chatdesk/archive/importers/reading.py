"""Reads exports that may be large, broken or hostile: each read has a limit, and each fault is a sentence."""

import mmap
import tarfile
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

import msgspec

from chatdesk.archive.history_file import ArchiveError

MEMBER_BYTES = 512 * 1024 * 1024
"""Largest file within an archive that is read, in bytes: a day of a busy channel has a thousandth of it."""
LINE_BYTES = 32 * 1024 * 1024
"""Longest line, in bytes: Mattermost writes a thread with all its replies on one."""
_SUSPECT_BYTES = 16 * 1024 * 1024
_SUSPECT_RATIO = 200
"""A file that unpacks to more than both is a bomb: chats shrink to a tenth, at most to a fiftieth."""
_NAMED_CHARS = 80
"""As much of a member's name as a sentence quotes."""


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Raise ArchiveError, with a sentence, for whatever is wrong with the file in this block."""
    try:
        yield
    except (BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError):
        raise ArchiveError(f"{file} is damaged, or only a part of what was exported: export it again.") from None
    except RuntimeError as error:  # zipfile's word for a password
        if "password" not in str(error):
            raise
        raise ArchiveError(f"{file} is locked with a password: unpack it and pack it again without one.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ArchiveError(f"ChatDesk cannot read {file} ({reason}): choose another file.") from None


def read_member(archive: ZipFile, member: ZipInfo) -> bytes:
    """Return a file of a zip archive. Raises ArchiveError if it is larger than any export makes it."""
    compressed = max(member.compress_size, 1)
    if member.file_size > _SUSPECT_BYTES and member.file_size // compressed > _SUSPECT_RATIO:
        raise too_large(member.filename)
    with archive.open(member) as file:
        return read_limited(file, member.filename)


def read_limited(file: IO[bytes], name: str) -> bytes:
    """Return all of a file. Raises ArchiveError if it is larger than MEMBER_BYTES."""
    data = file.read(MEMBER_BYTES + 1)
    if len(data) > MEMBER_BYTES:
        raise too_large(name)
    return data


def too_large(name: str) -> ArchiveError:
    """Return the error for a file of an archive that no export makes so large."""
    return ArchiveError(f"The file {name[:_NAMED_CHARS]!r} in it is larger than any chat makes it: nothing was read.")


def lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a file without empty ones. Raises ArchiveError for one longer than LINE_BYTES."""
    number = 0
    while line := file.readline(LINE_BYTES + 1):
        number += 1
        if len(line) > LINE_BYTES:
            raise ArchiveError(f"Line {number:,} is longer than any chat makes it: nothing was imported.")
        if line := line.removeprefix(BOM_UTF8).strip():
            yield line


def mapped(path: Path) -> memoryview:
    """Return the bytes of a file of any size, without a byte order mark; only what is looked at is in memory."""
    with path.open("rb") as file:
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return data[len(BOM_UTF8) :] if bytes(data[: len(BOM_UTF8)]) == BOM_UTF8 else data


def decode[T](data: bytes | memoryview, kind: type[T], name: str) -> T:
    """Return JSON as this type. Raises ArchiveError, which names the file, if it is something else."""
    try:
        return msgspec.json.decode(data, type=kind, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ArchiveError(f"{name[:_NAMED_CHARS]!r} is not what its format says ({error}).") from None


class Decoder[T]:
    """Decodes one item after the other, and counts those that are not what the format says."""

    def __init__(self, kind: type[T]) -> None:
        self._decoder = msgspec.json.Decoder(kind, strict=False)
        self.broken = 0

    def __call__(self, raw: msgspec.Raw | bytes) -> T | None:
        """Return an item; None, and count it, if it is broken."""
        try:
            return self._decoder.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self.broken += 1
            return None

    def all(self, raw: list[msgspec.Raw]) -> Iterator[T]:
        """Yield the items that are not broken."""
        return (item for one in raw if (item := self(one)) is not None)
