"""Tells everybody whether messages can be stored."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.log.log_store import LogStore
from chatdesk.log.room_log import StorageProblem
from chatdesk.protocol import codec, events
from chatdesk.server.frames import text_frame
from chatdesk.server.room import Room

_STORED_AGAIN = "Messages are kept again."


class StorageNews:
    """Tells all who are in these ``rooms`` whenever that changes, until ``close``."""

    def __init__(self, store: LogStore, rooms: Mapping[str, Room]) -> None:
        self._store = store
        self._rooms = rooms
        self._unsubscribe = store.subscribe(self._tell)

    def close(self) -> None:
        """Hear nothing more of the store."""
        self._unsubscribe()

    @property
    def event(self) -> events.Storage:
        """Whether messages can be stored now."""
        problem = self._store.problem
        return events.Storage(problem.code, problem.sentence) if problem else events.Storage("", _STORED_AGAIN)

    def _tell(self, _problem: StorageProblem | None) -> None:
        """Slow readers are told, too."""
        frame = text_frame(codec.encode(self.event))
        for connection in {member.connection for room in self._rooms.values() for member in room.members}:
            connection.write(frame)
