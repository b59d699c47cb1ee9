"""The incoming webhooks of a chat: a file beside its history, which the host's command line changes while it is served.

A hook's secret is not in it, only a digest: who reads the file cannot speak. A backup of the history carries them.
"""

import hashlib
import hmac
import logging
import os
import secrets
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from chatdesk.log.bots import HOOK
from chatdesk.protocol.names import nickname_key

logger = logging.getLogger(__name__)

FILE = "hooks.json"
_ABOUT = "hooks"
"""Under which name a copy of the history carries them."""
_SECRET_BYTES = 24
"""192 random bits: nobody guesses one, and a plain digest of it cannot be reversed."""


class Hook(msgspec.Struct, frozen=True):
    """Lets another program speak in a room, under a name. ``created`` is in milliseconds since 1970."""

    name: str
    room: str
    digest: str
    created: int

    @property
    def identity(self) -> str:
        """Whose messages those of the hook are."""
        return f"{HOOK}{self.digest[:16]}"


class HookFile:
    """The hooks of the chat in a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._read_at: tuple[int, int, int] | None = None
        self._hooks: tuple[Hook, ...] = ()

    def hooks(self) -> tuple[Hook, ...]:
        """Return the hooks that there are now. Raises OSError and ValueError for a file that cannot be read."""
        try:
            status = self._file.stat()
            version = (status.st_ino, status.st_mtime_ns, status.st_size)
            if version != self._read_at:
                self._hooks = msgspec.json.decode(self._file.read_bytes(), type=tuple[Hook, ...])
                self._read_at = version
        except FileNotFoundError:
            self._read_at, self._hooks = None, ()
        return self._hooks

    def find(self, secret: str) -> Hook | None:
        """Return the hook of this secret. How long it takes tells nothing of the others."""
        digest = _digest(secret)
        try:
            hooks = self.hooks()
        except (OSError, ValueError) as error:
            logger.error("The hooks cannot be read (%s): see %s.", error, self._file)
            return None
        found = [hook for hook in hooks if hmac.compare_digest(hook.digest, digest)]
        return found[0] if found else None

    def add(self, name: str, room: str) -> str:
        """Add a hook, whose name no other has, and return its secret, which is kept nowhere."""
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        self._write((*self.hooks(), Hook(name, room, _digest(secret), time.time_ns() // 1_000_000)))
        return secret

    def put_into(self, copy: sqlite3.Connection) -> None:
        """Let a copy of the history carry the hooks, if there are any. Raises OSError and ValueError as `hooks`."""
        if hooks := self.hooks():
            copy.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (_ABOUT, msgspec.json.encode(hooks)))

    def take_from(self, db: sqlite3.Connection) -> None:
        """Take the hooks that a copy of the history has brought into this folder, beside those that are there."""
        row = db.execute("SELECT value FROM about WHERE name = ?", (_ABOUT,)).fetchone()
        if row is None:
            return
        try:
            known = self.hooks()
            brought = msgspec.json.decode(row[0], type=tuple[Hook, ...])
            names = {nickname_key(hook.name) for hook in known}
            self._write((*known, *(hook for hook in brought if nickname_key(hook.name) not in names)))
        except (OSError, ValueError) as error:
            logger.error("The hooks of the copy cannot be taken over (%s).", error)
            return
        db.execute("DELETE FROM about WHERE name = ?", (_ABOUT,))

    def named(self, name: str) -> Hook | None:
        """Return the hook of this name, however it is spelt."""
        return next((hook for hook in self.hooks() if nickname_key(hook.name) == nickname_key(name)), None)

    def remove(self, hook: Hook) -> None:
        """Remove a hook: its secret opens nothing from now on."""
        self._write(tuple(other for other in self.hooks() if other != hook))

    def change(self, added: Sequence[Hook], removed: Sequence[str]) -> None:
        """Add hooks, and remove those of these digests. Raises OSError and ValueError as `hooks`."""
        kept = {hook.digest: hook for hook in self.hooks() if hook.digest not in removed}
        self._write(tuple((kept | {hook.digest: hook for hook in added}).values()))

    def _write(self, hooks: tuple[Hook, ...]) -> None:
        new = self._file.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(hooks), indent=2))
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(self._file)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
