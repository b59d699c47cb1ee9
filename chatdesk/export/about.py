"""What a file says of where its messages come from."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class About:
    """The chat's name, the room, who hosts it where that is known, and when it was exported."""

    name: str
    room: str
    host: str = ""
    exported_at: datetime = field(default_factory=lambda: datetime.now().astimezone())
