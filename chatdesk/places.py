"""``chatdesk paths``: where everything lies."""

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

from chatdesk import paths
from chatdesk.options import CONFIG
from chatdesk.printing import print_line

_WIDTH = 15


def show_places(asked: argparse.Namespace) -> int:
    """Print every place, and whether something is there; the result is the exit code. Raises ConfigError."""
    # Path.exists() raises an error where one may not look.
    found = {name: (place.absolute(), os.path.exists(place)) for name, place in _places(asked)}  # noqa: PTH110
    if "json" in asked:
        print_line(json.dumps({name: {"path": str(path), "exists": there} for name, (path, there) in found.items()}))
        return 0
    for name, (path, there) in found.items():
        print_line(f"{name:<{_WIDTH}}{path}{'' if there else ' (not there)'}")
    return 0


def _places(asked: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    if home := paths.home():
        yield "portable", home
    named = os.environ.get(CONFIG.variable)
    yield "configuration", getattr(asked, "config", None) or (Path(named) if named else paths.config_file())
    yield "settings", paths.settings_file()
    yield "chats", paths.chats_folder()
    yield "joined", paths.joined_folder()
    yield "log", paths.log_file()
    yield "resources", paths.resources()
    if program := paths.program():
        yield "program", program
