"""Every right is tried by every role, at the real dispatcher; a right that nobody tries is a failure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import chatdesk.server
from chatdesk.protocol import events
from chatdesk.protocol.names import LOBBY
from chatdesk.server.auth import Role
from chatdesk.server.dispatch import Dispatcher
from chatdesk.server.permissions import Right, may
from tests.server.room_harness import UNLIMITED, RoomHarness

CROWD = 15
"""People in the room: so many that not everybody may address all of them."""
REFUSED = {"forbidden", "muted", "rate_limited", "too_late", "announce_only"}


class Trial:
    """A room with a crowd, in which somebody of a role tries something. The first message is an old one of theirs."""

    def __init__(self, role: Role | None) -> None:
        self.harness = RoomHarness()
        self.session, self.connection = self.harness.join()
        for _ in range(CROWD):
            self.harness.join()
        self.harness.do(self.session, "message", content="mine")
        self.harness.do(self.harness.sessions[1][0], "message", content="of another")
        assert self.session.principal
        self.harness.hub.make_room("build", self.session.principal)
        if role is None:
            self.harness.hub.standings.room(LOBBY).roles[self.session.principal.identity] = None
        else:
            self.session.principal = self.session.principal._replace(role=role)

    def do(self, name: str, **fields: Any) -> bool:
        """Whether a command is done, and not refused for want of a right."""
        self.connection.written.clear()
        self.harness.do(self.session, name, **fields)
        errors = [event for event in self.connection.events if event["type"] == "error"]
        assert all(event["code"] in REFUSED for event in errors), errors
        return not errors


def _addresses_all(trial: Trial) -> bool:
    if not trial.do("message", content="@room listen"):
        return False
    trial.do("history", limit=1)
    [page] = [event for event in trial.connection.events if event["type"] == "history"]
    return any(not it.get("author") for it in page["messages"][-1].get("mentions", ()))


def _asks_freely(trial: Trial) -> bool:
    trial.connection.writable = False  # who may not is told to read the answers first
    return trial.do("history")


def _edits_late(trial: Trial) -> bool:
    """Where the time in which messages may be edited is over at once."""
    limits = events.Limits(65536, 8000, 32, 200, 0.0, edit_seconds=-10)
    info = events.ServerInfo("Chat", "", "1")
    trial.harness.dispatcher = Dispatcher(trial.harness.hub, UNLIMITED, limits, lambda: info)
    return trial.do("edit", seq=1, content="changed")


def _speaks_freely(trial: Trial) -> bool:
    """Where only the host and moderators write."""
    room = trial.harness.room
    room.settings = room.settings._replace(announce=True)
    return trial.do("message", content="hello")


def _approves(trial: Trial) -> bool:
    """Somebody else's message waits for approval."""
    room = trial.harness.room
    room.settings = room.settings._replace(hold=True)
    trial.harness.do(trial.harness.sessions[1][0], "message", content="wait", id="held")
    return trial.do("approve", held=1)


def command(name: str, **fields: Any) -> Callable[[Trial], bool]:
    return lambda trial: trial.do(name, **fields)


TRIES: dict[Right, Callable[[Trial], bool]] = {
    Right.READ: command("history"),
    Right.SEARCH: command("search", query="mine", room=LOBBY),
    Right.LIST_PEOPLE: command("users"),
    Right.WRITE: command("message", content="hello"),
    Right.ADDRESS_ALL: _addresses_all,
    Right.EDIT_OWN: command("edit", seq=1, content="changed"),
    Right.CREATE_ROOM: command("create", room="workshop"),
    Right.WRITE_PRIVATELY: command("create", to="Guest 2"),
    Right.SET_TOPIC: command("topic", topic="robots"),
    Right.MANAGE_ROOM: command("archive"),
    Right.DELETE_ROOM: command("delete_room", room="build"),
    Right.MANAGE_CHAT: command("private_messages", allow="nobody"),
    Right.EDIT_LATE: _edits_late,
    Right.DELETE_OWN: command("delete", seq=1),
    Right.DELETE_ANY: command("delete", seq=2),
    Right.REACT: command("react", seq=1, emoji="👍"),
    Right.PIN: command("pin", seq=1),
    Right.CLEAR: command("clear"),
    Right.ASK_FREELY: _asks_freely,
    Right.NAME_ONESELF: command("nick", nickname="Another"),
    Right.GIVE_ROLES: command("role", whom="Guest 2", role="guest"),
    Right.REMOVE: command("remove", whom="Guest 2"),
    Right.BAN: command("ban", whom="Guest 2"),
    Right.MUTE: command("mute", whom="Guest 2"),
    Right.RENAME_OTHERS: command("rename", whom="Guest 2", nickname="Another"),
    Right.SEE_AUDIT: command("bans"),
    Right.GUARD_ENTRY: command("approval", active=True),
    Right.INVITE: command("invite"),
    Right.ADMIT: command("queue"),
    Right.SET_PACE: command("pace", slow=60),
    Right.SPEAK_FREELY: _speaks_freely,
    Right.RAISE_HAND: command("hand"),
    Right.APPROVE: _approves,
    Right.CALL_HANDS: command("lower"),
}
ELSEWHERE = {Right.EXAMINE: "by HTTP: test_reachability", Right.ENTER_FREELY: "at the gate, by joining: test_gate"}
"""Rights that no command of somebody who is in the chat takes."""


def _used_in_code() -> set[Right]:
    folder = Path(chatdesk.server.__file__).parent
    code = "".join(file.read_text("utf-8") for file in folder.rglob("*.py") if file.name != "permissions.py")
    return {right for right in Right if f"Right.{right.name}" in code}


def test_every_right_that_the_server_asks_for_is_tried() -> None:
    assert _used_in_code() <= TRIES.keys() | ELSEWHERE.keys()
    assert not TRIES.keys() & ELSEWHERE.keys()


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: role.name.lower() if role else "removed")
@pytest.mark.parametrize("right", TRIES, ids=lambda right: right.name.lower())
async def test_a_role_can_do_what_the_table_says_and_nothing_else(right: Right, role: Role | None) -> None:
    trial = Trial(role)
    principal = trial.session.principal
    assert principal
    of_chat = right in OF_CHAT and role is None
    expected = may(principal, right, None if of_chat else trial.harness.room)
    assert TRIES[right](trial) == expected


OF_CHAT = {
    *(Right.CREATE_ROOM, Right.WRITE_PRIVATELY, Right.NAME_ONESELF, Right.GIVE_ROLES, Right.REMOVE, Right.BAN),
    *(Right.MUTE, Right.RENAME_OTHERS, Right.SEE_AUDIT, Right.INVITE, Right.ADMIT, Right.GUARD_ENTRY),
    Right.MANAGE_CHAT,
}
"""Rights in the chat, which somebody keeps who was removed from a room."""
