"""The file that has the password of the chat, as ``--password-file`` names it: its first line, or nothing for none."""

from __future__ import annotations

import os
from pathlib import Path

from chatdesk.given_file import read_given, why_unread
from chatdesk.protocol.errors import ProtocolError
from chatdesk.server.passwords import clean_password

_MAX_BYTES = 4096
"""More than any password; a larger file is another one."""


class PasswordFileError(Exception):
    """The file cannot be read. The message is a sentence that says what to do.

    ``passes``: it is worth another try while the file stays as it is.
    """

    def __init__(self, sentence: str, *, passes: bool = False) -> None:
        super().__init__(sentence)
        self.passes = passes


class PasswordFile:
    """Reads the file when it has changed, so that the password can be changed while the chat is open."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_at: tuple[int, ...] | None = None

    def has_changed(self) -> bool:
        """Whether it has changed since ``mark_read``; one that has gone meanwhile has not."""
        version = self._version()
        return version != self._read_at if version else self._read_at is None

    def read(self) -> str:
        """Return the password. Raises PasswordFileError."""
        try:
            data = b"" if self._file == Path(os.devnull) else read_given(self._file, _MAX_BYTES)
        except OSError as error:
            sentence = f"{self._file}, given with --password-file, cannot be read ({why_unread(error)})."
            raise PasswordFileError(sentence) from None
        try:
            if len(data) > _MAX_BYTES:
                raise ValueError
            lines = data.decode("utf-8-sig").splitlines()
            return clean_password(lines[0]) if lines else ""
        except (ValueError, ProtocolError):
            sentence = f"The first line of {self._file} is no password: write one there, of at most 128 characters."
            raise PasswordFileError(sentence) from None

    def mark_read(self) -> None:
        """The password is the chat's now."""
        self._read_at = self._version()

    def _version(self) -> tuple[int, ...]:
        try:
            status = self._file.stat()
        except OSError:
            return ()
        return status.st_ino, status.st_mtime_ns, status.st_size
