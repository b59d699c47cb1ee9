"""Passwords of the chat and of rooms: their hashes (Argon2id, RFC 9106), and whether what somebody has typed is right.

A text is kept nowhere. A hash takes a tenth of a second and 19 MB on purpose, so few are made at once, in
threads. Once the right password has been seen, what is typed is compared with its digest under a key that this process
alone has: then no guess costs more than a microsecond, and a flood of guesses takes nothing from others.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.limits import PASSWORD_CHARS
from chatdesk.protocol.text import has_controls
from chatdesk.thread_priority import let_others_go_first

_THREADS = 2
"""Hashes at once: each takes a core, and 19 MB. Processes that serve a chat together divide them, one at least."""
_QUEUE = 50
"""Hashes that may wait for each: five seconds' work. Only until the first right password after a start."""
_KNOWN = 1_000
"""Passwords whose digests are kept, at most; of a room that is left out, each is hashed again."""
_TIME_COST, _MEMORY_KIB, _LANES = 2, 19 * 1024, 1
"""The least of OWASP's recommendations for Argon2id: a small computer hashes it in a tenth of a second, too."""
_BUSY_SECONDS = 5.0

_BUSY = "Very many people are giving the password just now: try again in a moment."


def clean_password(text: str) -> str:
    """Return a password as it is compared: capitals do not matter, nor spaces at its ends, nor how letters are encoded.

    Raises ProtocolError for one that nobody could type.
    """
    password = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()
    if len(text) > PASSWORD_CHARS or has_controls(password):
        sentence = f"The password has more than {PASSWORD_CHARS} characters, or control characters: choose another."
        raise ProtocolError(ErrorCode.BAD_MESSAGE, sentence)
    return password


class Passwords:
    """Hashes passwords, and checks them. ``processes`` of this machine serve the chat, and each does so."""

    def __init__(self, processes: int = 1) -> None:
        threads = max(1, _THREADS // processes)
        self._threads = ThreadPoolExecutor(threads, "password", let_others_go_first)
        self._most = threads * _QUEUE
        self._hashing = 0
        self._key = secrets.token_bytes(32)
        self._known: dict[str, bytes] = {}
        """Digests of right passwords, by their hash."""

    async def hash(self, text: str, salt: bytes | None = None) -> str:
        """Return the hash of a new password, by default with a random salt.

        Raises ProtocolError if too many others wait.
        """
        password = clean_password(text)
        hashed = await self._in_thread(lambda: _hash(password, salt))
        self._know(hashed, password)
        return hashed

    def quick_answer(self, hashed: str, text: str) -> bool | None:
        """Whether this is the password of a hash; None if it has to be hashed to know. It always takes as long."""
        known = self._known.get(hashed)
        return None if known is None else hmac.compare_digest(known, self._digest(_comparable(text)))

    async def is_right(self, hashed: str, text: str) -> bool:
        """Whether this is the password of a hash. Raises ProtocolError if too many others wait."""
        quick = self.quick_answer(hashed, text)
        if quick is not None:
            return quick
        password = _comparable(text)
        right = await self._in_thread(lambda: _verify(hashed, password))
        if right:
            self._know(hashed, password)
        return right

    def close(self) -> None:
        """Start no hash any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _know(self, hashed: str, password: str) -> None:
        self._known[hashed] = self._digest(password)
        if len(self._known) > _KNOWN:
            del self._known[next(iter(self._known))]

    def _digest(self, password: str) -> bytes:
        return hmac.digest(self._key, password.encode("utf-8", "surrogatepass"), hashlib.sha256)

    async def _in_thread[Result](self, work: Callable[[], Result]) -> Result:
        if self._hashing >= self._most:
            raise ProtocolError(ErrorCode.RATE_LIMITED, _BUSY, retry_after=_BUSY_SECONDS)
        self._hashing += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._hashing -= 1


def _comparable(text: str) -> str:
    """A password that somebody has typed; one that cannot be any is wrong like all others."""
    try:
        return clean_password(text)
    except ProtocolError:
        return ""


def _hash(password: str, salt: bytes | None) -> str:
    return PasswordHasher(_TIME_COST, _MEMORY_KIB, _LANES).hash(password.encode("utf-8", "surrogatepass"), salt=salt)


def _verify(hashed: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(hashed, password.encode("utf-8", "surrogatepass"))
    except (Argon2Error, InvalidHashError):
        return False
