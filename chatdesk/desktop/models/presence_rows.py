"""Who came and went while nobody spoke: lines that are kept apart from the messages they stand behind."""

from datetime import UTC, datetime

from chatdesk.desktop.models.rows import PresenceRow

_MAX_KEPT = 200


class PresenceRows(dict[int, list[PresenceRow]]):
    """The lines behind the message of a number, one for each day."""

    def row_for_today(self, seq: int) -> PresenceRow:
        """The line behind a message to which people are added now. On a new day it is another, below that day's."""
        days = self.setdefault(seq, [])
        line = PresenceRow(since=datetime.now(UTC))
        if not days or days[-1].day != line.day:
            days.append(line)
        while len(self) > _MAX_KEPT:
            del self[next(iter(self))]
        return days[-1]
