"""What all packages share: the source tree, and the one timestamp of everything in them."""

import os
import platform
import subprocess
from pathlib import Path

from chatdesk import __version__

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = ROOT / "resources"
PACKAGING = ROOT / "packaging"

NAME = "chatdesk"
VERSION = __version__
APPLICATION_ID = "org.chatdesk.ChatDesk"
_LZMA2 = "preset=1,dict=8MiB,mf=hc4,nice=128,depth=8"
XZ = ("xz", *(["--x86"] if platform.machine() == "x86_64" else []), f"--lzma2={_LZMA2}", "--threads=2")
"""A third of the time of xz's default, for a result 3 % larger: the filter makes addresses in machine code alike.

The search for repeats is deeper than the preset's, 4: to search still deeper costs as much again for one percent.

Always two threads, since their number changes the bytes.
"""
SUMMARY = "Chat for a room full of people, out of one computer"


def epoch() -> int:
    """Return SOURCE_DATE_EPOCH if it is set, for example without git, or else the time of the commit."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    return int(subprocess.run(command, capture_output=True, check=True).stdout)


def reproducible() -> dict[str, str]:
    """Return the environment of build tools, in which neither the time nor chance affects their results."""
    same = {"SOURCE_DATE_EPOCH": str(epoch()), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    # Cached bytecode differs from newly compiled, and that of PyInstaller itself changes what it makes: none is used.
    return {**os.environ, **same, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": os.devnull}


def let_helpers_keep_bytecode(folder: Path) -> None:
    """Let the Pythons that PyInstaller starts to look at modules load what the first of them has compiled.

    It starts dozens, which only answer: their bytecode is in nothing that is made. Called in PyInstaller's own process,
    which has read the environment by then and still takes no bytecode.
    """
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)
    del os.environ["PYTHONDONTWRITEBYTECODE"]


def settle(folder: Path) -> None:
    """Give all files in a folder the one timestamp, and modes that do not depend on the builder's umask."""
    moment = epoch()
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            runs = path.stat().st_mode & 0o100 and ".so" not in path.name  # libraries are loaded, not run
            path.chmod(0o755 if path.is_dir() or runs else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)
