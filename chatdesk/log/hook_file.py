"""The incoming webhooks of a chat: a file beside its history, which the host's command line changes while it is served.

A hook's secret is not in it, only a digest: who reads the file cannot speak.
"""

import hashlib
import hmac
import logging
import os
import secrets
import time
from pathlib import Path

import msgspec

from chatdesk.log.bots import HOOK
from chatdesk.protocol.names import nickname_key

logger = logging.getLogger(__name__)

FILE = "hooks.json"
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

    def named(self, name: str) -> Hook | None:
        """Return the hook of this name, however it is spelt."""
        return next((hook for hook in self.hooks() if nickname_key(hook.name) == nickname_key(name)), None)

    def remove(self, hook: Hook) -> None:
        """Remove a hook: its secret opens nothing from now on."""
        self._write(tuple(other for other in self.hooks() if other != hook))

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
