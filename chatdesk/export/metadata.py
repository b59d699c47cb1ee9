"""What a file says of where its messages come from."""

from dataclasses import dataclass, field
from datetime import datetime

from chatdesk.time_zone import update_time_zone


def _now() -> datetime:
    """Return the current local time, in the time zone that all times of the file are shown in."""
    update_time_zone()
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class ExportMetadata:
    """The chat's name, the room, who hosts it where that is known, and when it was exported."""

    name: str
    room: str
    host: str = ""
    exported_at: datetime = field(default_factory=_now)
