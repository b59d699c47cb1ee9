"""Binaries without the path that this machine's Python was built for: it is of no use elsewhere, and private."""

import sys
from pathlib import Path

Entry = tuple[str, str, str]
"""Where a file goes, where it comes from, and of which kind it is: as PyInstaller keeps them."""


def neutral(entries: list[Entry], folder: Path) -> list[Entry]:
    """The same files; those that name that path are copied to the folder, without it, and taken from there."""
    return [(place, _neutral(place, Path(source), folder), kind) for place, source, kind in entries]


def _neutral(place: str, source: Path, folder: Path) -> str:
    prefix = sys.base_prefix.encode()
    content = source.read_bytes()
    if prefix not in content:
        return str(source)
    copy = folder / place
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(without(prefix, content))
    copy.chmod(0o755)
    return str(copy)


def without(prefix: bytes, content: bytes) -> bytes:
    """A binary that looks for no library under that path, and names another one, of the same length, elsewhere."""
    search_path = prefix + b"/lib\0"
    return content.replace(search_path, bytes(len(search_path))).replace(prefix, stand_in(prefix))


def stand_in(path: bytes) -> bytes:
    """A path as long, so that nothing moves in the file, and that is nowhere."""
    return b"/python".ljust(len(path), b"-")[: len(path)]
