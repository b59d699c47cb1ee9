"""Where things lie: the resources that ship with the program, and the folders of the person who uses it."""

import hashlib
import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

from platformdirs import PlatformDirs

_READABLE_CHARS = 40


@cache
def resources() -> Path:
    """The folder with page, icons and themes: inside the package once installed, beside it in the source tree."""
    installed = Path(str(files("chatdesk"))) / "resources"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "resources"


def settings_file() -> Path:
    """Where the start screen keeps the last used values; its folder may not exist yet."""
    return _dirs().user_config_path / "settings.ini"


def data_folder() -> Path:
    """Where the program keeps what it must not lose; it may not exist yet."""
    return _dirs().user_data_path


def chat_folder(name: str) -> Path:
    """Where the history of the chats is kept that this machine hosts under a name: each name has one of its own."""
    name = unicodedata.normalize("NFC", name)
    readable = _readable(name)
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return data_folder() / "chats" / (f"{readable}-{digest}" if readable else digest)


def joined_folder() -> Path:
    """Where is kept what the window remembers of the chats it has joined."""
    return data_folder() / "joined"


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing: nobody else on this computer may look into them.

    Those that are there stay as they are. Raises OSError.
    """
    for level in (*reversed(folder.parents), folder):  # mkdir(parents=True) would give the upper ones to anybody
        level.mkdir(mode=0o700, exist_ok=True)


def _dirs() -> PlatformDirs:
    return PlatformDirs("ChatDesk", appauthor=False)


def _readable(name: str) -> str:
    """The letters and digits of a name, of any script, with a hyphen for whatever stands between."""
    kept = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in name.lower())
    return "-".join(kept.split())[:_READABLE_CHARS].strip("-")
