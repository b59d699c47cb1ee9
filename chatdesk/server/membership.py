"""A membership: one session in one room, and how far it has received what happens there."""

from __future__ import annotations

from typing import Protocol

from chatdesk.log.room_log import LogError
from chatdesk.protocol import codec
from chatdesk.protocol.errors import CloseCode
from chatdesk.server.catch_up import CatchUp
from chatdesk.server.frames import text_frame
from chatdesk.server.person import Person
from chatdesk.server.room import Room
from chatdesk.server.session_connection import SessionConnection
from chatdesk.server.stream_position import STREAM_START, StreamPosition

_OWED_BYTES = 64 * 1024
"""The answers to edits that a person makes before the first of them is shown; a client asks again for one more."""


class MemberSession(Protocol):
    """What a membership needs of its session."""

    @property
    def connection(self) -> SessionConnection: ...

    @property
    def markup(self) -> bool: ...

    @property
    def hears_pace(self) -> bool: ...

    def remove(self, membership: Membership) -> None:
        """Forget a membership that ends."""


class Membership:
    """A person's session in a room. It reads the log for itself when its peer has missed something."""

    __slots__ = (
        "batched",
        "catch_up_from",
        "catching_up",
        "connection",
        "ended",
        "first_item",
        "floor",
        "hears_bots",
        "log_position",
        "markup",
        "owed",
        "person",
        "room",
        "session",
        "silent",
        "typing_at",
    )

    def __init__(
        self,
        room: Room,
        person: Person,
        session: MemberSession,
        *,
        batched: bool,
        hears_bots: bool = True,
        floor: int = 0,
        silent: bool = False,
    ) -> None:
        self.room = room
        self.person = person
        self.session = session
        self.connection = session.connection
        self.markup = session.markup
        """Whether it receives bodies."""
        self.batched = batched
        """Whether it receives ``presence`` batches in place of single events."""
        self.floor = floor
        """The last message that the person may not see; 0 where they may see all."""
        self.silent = silent
        """Whether the peer has not entered the room itself: it only hears what is said there, in private."""
        self.hears_bots = hears_bots
        """Whether it receives what bots say, besides its own."""
        self.first_item = 0
        """Number of the first fan-out item for this membership; everything before it came from the log."""
        self.log_position = STREAM_START
        """Up to where the log was read for this membership when it began to follow the fan-out."""
        self.catch_up_from: StreamPosition | None = None
        """The last position that a slow reader has received; None for one that keeps up."""
        self.catching_up = False
        """Whether the log is being read for what a slow reader has missed."""
        self.owed = b""
        """What follows as soon as a slow reader is up to date."""
        self.ended = False
        self.typing_at = 0.0

    @property
    def hears_pace(self) -> bool:
        """Whether it receives ``hands`` without asking."""
        return self.session.hears_pace and not self.silent

    def end(self) -> None:
        """Nothing of the room is written from here on, not even the rest of a fan-out that is under way."""
        self.ended = True
        self.session.remove(self)
        self.catch_up_from = STREAM_START  # the fan-out skips those who miss something, without a test of its own

    def follow_up(self, catch_up: CatchUp) -> None:
        """Send what was stored since this page was read for the session."""
        if catch_up.end != self.room.history.latest_position:
            self.catch_up_from = catch_up.end
            self.catch_up()

    def catch_up(self) -> None:
        """Bring a slow reader whose buffer has drained up to date from the log, page by page."""
        if (
            self.catch_up_from is not None
            and self.connection.writable
            and not (self.ended or self.catching_up or self.connection.closing)
        ):
            self.catching_up = True
            self.room.history.since(self.catch_up_from, self._send_catch_up, self.floor, markup=self.markup)

    def send_when_caught_up(self, frame: bytes) -> None:
        """Send this to a slow reader behind all that it has missed, as far as it is not too much to keep."""
        if len(self.owed) + len(frame) <= _OWED_BYTES:
            self.owed += frame

    def _send_catch_up(self, catch_up: CatchUp | LogError) -> None:
        self.catching_up = False
        if self.ended:
            return
        if isinstance(catch_up, LogError):
            self.connection.close(CloseCode.TRY_LATER, "what you have missed cannot be read now")
            return
        if catch_up.reset:
            self.owed = b""  # it is of messages that the page replaces
        if not (self.hears_bots or catch_up.reset):
            heard = [record for record in catch_up.records if not record.bot or record.author == self.person.author]
            catch_up = catch_up._replace(records=heard)
        self.connection.write(self.room.history.catch_up_frames(catch_up, markup=self.markup))
        if catch_up.end == self.room.history.latest_position:
            self.catch_up_from = None
            self.room.follow(self)
            self.connection.write(self.owed + (b"" if self.silent else text_frame(codec.encode(self.room.users()))))
            self.owed = b""
        else:
            self.catch_up_from = catch_up.end
            self.room.loop.call_soon(self.catch_up)  # not at once: others get a turn between two pages
