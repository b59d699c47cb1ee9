"""Rows about who joined and left, stored apart from the messages that they stand below."""

from datetime import UTC, datetime

from chatdesk.desktop.models.rows import PresenceRow

_MAX_KEPT = 200
"""Messages with such rows below them; older ones are rarely scrolled to, and each may have a thousand names."""


class PresenceRows(dict[int, list[PresenceRow]]):
    """The rows below the message with a sequence number, one for each day."""

    def row_for_today(self, seq: int) -> PresenceRow:
        """Return the row below a message to which people are added now, creating it on a new day."""
        days = self.setdefault(seq, [])
        line = PresenceRow(since=datetime.now(UTC))
        if not days or days[-1].day != line.day:
            days.append(line)
        while len(self) > _MAX_KEPT:
            del self[next(iter(self))]
        return days[-1]
