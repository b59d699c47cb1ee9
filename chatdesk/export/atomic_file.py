"""Files that appear complete or not at all.

WriteError
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


class WriteError(Exception):
    """The file cannot be written; the text is a sentence that says what to do."""


_DEFAULT_MODE, _PRIVATE_MODE = 0o666, 0o600
"""File modes; the first is restricted by the umask, as for any other file."""


@contextmanager
def atomic_path(path: Path, *, replace: bool = False, private: bool = False) -> Iterator[Path]:
    """Yield the path of an empty file beside ``path``, which is renamed to it after the block, and deleted on failure.

    With ``private``, nobody else on this computer may ever read it. Raises WriteError if ``path`` exists and may not be
    replaced, and for every OSError, also of the block.
    """
    target = Path(os.path.realpath(path))
    part = target.parent / f".chatdesk-{secrets.token_hex(6)}.part"
    try:
        _check(target, replace=replace)
        part.touch(_PRIVATE_MODE if private else _DEFAULT_MODE, exist_ok=False)
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        _check(target, replace=replace)  # it may have been created meanwhile
        part.replace(target)
    except OSError as error:
        raise WriteError(explain_failure(error.strerror or str(error), path)) from None
    finally:
        with suppress(OSError):
            part.unlink()


@contextmanager
def open_atomic(path: Path, *, replace: bool = False) -> Iterator[BinaryIO]:
    """Yield a file to write to, which is on the disk under this name after the block; see ``atomic_path``."""
    with atomic_path(path, replace=replace) as part, part.open("wb", buffering=1 << 18) as file:
        yield file


def explain_failure(reason: str, path: Path | str) -> str:
    """Return a sentence that says why a file cannot be written, and what to do."""
    return f"ChatDesk cannot write {path} ({reason.lower()}): choose another place, or make room there."


def _check(target: Path, *, replace: bool) -> None:
    if target.is_dir():
        raise WriteError(f"{target} is a folder: name a file in it.")
    if not target.parent.is_dir():
        raise WriteError(f"There is no folder {target.parent}: make it first, or choose another place.")
    if target.exists() and not target.is_file():
        raise WriteError(f"{target} is no file that could be replaced: choose another name.")
    if target.exists() and not replace:
        raise WriteError(f"There is a file {target} already: choose another name, or replace it with --force.")
