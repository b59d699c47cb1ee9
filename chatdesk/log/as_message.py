"""A record as the wire has it: for the server, which sends it, and the archive, which exports it."""

from chatdesk.log.room_log import Record
from chatdesk.protocol import events


def as_message(record: Record, room: str) -> events.Message:
    """Return the ``message`` event of a record of this room."""
    return events.Message(
        record.nickname,
        record.content,
        events.timestamp(record.at),
        room,
        record.seq,
        record.id,
        record.change,
        record.author,
        None if record.edited is None else events.timestamp(record.edited),
    )
