"""A file that is there as a whole or not at all.

WriteError
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


class WriteError(Exception):
    """The file cannot be made; the text is a sentence that says what to do."""


_ANYBODY, _OWNER = 0o666, 0o600


@contextmanager
def atomic_path(path: Path, *, replace: bool = False, private: bool = False) -> Iterator[Path]:
    """An empty file beside ``path`` to write to. It takes that name after the block; what fails leaves nothing.

    ``private``: from the beginning on, nobody else on this computer may read it.

    Raises WriteError where there is such a file already, unless it may be replaced, and for what the system refuses:
    an OSError of the block counts as such.
    """
    target = Path(os.path.realpath(path))
    part = target.parent / f".chatdesk-{secrets.token_hex(6)}.part"
    try:
        _check(target, replace=replace)
        part.touch(_OWNER if private else _ANYBODY, exist_ok=False)
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        _check(target, replace=replace)  # it may have come meanwhile
        part.replace(target)
    except OSError as error:
        raise WriteError(explain_failure(error.strerror or str(error), path)) from None
    finally:
        with suppress(OSError):
            part.unlink()


@contextmanager
def open_atomic(path: Path, *, replace: bool = False) -> Iterator[BinaryIO]:
    """A file to write to, on the disk under this name once the block is through; otherwise as ``new_path``."""
    with atomic_path(path, replace=replace) as part, part.open("wb", buffering=1 << 18) as file:
        yield file


def explain_failure(reason: str, path: Path | str) -> str:
    """Why there is no such file, and what to do."""
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
