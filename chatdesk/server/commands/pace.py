"""The pace of a room: slow mode, announcements, hold for approval, questions without a name."""

from __future__ import annotations

from chatdesk.log.rooms import RoomSettings
from chatdesk.protocol import pace_commands
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.text import isolated
from chatdesk.server.commands.room_settings import RoomSettingsCommands
from chatdesk.server.commands.row import Row
from chatdesk.server.membership import Membership
from chatdesk.server.permissions import Right
from chatdesk.server.session import Session


class PaceCommands:
    """``settings`` stores a change and tells it in the room."""

    def __init__(self, settings: RoomSettingsCommands) -> None:
        self._settings = settings
        self.rows = (Row(pace_commands.Pace, Right.SET_PACE, None, self._pace),)

    def _pace(self, session: Session, membership: Membership, command: pace_commands.Pace) -> None:
        if membership.room.pair:
            raise ProtocolError(ErrorCode.FORBIDDEN, "A private conversation has no pace.")
        before = membership.room.settings
        wanted = {name: getattr(command, name) for name in ("slow", "announce", "hold", "nameless")}
        after = before._replace(**{name: value for name, value in wanted.items() if value is not None})
        sentence = f"{isolated(membership.person.nickname)} has changed this room: {_changes(before, after)}."
        self._settings.change(session, membership, command, after, sentence)


def _changes(before: RoomSettings, after: RoomSettings) -> str:
    """What is different, in words."""
    words = []
    if before.slow != after.slow:
        words.append(f"one message in {_span(after.slow)} from each person" if after.slow else "no slow mode any more")
    if before.announce != after.announce:
        words.append("only the host and moderators write" if after.announce else "everybody can write")
    if before.hold != after.hold:
        held = "messages wait for approval before others see them"
        words.append(held if after.hold else "messages need no approval any more")
    if before.nameless != after.nameless:
        asking = "questions without a name are"
        words.append(f"{asking} possible" if after.nameless else f"{asking} not possible any more")
    return ", ".join(words) or "nothing"


def _span(seconds: int) -> str:
    if seconds % 60 == 0:
        return "a minute" if seconds == 60 else f"{seconds // 60} minutes"
    return "a second" if seconds == 1 else f"{seconds} seconds"
