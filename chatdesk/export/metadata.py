"""What an exported file says about its origin."""

from dataclasses import dataclass, field
from datetime import datetime

from chatdesk.time_zone import update_time_zone


def _now() -> datetime:
    """Return the current local time, in the time zone that all times of the file are shown in."""
    update_time_zone()
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class ExportedRoom:
    """A room of which messages are exported; a ``closed`` one is for the host alone."""

    name: str
    topic: str = ""
    archived: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class ExportMetadata:
    """Name of the chat, what the room is called, nickname of the host (empty if unknown), and the time of the export.

    ``rooms`` are all that are exported, in a format that holds several; by default it is ``room`` alone.
    """

    name: str
    room: str
    host: str = ""
    exported_at: datetime = field(default_factory=_now)
    rooms: tuple[ExportedRoom, ...] = ()
