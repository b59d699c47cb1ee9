"""Who may do what: the whole table, and what limits it."""

import time

import pytest

from chatdesk.server.auth import Principal, Role, Scope
from chatdesk.server.permissions import Right, may

ALL = set(Right)
OF_ROLE = {
    Role.HOST: ALL,
    Role.MODERATOR: {Right.READ, Right.SEARCH, Right.LIST_PEOPLE, Right.WRITE},
    Role.MEMBER: {Right.READ, Right.SEARCH, Right.LIST_PEOPLE, Right.WRITE},
    Role.GUEST: {Right.READ, Right.SEARCH, Right.LIST_PEOPLE},
}


class Room:
    """A room that has these roles of its own."""

    def __init__(self, **roles: Role | None) -> None:
        self.roles = roles


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


def test_a_doctors_token_examines_and_does_nothing_else() -> None:
    doctor = Principal("doctor", role=Role.HOST, scope=Scope.DOCTOR)
    assert rights(doctor) == {Right.EXAMINE}
    assert rights(doctor, Room(doctor=Role.MEMBER)) == set()


def test_once_expired_nobody_may_do_anything() -> None:
    now = time.monotonic()
    assert rights(Principal("kit", role=Role.HOST, expires=now + 60)) == ALL
    assert rights(Principal("kit", role=Role.HOST, expires=now)) == set()
