"""Merges changes into batches, so that a view updates about twenty times a second however fast they come."""

import asyncio
from collections.abc import Callable, Iterable

from chatdesk.client.changes import (
    Appended,
    Change,
    FoundPeopleChanged,
    Jumped,
    MessageUpdated,
    NewestChanged,
    NoticeReceived,
    NotificationsChanged,
    PaceChanged,
    PeopleChanged,
    PeopleReset,
    PinsChanged,
    Prepended,
    ReactorsChanged,
    RoomChanged,
    RoomsChanged,
    SearchChanged,
    StorageChanged,
    TranscriptReset,
    TypingChanged,
    UnreadChanged,
)
from chatdesk.protocol.events import Message, User

_INTERVAL_SECONDS = 0.045
"""About three frames of a 60 Hz display: no delay that a person notices, and few updates."""
_LAST_ONLY = (
    FoundPeopleChanged,
    NewestChanged,
    NoticeReceived,
    NotificationsChanged,
    PaceChanged,
    PeopleReset,
    PinsChanged,
    ReactorsChanged,
    RoomChanged,
    RoomsChanged,
    SearchChanged,
    TranscriptReset,
    StorageChanged,
    TypingChanged,
    UnreadChanged,
)
"""Changes that only say that something is different: of several in a batch the last one is delivered."""


class Batch:
    """Delivers changes in the next turn of the loop when it is quiet, and collects them for 45 ms when it is not."""

    def __init__(self, deliver: Callable[[list[Change]], None]) -> None:
        self._deliver = deliver
        self._loop = asyncio.get_running_loop()
        self._changes: list[Change] = []
        self._timer: asyncio.Handle | None = None
        self._delivered_at = 0.0

    def add(self, changes: list[Change]) -> None:
        """Deliver these changes soon."""
        self._changes += changes
        if self._changes and self._timer is None:
            self._timer = self._schedule()

    def drop(self) -> None:
        """Discard what has been collected: the view may be gone."""
        self._stop_waiting()
        self._changes = []

    def flush(self) -> None:
        """Deliver what has been collected, now."""
        self._stop_waiting()
        if self._changes:
            changes, self._changes = self._changes, []
            self._delivered_at = self._loop.time()
            self._deliver(_merged(changes))

    def _stop_waiting(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _schedule(self) -> asyncio.Handle:
        due = self._delivered_at + _INTERVAL_SECONDS
        if due <= self._loop.time():
            return self._loop.call_soon(self.flush)
        return self._loop.call_at(due, self.flush)


def _merged(changes: list[Change]) -> list[Change]:
    """The same changes, merged into as few as possible."""
    joined = _Merge({type(change): index for index, change in enumerate(changes)})
    for index, change in enumerate(changes):
        joined.add(index, change)
    return joined.result()


class _Merge:
    """Merges changes for a view that reads the state, which is ahead of all of them.

    Runs of messages become one change, and so do people who joined and left. A change that only says that something
    is different is kept once, in its ``last`` position. Changes to messages from before the last TranscriptReset
    are left out.
    """

    def __init__(self, last: dict[type[Change], int]) -> None:
        self._last = last
        self._merged: list[Change] = []
        self._run: list[Message] = []
        self._run_index: int | None = None
        self._updated: dict[int, int] = {}
        self._joined: dict[str, User] = {}
        self._left: dict[str, User] = {}
        self._more = 0
        self._people_index: int | None = None

    def add(self, index: int, change: Change) -> None:
        """Merge in the next change, which has this index."""
        match change:
            case Appended() | Prepended() | MessageUpdated() if index < self._last.get(TranscriptReset, -1):
                return
            case Appended(messages=messages):
                self._run_index = self._index_of_first(self._run_index, change)
                self._run += messages
            case PeopleChanged(joined=joined, left=left, more=more):
                self._people_index = self._index_of_first(self._people_index, change)
                self._merge_presence(joined, left)
                self._more += more
            case MessageUpdated(message=message):
                self._updated[message.seq] = self._index_of_first(self._updated.get(message.seq), change)
                self._merged[self._updated[message.seq]] = change
            case Prepended() | Jumped():
                self._end_run()
                self._merged.append(change)
            case _ if not isinstance(change, _LAST_ONLY) or self._last[type(change)] == index:
                self._merged.append(change)

    def result(self) -> list[Change]:
        """Return the merged changes."""
        self._end_run()
        if self._people_index is not None:
            self._merged[self._people_index] = PeopleChanged(
                tuple(self._joined.values()), tuple(self._left.values()), self._more
            )
        return self._merged

    def _index_of_first(self, index: int | None, change: Change) -> int:
        """The index at which the changes of one kind are merged: that of the first one."""
        if index is None:
            self._merged.append(change)
            return len(self._merged) - 1
        return index

    def _merge_presence(self, joined: Iterable[User], left: Iterable[User]) -> None:
        """A person who joined and left meanwhile is left out; one who left and came back has both changes."""
        self._joined.update((person.nickname, person) for person in joined)
        for person in left:
            if self._joined.pop(person.nickname, None) is None:
                self._left[person.nickname] = person

    def _end_run(self) -> None:
        if self._run_index is not None:
            self._merged[self._run_index] = Appended(tuple(self._run))
            self._run, self._run_index = [], None
