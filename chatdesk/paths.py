"""Where things lie: the resources that ship with the program, and the folders of the person who uses it.

In portable mode all of the person's folders are one, the ``home``, which goes where the program goes.
"""

import hashlib
import os
import sys
import tempfile
import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

from platformdirs import PlatformDirs

from chatdesk.config import ConfigError

HOME_VARIABLE = "CHATDESK_HOME"
"""The variable that names the home."""

HOME_NAME = "ChatDesk-data"
"""A folder of this name beside the program is the home, without further ado."""

_READABLE_CHARS = 40


@cache
def resources() -> Path:
    """The folder with page, icons and themes: inside the package once installed, beside it in the source tree."""
    installed = Path(str(files("chatdesk"))) / "resources"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "resources"


def program() -> Path | None:
    """The file that a person starts; None where that is Python.

    Of an AppImage and a macOS app it is what they see of it, not what lies inside.
    """
    if not getattr(sys, "frozen", False):
        return None
    file = Path(sys.executable).resolve()
    image, mounted = os.environ.get("APPIMAGE"), os.environ.get("APPDIR")
    if image and mounted and file.is_relative_to(Path(mounted).resolve()):  # else they are those of another program
        return Path(image).resolve()
    return next((folder for folder in file.parents if folder.suffix == ".app"), file)


def home() -> Path | None:
    """The folder for everything in portable mode: the one that CHATDESK_HOME names, or that beside the program."""
    if named := os.environ.get(HOME_VARIABLE):
        return Path(named).absolute()
    file = program()
    beside = file.parent / HOME_NAME if file else None
    return beside if beside and beside.is_dir() else None


def check_home() -> None:
    """Raises ConfigError in portable mode, when its folder cannot be written."""
    folder = home()
    if folder is None:
        return
    try:
        make_private(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        named = os.environ.get(HOME_VARIABLE)
        advice = f"name another in {HOME_VARIABLE}" if named else "take it away, and your own folders are used"
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(
            f"ChatDesk cannot write into the folder {folder} ({reason}): make that possible, or {advice}."
        ) from None


def settings_file() -> Path:
    """Where the window keeps the last used values; its folder may not exist yet."""
    return _config_folder() / "settings.ini"


def config_file() -> Path:
    """Where the configuration file lies, if there is one."""
    return _config_folder() / "chatdesk.toml"


def log_file() -> Path:
    """What the program writes down of its own work; its folder may not exist yet."""
    folder = home()
    return (folder / "log" if folder else _system_folder("user_log_path")) / "chatdesk.log"


def data_folder() -> Path:
    """Where the program keeps what it must not lose; it may not exist yet."""
    return home() or _system_folder("user_data_path")


def chats_folder() -> Path:
    """Where the histories of the chats are kept that this machine hosts."""
    return data_folder() / "chats"


def chat_folder(name: str) -> Path:
    """Where the history of the chats is kept that this machine hosts under a name: each name has one of its own."""
    name = unicodedata.normalize("NFC", name)
    readable = _readable(name)
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return chats_folder() / (f"{readable}-{digest}" if readable else digest)


def joined_folder() -> Path:
    """Where is kept what the window remembers of the chats it has joined."""
    return data_folder() / "joined"


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing: nobody else on this computer may look into them.

    Those that are there stay as they are. Raises OSError.
    """
    for level in (*reversed(folder.parents), folder):  # mkdir(parents=True) would give the upper ones to anybody
        level.mkdir(mode=0o700, exist_ok=True)


def _config_folder() -> Path:
    return home() or _system_folder("user_config_path")


def _system_folder(kind: str) -> Path:
    """One of the folders that the system gives every person. Raises ConfigError where it gives none."""
    try:
        folder: Path = getattr(PlatformDirs("ChatDesk", appauthor=False), kind)
    except RuntimeError:  # what later versions do, where earlier ones give a folder below the current one
        folder = Path()
    if not folder.is_absolute():
        raise ConfigError(
            f"This system does not say where your own folders are: set HOME, or name a folder in {HOME_VARIABLE}."
        )
    return folder


def _readable(name: str) -> str:
    """The letters and digits of a name, of any script, with a hyphen for whatever stands between."""
    kept = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in name.lower())
    return "-".join(kept.split())[:_READABLE_CHARS].strip("-")
