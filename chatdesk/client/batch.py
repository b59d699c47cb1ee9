"""Many changes in one call: a view can be told 400 things in a second, not 400 times."""

import asyncio
from collections.abc import Callable, Iterable

from chatdesk.client.changes import (
    Appended,
    Change,
    Jumped,
    NewestChanged,
    NoticeReceived,
    PeopleChanged,
    PeopleReset,
    Prepended,
    RoomChanged,
    SearchChanged,
    StorageChanged,
    TranscriptReset,
    TypingChanged,
    UnreadChanged,
)
from chatdesk.protocol.events import Message, User

_INTERVAL_SECONDS = 0.045
_LAST_ONLY = (
    NewestChanged,
    NoticeReceived,
    PeopleReset,
    RoomChanged,
    SearchChanged,
    TranscriptReset,
    StorageChanged,
    TypingChanged,
    UnreadChanged,
)


class Batch:
    """Passes changes on at once when it is quiet, and collects them for 45 ms when it is not."""

    def __init__(self, deliver: Callable[[list[Change]], None]) -> None:
        self._deliver = deliver
        self._loop = asyncio.get_running_loop()
        self._changes: list[Change] = []
        self._timer: asyncio.Handle | None = None
        self._delivered_at = 0.0

    def add(self, changes: list[Change]) -> None:
        """Pass these on, soon."""
        self._changes += changes
        if self._changes and self._timer is None:
            self._timer = self._schedule()

    def drop(self) -> None:
        """Pass nothing on of what has been collected: nobody looks any more, the display itself may be gone."""
        self._stop_waiting()
        self._changes = []

    def flush(self) -> None:
        """Pass on what has been collected, now."""
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
    """The same in few changes, however many they were."""
    joined = _Merge({type(change): place for place, change in enumerate(changes)})
    for place, change in enumerate(changes):
        joined.add(place, change)
    return joined.told()


class _Merge:
    """Changes as a view needs them: it looks at the state, which is ahead of all of them.

    Runs of messages become one, and so do people's comings and goings. What only tells that something is another one is
    told once, the ``last`` time; where the messages are other ones, what came to those before is of no interest.
    """

    def __init__(self, last: dict[type[Change], int]) -> None:
        self._last = last
        self._told: list[Change] = []
        self._run: list[Message] = []
        self._run_at: int | None = None
        self._joined: dict[str, User] = {}
        self._left: dict[str, None] = {}
        self._more = 0
        self._people_at: int | None = None

    def add(self, place: int, change: Change) -> None:
        """Take in the next change, which stands in this place."""
        match change:
            case Appended() | Prepended() if place < self._last.get(TranscriptReset, -1):
                return
            case Appended(messages=messages):
                self._run_at = self._reserve(self._run_at, change)
                self._run += messages
            case PeopleChanged(joined=joined, left=left, more=more):
                self._people_at = self._reserve(self._people_at, change)
                self._turn_over(joined, left)
                self._more += more
            case Prepended() | Jumped():
                self._end_run()
                self._told.append(change)
            case _ if not isinstance(change, _LAST_ONLY) or self._last[type(change)] == place:
                self._told.append(change)

    def told(self) -> list[Change]:
        """What is left to tell."""
        self._end_run()
        if self._people_at is not None:
            self._told[self._people_at] = PeopleChanged(tuple(self._joined.values()), tuple(self._left), self._more)
        return self._told

    def _reserve(self, at: int | None, change: Change) -> int:
        """The place of the first of a kind, where the others are told too."""
        if at is None:
            self._told.append(change)
            return len(self._told) - 1
        return at

    def _turn_over(self, joined: Iterable[User], left: Iterable[str]) -> None:
        """Who came and went meanwhile has not been here; who went and came back is somebody new in the list."""
        self._joined.update((person.nickname, person) for person in joined)
        for nickname in left:
            if self._joined.pop(nickname, None) is None:
                self._left[nickname] = None

    def _end_run(self) -> None:
        if self._run_at is not None:
            self._told[self._run_at] = Appended(tuple(self._run))
            self._run, self._run_at = [], None
