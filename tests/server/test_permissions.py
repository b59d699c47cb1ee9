"""Who may do what: the whole table, and what limits it."""

import asyncio
import time
from collections.abc import Mapping

import pytest

from chatdesk.log.order import Standing
from chatdesk.protocol.names import LOBBY
from chatdesk.server.auth import Principal, Role, Scope
from chatdesk.server.permissions import Right, may
from chatdesk.server.session import Session
from tests.server.delayed_log import DelayedRoomHarness
from tests.server.room_harness import ONE_BY_ONE, BoundedConnection, RoomHarness

ALL = set(Right)
GUEST = {Right.READ, Right.SEARCH, Right.LIST_PEOPLE, Right.NAME_ONESELF}
MEMBER = {
    *GUEST,
    *(Right.WRITE, Right.CREATE_ROOM, Right.WRITE_PRIVATELY, Right.RAISE_HAND),
    *(Right.EDIT_OWN, Right.DELETE_OWN, Right.REACT, Right.PIN),
}
MODERATOR = {
    *MEMBER,
    *(Right.ADDRESS_ALL, Right.EDIT_LATE, Right.DELETE_ANY, Right.SET_TOPIC),
    *(Right.REMOVE, Right.BAN, Right.MUTE, Right.RENAME_OTHERS, Right.SEE_AUDIT, Right.INVITE, Right.ADMIT),
    *(Right.SET_PACE, Right.SPEAK_FREELY, Right.APPROVE, Right.CALL_HANDS, Right.ENTER_FREELY, Right.GUARD_ENTRY),
}
OF_ROLE = {
    Role.HOST: ALL,
    Role.MODERATOR: MODERATOR,
    Role.MEMBER: MEMBER,
    Role.GUEST: GUEST,
}


class Room:
    """A room that has these roles of its own, or is private to a pair."""

    name = "build"
    pair: frozenset[str] | None = None
    muted: Mapping[str, Standing] = {}
    closed = False

    def __init__(self, **roles: Role | None) -> None:
        self.roles = roles


def identity_of(session: Session) -> str:
    assert session.principal
    return session.principal.identity


async def turns() -> None:
    """Let the fan-out deliver everything."""
    for _ in range(20):
        await asyncio.sleep(0)


def rights(principal: Principal, room: Room | None = None) -> set[Right]:
    return {right for right in Right if may(principal, right, room)}


@pytest.mark.parametrize("role", Role)
def test_a_role_has_its_rights_and_no_other(role: Role) -> None:
    assert rights(Principal("kit", role=role)) == rights(Principal("kit", role=role), Room()) == OF_ROLE[role]


def test_a_room_may_give_somebody_another_role_or_none() -> None:
    room = Room(kit=Role.GUEST, mara=Role.HOST, bo=None)
    assert rights(Principal("kit", role=Role.HOST), room) == OF_ROLE[Role.GUEST]
    assert rights(Principal("mara"), room) == ALL
    assert rights(Principal("bo", role=Role.HOST), room) == set()


def test_in_a_private_room_both_are_members_and_nobody_else_is_there_not_even_the_host() -> None:
    room = Room()
    room.pair = frozenset(("kit", "mara"))
    assert rights(Principal("kit"), room) == rights(Principal("mara", role=Role.HOST), room) == MEMBER
    assert rights(Principal("host", role=Role.HOST), room) == set()


def test_in_a_closed_room_the_host_alone_has_any_right() -> None:
    room = Room(bo=Role.MODERATOR)
    room.closed = True
    assert rights(Principal("host", role=Role.HOST), room) == ALL
    for role in set(Role) - {Role.HOST}:
        assert rights(Principal("kit", role=role), room) == set()
    assert rights(Principal("bo", role=Role.HOST), room) == set()


def test_a_doctors_token_examines_and_does_nothing_else() -> None:
    doctor = Principal("doctor", role=Role.HOST, scope=Scope.DOCTOR)
    assert rights(doctor) == {Right.EXAMINE}
    assert rights(doctor, Room(doctor=Role.MEMBER)) == set()


def test_once_expired_nobody_may_do_anything() -> None:
    now = time.monotonic()
    assert rights(Principal("kit", role=Role.HOST, expires=now + 60)) == ALL
    assert rights(Principal("kit", role=Role.HOST, expires=now)) == set()


def heard(connection: BoundedConnection, room: str = LOBBY) -> list[str]:
    """The types of the events of the room, and the texts of its messages."""
    events = [event for event in connection.events if event.get("room") == room]
    return [event.get("content", event["type"]) for event in events]


async def test_whoever_loses_a_room_in_the_middle_of_a_fan_out_hears_nothing_more_of_it() -> None:
    harness = RoomHarness(pace=ONE_BY_ONE)
    writer, _ = harness.join()
    loser, losing = harness.join()
    _, stays = harness.join()
    await turns()
    identity = identity_of(loser)
    losing.clear()
    stays.clear()
    harness.do(writer, "message", content="a secret")
    await asyncio.sleep(0)  # the writer alone has got it
    harness.hub.set_role(identity, None, harness.room)
    harness.do(writer, "message", content="another secret")
    await turns()
    assert heard(losing) == ["exited"]
    assert heard(stays) == ["a secret", "user_left", "another secret"]
    losing.clear()
    harness.do(loser, "message", content="hello?", id="m1")
    harness.do(loser, "history", id="h1")
    harness.do(loser, "enter", room=LOBBY, id="e1")
    assert [(event["code"], event["ref"]) for event in losing.events] == [
        ("bad_room", "m1"),
        ("bad_room", "h1"),
        ("forbidden", "e1"),
    ]
    token = harness.hub.identities.token(identity)
    _, again = harness.join(token=token)
    assert [(event["code"], event["ref"]) for event in again.events] == [("forbidden", "join")]


async def test_whoever_loses_a_room_gets_no_answer_that_is_on_its_way() -> None:
    harness = DelayedRoomHarness()
    session, connection = harness.join()
    await harness.store.settle()
    harness.do(session, "enter", room="side", id="e1")
    await harness.store.settle()
    harness.do(session, "search", query="hello", room="side", id="s1")
    harness.hub.set_role(identity_of(session), None, harness.hub.rooms["side"])
    connection.clear()
    await harness.store.settle()
    assert [(event["type"], event.get("code"), event["ref"]) for event in connection.events] == [
        ("error", "bad_room", "s1")
    ]
    harness.do(session, "users", id="u1")
    assert connection.events[-1]["ref"] == "u1", "the other room is still there, and the only one"


@pytest.mark.parametrize("command", ["join", "enter"])
async def test_whoever_loses_a_room_while_about_to_enter_it_does_not_enter(command: str) -> None:
    harness = DelayedRoomHarness()
    token = harness.hub.identities.token("kit")
    session, connection = harness.join(token=token)
    room = harness.room
    if command == "enter":
        await harness.store.settle()
        harness.do(session, "enter", room="side", id="e1")
        room = harness.hub.rooms["side"]
    connection.clear()
    harness.hub.set_role("kit", None, room)
    await harness.store.settle()
    assert [event["code"] for event in connection.events if event["type"] == "error"] == ["forbidden"]
    assert heard(connection, room.name) == []
    assert not room.members
    assert not room.in_use
    assert bool(harness.hub.people) == (command == "enter")


async def test_a_role_of_the_room_is_heeded_at_once_and_gives_the_room_back() -> None:
    harness = RoomHarness()
    session, connection = harness.join()
    await turns()
    identity = identity_of(session)
    harness.hub.set_role(identity, Role.GUEST, harness.room)
    harness.do(session, "message", content="hi", id="m1")
    assert connection.events[-1]["code"] == "forbidden"
    harness.hub.set_role(identity, None, harness.room)
    harness.hub.set_role(identity, Role.MEMBER, harness.room)
    harness.do(session, "enter", room=LOBBY)
    harness.do(session, "message", content="back")
    await turns()
    assert heard(connection)[-1] == "back"
