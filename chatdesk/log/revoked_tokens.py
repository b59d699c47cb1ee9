"""The tokens of a chat that were revoked: a file beside its history, which the command line changes while it is served.

It holds ids of tokens (``jti``, RFC 7519, section 4.1.7), which prove nothing. A backup of the history carries them.
"""

import logging
import os
import sqlite3
import time
from pathlib import Path

import msgspec

logger = logging.getLogger(__name__)

FILE = "revoked-tokens.json"
_ABOUT = "revoked-tokens"
"""Under which name a copy of the history carries them."""


class Revoked(msgspec.Struct, frozen=True):
    """A revoked token: its id, and the second since 1970 from which on it is of no use anyway; 0 if not known."""

    id: str
    until: float = 0.0


class RevokedTokens:
    """The revoked tokens of the chat in a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._read_at: tuple[int, int, int] | None = None
        self._all: tuple[Revoked, ...] = ()
        self._ids: frozenset[str] = frozenset()

    def all(self) -> tuple[Revoked, ...]:
        """All revoked tokens. While the file cannot be read, those that were last read."""
        self.ids()
        return self._all

    def ids(self) -> frozenset[str]:
        """The ids of all revoked tokens, as ``all``."""
        try:
            status = self._file.stat()
            version = (status.st_ino, status.st_mtime_ns, status.st_size)
            if version != self._read_at:
                self._all = self._read()
                self._ids = frozenset(revoked.id for revoked in self._all)
                self._read_at = version
        except FileNotFoundError:
            self._read_at, self._all, self._ids = None, (), frozenset()
        except (OSError, ValueError) as error:
            logger.error("The revoked tokens cannot be read (%s): see %s.", error, self._file)
        return self._ids

    def add(self, token_id: str, until: float = 0.0) -> None:
        """Revoke a token; those that have expired are forgotten. Raises OSError, and ValueError for a broken file."""
        self.merge((Revoked(token_id, until),))

    def merge(self, more: tuple[Revoked, ...]) -> None:
        """Revoke these; those that have expired are forgotten. Raises OSError, and ValueError for a broken file."""
        known = {revoked.id: revoked for revoked in (self._read() if self._file.exists() else ())}
        known |= {revoked.id: revoked for revoked in more}
        kept = tuple(revoked for revoked in known.values() if not revoked.until or revoked.until > time.time())
        new = self._file.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(kept), indent=2))
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(self._file)

    def put_into(self, copy: sqlite3.Connection) -> None:
        """Let a copy of the history carry them, if there are any. Raises OSError and ValueError."""
        if self._file.exists():
            copy.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (_ABOUT, msgspec.json.encode(self._read())))

    def take_from(self, db: sqlite3.Connection) -> None:
        """Take those that a copy of the history has brought into this folder, beside those that are there."""
        row = db.execute("SELECT value FROM about WHERE name = ?", (_ABOUT,)).fetchone()
        if row is None:
            return
        try:
            self.merge(msgspec.json.decode(row[0], type=tuple[Revoked, ...]))
        except (OSError, ValueError) as error:
            logger.error("The revoked tokens of the copy cannot be taken over (%s).", error)
            return
        db.execute("DELETE FROM about WHERE name = ?", (_ABOUT,))

    def _read(self) -> tuple[Revoked, ...]:
        return msgspec.json.decode(self._file.read_bytes(), type=tuple[Revoked, ...])
