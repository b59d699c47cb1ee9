"""Binaries without the path that this machine's Python was built for: it is of no use elsewhere, and private."""

import sys
from pathlib import Path

Entry = tuple[str, str, str]
"""Where a file goes, where it comes from, and of which kind it is: as PyInstaller keeps them."""


def neutral(entries: list[Entry], folder: Path) -> list[Entry]:
    """The same files; those that name that path are copied to the folder, without it, and taken from there."""
    return [(place, _neutral(place, Path(source), folder), kind) for place, source, kind in entries]


def _neutral(place: str, source: Path, folder: Path) -> str:
    content = source.read_bytes()
    changed = without(sys.base_prefix, content)
    if changed == content:
        return str(source)
    copy = folder / place
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(changed)
    copy.chmod(0o755)
    return str(copy)


def without(prefix: str, content: bytes) -> bytes:
    """A binary that looks for no library under that path, and names one that is nowhere instead.

    Nothing moves in the file, and the path's end stays as it is: linkers let another string, such as Python's version,
    be the end of a longer one.
    """
    parent, _, name = prefix.rpartition("/")
    if not parent:  # such as /usr, which is where a Python lies on any machine
        return content
    front, search_path = parent.encode(), f"{prefix}/lib\0".encode()
    ends_at_once = bytes(len(front)) + f"/{name}/lib\0".encode()
    return content.replace(search_path, ends_at_once).replace(front, b"/python".ljust(len(front), b"-")[: len(front)])
