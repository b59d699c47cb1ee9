"""The secret that opens ``/debug``, in the first line of the file of ``--debug-secret``."""

from pathlib import Path

from chatdesk.given_file import read_given, why_unread

SECRET_CHARS = 16
"""The least of a secret: nobody guesses that many."""
_MOST_BYTES = 4096


class DebugSecretError(Exception):
    """The file has no secret. The message is a sentence that says what to do."""


def read_secret(file: Path) -> bytes:
    """Return the secret. Raises DebugSecretError."""
    try:
        secret = read_given(file, _MOST_BYTES).partition(b"\n")[0].strip()
    except OSError as error:
        raise DebugSecretError(f"{file}, given with --debug-secret, cannot be read ({why_unread(error)}).") from None
    if not SECRET_CHARS <= len(secret) <= _MOST_BYTES:
        raise DebugSecretError(
            f"The first line of {file}, given with --debug-secret, has to be a secret of {SECRET_CHARS} characters or "
            "more: write one there, as by openssl rand -hex 32."
        )
    return secret
