"""``chatdesk paths``: where all files are."""

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

from chatdesk import paths
from chatdesk.console import print_line
from chatdesk.options import CONFIG

_COLUMN_WIDTH = 15
"""The longest name, "configuration", and two spaces."""


def show_paths(arguments: argparse.Namespace) -> int:
    """Print every path and whether it exists. Returns the exit code; raises ConfigError."""
    # os.path.exists: Path.exists() raises an error without permission.
    entries = {name: (place.absolute(), os.path.exists(place)) for name, place in _paths(arguments)}  # noqa: PTH110
    if "json" in arguments:
        print_line(
            json.dumps({name: {"path": str(path), "exists": exists} for name, (path, exists) in entries.items()})
        )
        return 0
    for name, (path, exists) in entries.items():
        print_line(f"{name:<{_COLUMN_WIDTH}}{path}{'' if exists else ' (not there)'}")
    return 0


def _paths(arguments: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    if home := paths.home():
        yield "portable", home
    configured = os.environ.get(CONFIG.variable)
    yield (
        "configuration",
        getattr(arguments, "config", None) or (Path(configured) if configured else paths.config_file()),
    )
    yield "settings", paths.settings_file()
    yield "chats", paths.chats_folder()
    yield "joined", paths.joined_folder()
    yield "log", paths.log_file()
    yield "resources", paths.resources()
    if program := paths.program():
        yield "program", program
