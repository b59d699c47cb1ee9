"""A certificate that several processes of a machine show: whichever renews it, all have the new one from then on."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from chatdesk.certificates.authority import write_private

if sys.platform != "win32":
    import fcntl

CERTIFICATE_FILE = "certificate.pem"


class CommonCertificate:
    """The file that has it, with its key and chain, in the folder of the chat. Only its owner can read it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / CERTIFICATE_FILE
        self._stamp: tuple[int, int] | None = None

    def news(self) -> bytes:
        """Return what another process has written since this was asked last; empty if none has. Raises OSError."""
        try:
            status = self._file.stat()
            if (status.st_mtime_ns, status.st_ino) == self._stamp:
                return b""
            text = self._file.read_bytes()
        except FileNotFoundError:
            return b""
        self._stamp = status.st_mtime_ns, status.st_ino
        return text

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Let no other process write it meanwhile; yields False if one does that just now. Raises OSError.

        Nobody waits for another process here: it may hang, and all connections wait for the answer.
        """
        opened = os.open(self._folder, os.O_RDONLY)
        try:
            yield _is_locked(opened)
        finally:
            os.close(opened)

    def write(self, pem: bytes) -> None:
        """Give it to all. Raises OSError."""
        write_private(pem, self._file)
        self.news()


def _is_locked(opened: int) -> bool:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
