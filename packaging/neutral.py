"""Removal of the build path of this machine's Python from binaries: it is useless elsewhere, and private."""

import sys
from pathlib import Path

Entry = tuple[str, str, str]
"""Destination, source and type of a file, as PyInstaller stores them."""


def neutral(entries: list[Entry], folder: Path) -> list[Entry]:
    """Return the same files; those that contain the path are replaced by copies without it in the folder."""
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
    """Return the binary with a path that does not exist in place of that one, so that it finds no library there.

    Nothing moves in the file, and the end of the path is unchanged, because linkers store a string such as Python's
    version as the end of a longer one.
    """
    parent, _, name = prefix.rpartition("/")
    if not parent:  # such as /usr, the prefix of Python on any machine
        return content
    front, search_path = parent.encode(), f"{prefix}/lib\0".encode()
    ends_at_once = bytes(len(front)) + f"/{name}/lib\0".encode()
    return content.replace(search_path, ends_at_once).replace(front, b"/python".ljust(len(front), b"-")[: len(front)])
