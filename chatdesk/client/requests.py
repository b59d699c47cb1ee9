"""Commands that wait for an answer: each has an id, which the answer or the error brings back as ``ref``."""

from dataclasses import dataclass
from itertools import count
from typing import Literal

from msgspec.structs import replace

from chatdesk.protocol import commands, reading_commands, room_commands
from chatdesk.protocol.errors import ErrorCode
from chatdesk.protocol.events import Error

RequestKind = Literal[
    "enter",
    "message",
    "older",
    "newer",
    "jump",
    "search",
    "people",
    "found people",
    "export",
    "rooms",
    "found rooms",
    "create",
    "deletion",
    "setting",
    "read",
    "act",
    "own reactions",
    "quotes",
    "pins",
    "reactors",
    "receipts",
    "readers",
]
Requested = (
    commands.Join
    | commands.Enter
    | commands.Message
    | commands.History
    | commands.Search
    | commands.Users
    | room_commands.Rooms
    | room_commands.Create
    | room_commands.Topic
    | room_commands.Archive
    | room_commands.Open
    | room_commands.DeleteRoom
    | room_commands.Newcomers
    | reading_commands.SetLevel
    | reading_commands.Read
    | reading_commands.Receipts
    | reading_commands.Readers
    | commands.Edit
    | commands.Delete
    | commands.React
    | commands.Pin
    | commands.OwnReactions
    | commands.Reactions
    | commands.Messages
    | commands.Pins
)

_RETRY_SECONDS = {ErrorCode.RATE_LIMITED: 1.0, ErrorCode.STORAGE: 3.0}
"""How long to wait where the server does not say: its budgets refill within a second, a full disk seldom does."""
RETRYABLE = frozenset(_RETRY_SECONDS)
"""Errors after which the same command may be accepted later."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command that was sent, and what it is for."""

    room: str
    kind: RequestKind
    command: Requested


class Requests:
    """The open requests of one connection: one of each kind in each room.

    The next of a kind waits for the answer to the one before, whether or not that is still wanted. A refusal for now
    pauses all requests of the same budget: messages have one, acts on messages another, new rooms a third, and
    everything else the fourth. Times are seconds of a monotonic clock.
    """

    def __init__(self) -> None:
        self._open: dict[str, Request] = {}
        self._paused: dict[tuple[str, str], float] = {}
        self._count = count(1)

    def open(self, room: str, kind: RequestKind, command: Requested, now: float) -> Requested | None:
        """Return the command to send, with an id; None while one of its kind is open or it has to wait."""
        budget = _budget(command)
        if self.is_open(room, kind) or any(
            until > now for (paused, _), until in self._paused.items() if paused == budget
        ):
            return None
        return self.add(room, kind, command)

    def add[Sent: Requested](self, room: str, kind: RequestKind, command: Sent) -> Sent:
        """Return the command to send, with an id."""
        command = command if command.id else replace(command, id=f"{kind} {next(self._count)}")
        self._open[command.id or ""] = Request(room, kind, command)
        return command

    def is_open(self, room: str, kind: RequestKind) -> bool:
        """Whether a request of this kind waits for its answer."""
        return any((request.room, request.kind) == (room, kind) for request in self._open.values())

    def entered(self, room: str) -> None:
        """The client is in the room: all answers to its ``enter`` or ``join`` are here."""
        self._open = {
            ref: request for ref, request in self._open.items() if (request.room, request.kind) != (room, "enter")
        }

    def find(self, ref: str | None) -> Request | None:
        """The open request that ``ref`` answers."""
        return self._open.get(ref or "")

    def close(self, ref: str | None) -> Request | None:
        """The request that ``ref`` answers, which is open no longer."""
        return self._open.pop(ref or "", None)

    def delay(self, error: Error, now: float) -> bool:
        """Pause the request that was refused for now, and all of its budget; False if it was refused for good."""
        request = self.find(error.ref)
        if request is None or error.code not in RETRYABLE:
            return False
        self.close(error.ref)
        seconds = _RETRY_SECONDS[ErrorCode(error.code)] if error.retry_after is None else error.retry_after
        key = _budget(request.command), error.code
        self._paused[key] = max(now + seconds, self._paused.get(key, now))
        return True

    def resumes_at(self, now: float) -> float | None:
        """When the next pause ends, if there is one."""
        return min((until for until in self._paused.values() if until > now), default=None)

    def stored_again(self) -> None:
        """The server can use its disk again: what waits for that may be sent."""
        self._paused = {key: until for key, until in self._paused.items() if key[1] != ErrorCode.STORAGE}

    def forget(self, room: str) -> None:
        """The room is left, or has another log: what was asked there is answered no more, or not to the point."""
        self._open = {ref: request for ref, request in self._open.items() if request.room != room}

    def disconnected(self) -> None:
        """The connection is lost: no answers will come. What came too fast still waits, for it would be refused."""
        self._open.clear()
        self.stored_again()


def _budget(command: Requested) -> str:
    """Which of the server's budgets the command uses up."""
    if isinstance(command, commands.Edit | commands.Delete | commands.React | commands.Pin):
        return "acts"
    if isinstance(command, room_commands.Create):
        return "rooms"
    return "messages" if isinstance(command, commands.Message) else "queries"
