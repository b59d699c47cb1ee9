"""Where files are: the resources that ship with the program, and the folders of the person who uses it.

In portable mode all of the person's folders are in one, the ``home``, which can be carried along with the program.
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
"""The environment variable that names the home."""

HOME_NAME = "ChatDesk-data"
"""A folder of this name beside the program is the home."""

_READABLE_CHARS = 40
"""Characters of a chat's name in its folder's name: file systems permit 255 bytes, and a letter may take four."""


@cache
def resources() -> Path:
    """The folder with page, icons and themes: inside the package if installed, beside it in the source tree."""
    installed = Path(str(files("chatdesk"))) / "resources"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "resources"


def program() -> Path | None:
    """The file that a person starts; None if that is Python.

    For an AppImage or a macOS app it is the file or bundle that people see, not the executable inside.
    """
    if not getattr(sys, "frozen", False):
        return None
    file = Path(sys.executable).resolve()
    image, mounted = os.environ.get("APPIMAGE"), os.environ.get("APPDIR")
    if image and mounted and file.is_relative_to(Path(mounted).resolve()):  # else another program set the variables
        return Path(image).resolve()
    return next((folder for folder in file.parents if folder.suffix == ".app"), file)


def home() -> Path | None:
    """The folder of portable mode: the one that CHATDESK_HOME names, or the one beside the program; else None."""
    if named := os.environ.get(HOME_VARIABLE):
        return Path(named).absolute()
    file = program()
    beside = file.parent / HOME_NAME if file else None
    return beside if beside and beside.is_dir() else None


def check_home() -> None:
    """Raises ConfigError in portable mode if its folder cannot be written."""
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
    """The file in which the window stores its settings; its folder may not exist yet."""
    return _config_folder() / "settings.ini"


def config_file() -> Path:
    """The default configuration file, which may not exist."""
    return _config_folder() / "chatdesk.toml"


def log_file() -> Path:
    """The log file of the program's own work; its folder may not exist yet."""
    folder = home()
    return (folder / "log" if folder else _system_folder("user_log_path")) / "chatdesk.log"


def data_folder() -> Path:
    """The folder of data that must not be lost; it may not exist yet."""
    return home() or _system_folder("user_data_path")


def chats_folder() -> Path:
    """The folder with the histories of the chats that this machine hosts."""
    return data_folder() / "chats"


def chat_folder(name: str) -> Path:
    """The folder with the history of hosted chats of this name: each name has its own."""
    name = unicodedata.normalize("NFC", name)
    readable = _readable(name)
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return chats_folder() / (f"{readable}-{digest}" if readable else digest)


def joined_folder() -> Path:
    """The folder for what the window stores of the chats it has joined."""
    return data_folder() / "joined"


def make_private(folder: Path) -> None:
    """Create a folder and its missing parents, all of them accessible to their owner only. Raises OSError.

    Folders that exist stay as they are.
    """
    for level in (*reversed(folder.parents), folder):  # mkdir(parents=True) applies the mode to the last one only
        level.mkdir(mode=0o700, exist_ok=True)


def _config_folder() -> Path:
    return home() or _system_folder("user_config_path")


def _system_folder(kind: str) -> Path:
    """One of the folders that the system has for each person. Raises ConfigError if it has none."""
    try:
        folder: Path = getattr(PlatformDirs("ChatDesk", appauthor=False), kind)
    except RuntimeError:  # later versions of platformdirs; earlier ones return a relative path
        folder = Path()
    if not folder.is_absolute():
        raise ConfigError(
            f"This system does not say where your own folders are: set HOME, or name a folder in {HOME_VARIABLE}."
        )
    return folder


def _readable(name: str) -> str:
    """The letters and digits of a name in any script, with a hyphen for everything else."""
    kept = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in name.lower())
    return "-".join(kept.split())[:_READABLE_CHARS].strip("-")
