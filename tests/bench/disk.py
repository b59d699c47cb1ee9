"""Where servers under measurement keep their history: on a real disk, as one in memory would need no commits."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.contenders import ROOT

FOLDER = ROOT / ".cache" / "bench"


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Make an empty folder that exists until the context ends."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as path:
        yield Path(path)


def filesystem() -> str:
    """Return the type of its file system, such as ``ext4``. Results on ``tmpfs`` prove nothing."""
    mounts = (line.split() for line in Path("/proc/mounts").read_text().splitlines())
    holding = [(len(point), kind) for _, point, kind, *_ in mounts if FOLDER.is_relative_to(point)]
    return max(holding)[1] if holding else "unknown"
