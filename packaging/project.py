"""What all packages share: where the tree is, and the one time that stands in everything they hold."""

import os
import subprocess
from pathlib import Path

from chatdesk import __version__

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = ROOT / "resources"
PACKAGING = ROOT / "packaging"

NAME = "chatdesk"
VERSION = __version__
APPLICATION_ID = "org.chatdesk.ChatDesk"
SUMMARY = "Chat for a room full of people, out of one computer"


def epoch() -> int:
    """The time of the commit that is built, or what SOURCE_DATE_EPOCH says, as where there is no git."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    return int(subprocess.run(command, capture_output=True, check=True).stdout)


def reproducible() -> dict[str, str]:
    """The environment of every tool that builds: nothing of this hour or of chance gets into what it makes."""
    return {**os.environ, "SOURCE_DATE_EPOCH": str(epoch()), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def settle(folder: Path) -> None:
    """Give everything in a folder the one time, and modes that do not depend on who builds."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            runs = path.stat().st_mode & 0o100 and ".so" not in path.name  # a library is loaded, not run
            path.chmod(0o755 if path.is_dir() or runs else 0o644)
        os.utime(path, (epoch(), epoch()), follow_symlinks=False)
