"""A chat with so many rooms that no list of them comes in one page."""

from contextlib import closing
from pathlib import Path

from chatdesk.log.database import connect
from chatdesk.log.kept_rooms import store_settings
from chatdesk.log.rooms import RoomSettings

COUNT = 1_000
NAMES = [f"bench-{number}" for number in range(1, COUNT)] + ["the-workshop"]


def make_rooms(folder: Path) -> None:
    """Add the rooms to the history in this folder, which no server has open."""
    with closing(connect(folder)) as db:
        for name in NAMES:
            store_settings(db, name, RoomSettings("Tools" if name == "the-workshop" else "", created=True))
