"""Where things lie: the resources that ship with the program, and the folders of the person who uses it."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from platformdirs import PlatformDirs


@cache
def resources() -> Path:
    """The folder with page, icons and themes: inside the package once installed, beside it in the source tree."""
    installed = Path(str(files("chatdesk"))) / "resources"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "resources"


def settings_file() -> Path:
    """Where the start screen keeps the last used values; its folder may not exist yet."""
    return PlatformDirs("ChatDesk", appauthor=False).user_config_path / "settings.ini"
