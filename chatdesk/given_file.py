"""The files that options name: reading them, and who else may."""

import errno
import os
import stat
import sys
from pathlib import Path


def read_given(file: Path, most: int) -> bytes:
    """Return what is in a file: up to ``most`` bytes, and one more if there are more. Raises OSError.

    What is no file is refused with an error, too: to read a pipe or a device might never end.
    """
    mode = file.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "not a file", str(file))
    with file.open("rb") as opened:
        return opened.read(most + 1)


def why_unread(error: OSError) -> str:
    """Why a file could not be read, as a part of a sentence."""
    return (error.strerror or str(error)).lower()


def everybody_reads(file: Path) -> bool:
    """Return whether every user of this computer may read what is in a file; False where the system does not say."""
    if sys.platform == "win32":
        return False
    try:
        whole = file.resolve(strict=True)
        on_the_way = all(folder.stat().st_mode & stat.S_IXOTH for folder in whole.parents)
        status = whole.stat()
        is_there = stat.S_ISREG(status.st_mode) and status.st_size > 0
        return is_there and on_the_way and bool(status.st_mode & stat.S_IROTH)
    except OSError:
        return False
