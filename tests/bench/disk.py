"""Where servers under measurement keep their history: in a folder on a disk, for a log in memory is none."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.contenders import ROOT

FOLDER = ROOT / ".cache" / "bench"


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """An empty folder, until the context ends."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as path:
        yield Path(path)


def filesystem() -> str:
    """What kind of file system it is on, such as ``ext4``; ``tmpfs`` is none that proves anything."""
    mounts = (line.split() for line in Path("/proc/mounts").read_text().splitlines())
    holding = [(len(point), kind) for _, point, kind, *_ in mounts if FOLDER.is_relative_to(point)]
    return max(holding)[1] if holding else "unknown"
