"""People, identities and rooms, without a single await."""

import asyncio
import re

import pytest

from chatdesk.log.memory import MemoryStore
from chatdesk.log.room_log import Draft
from chatdesk.log.rooms import RoomSettings
from chatdesk.protocol.commands import Join
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import LOBBY
from chatdesk.server.auth import Principal
from chatdesk.server.fanout import HEADLESS
from chatdesk.server.grace_period import MAX_ABSENT
from chatdesk.server.hub import Hub
from chatdesk.server.identity import HOST
from chatdesk.server.room_directory import MAX_OPEN_ROOMS
from chatdesk.server.room_limits import ROOMS_OF_AN_IDENTITY
from chatdesk.server.session import Session
from tests.server.recording_connection import RecordingConnection


@pytest.fixture
async def hub() -> Hub:
    return Hub(MemoryStore(), HEADLESS)


def join(hub: Hub, nickname: str, room: str = LOBBY, token: str | None = None) -> Session:
    session = Session(RecordingConnection())
    hub.enter(session, *hub.join(session, Join(nickname, room, token)))
    return session


def token_of(hub: Hub, session: Session) -> str:
    assert session.person
    return hub.identities.token(session.person.identity)


def refusal(hub: Hub, nickname: str, room: str = LOBBY, token: str | None = None) -> ProtocolError:
    with pytest.raises(ProtocolError) as caught:
        join(hub, nickname, room, token)
    return caught.value


def test_the_lobby_is_open_from_the_start(hub: Hub) -> None:
    assert list(hub.rooms) == [LOBBY]
    assert hub.people == {}
    assert hub.host_nickname == ""


async def test_a_nickname_is_cleaned_and_a_room_is_opened(hub: Hub) -> None:
    session = join(hub, "  Kit   Bell ", "Build-Floor")
    assert session.person
    assert session.person.nickname == "Kit Bell"
    (membership,) = session.memberships
    assert membership.room is hub.rooms["build-floor"]
    assert membership.room.presence.people == {session.person.key: session.person}


@pytest.mark.parametrize("twin", ["Amina", "amina", "AMINA", "\u0430min\u0430", "ａｍｉｎａ", "arnina", "AMlNA"])
def test_a_name_that_is_there_or_looks_like_it_is_refused_with_a_free_one(hub: Hub, twin: str) -> None:
    join(hub, "amina")
    error = refusal(hub, twin)
    assert error.code == ErrorCode.NICKNAME_TAKEN
    free = error.content.rpartition("Try ")[2].rstrip(".")
    assert join(hub, free).person


def test_the_name_that_is_suggested_is_free_and_short_enough(hub: Hub) -> None:
    long = "W" * 32
    join(hub, long)
    for number in range(2, 12):
        suggested = refusal(hub, long).content.rpartition("Try ")[2].rstrip(".")
        assert suggested == f"{'W' * 26} {number}"
        join(hub, suggested)


def test_one_identity_may_have_several_sessions_under_one_nickname(hub: Hub) -> None:
    first = join(hub, "Kit")
    second = join(hub, "kit", token=token_of(hub, first))
    assert second.person is first.person
    assert second.person
    assert second.person.nickname == "Kit"
    assert len(hub.people) == 1
    hub.leave(first)
    assert len(hub.people) == 1
    hub.leave(second)
    assert hub.people == {}


def test_who_leaves_under_one_name_is_still_found_under_another(hub: Hub) -> None:
    laptop = join(hub, "Kit")
    phone = join(hub, "Kit 2", token=token_of(hub, laptop))
    assert laptop.person
    hub.leave(phone)
    assert hub.person_of(laptop.person.author) is laptop.person
    author = laptop.person.author
    hub.leave(laptop)
    assert hub.person_of(author) is None


def test_a_forged_token_is_a_newcomers(hub: Hub) -> None:
    join(hub, "Kit")
    assert refusal(hub, "Kit", token="host.0123").code == ErrorCode.NICKNAME_TAKEN  # noqa: S106


def test_only_the_windows_token_makes_a_host(hub: Hub) -> None:
    join(hub, "Kit", token=f"{HOST}.")
    assert hub.host_nickname == ""
    host = join(hub, "Mara", token=hub.identities.token(HOST))
    assert hub.host_nickname == "Mara"
    assert host.person
    assert host.person.host


def test_a_name_is_free_again_once_its_last_session_has_gone(hub: Hub) -> None:
    hub.leave(join(hub, "Kit"))
    assert join(hub, "Kit").person


def test_the_nickname_of_a_lost_person_is_reserved_and_another_is_suggested(hub: Hub) -> None:
    kit = join(hub, "Kit")
    token = token_of(hub, kit)
    hub.leave(join(hub, "Kit 2"), dropped=True)
    hub.leave(kit, dropped=True)
    error = refusal(hub, "KIT")
    assert error.code == ErrorCode.NICKNAME_TAKEN
    assert error.content == (
        "This name is kept for 5 minutes for somebody who was here a moment ago. If that was you, come in as you did "
        "then, at the same address. Try KIT 3."
    )
    assert join(hub, "Kit", token=token).person


def test_a_name_is_kept_only_once_the_last_session_has_dropped_out_and_by_the_way_it_went(hub: Hub) -> None:
    first = join(hub, "Kit")
    token = token_of(hub, first)
    second = join(hub, "Kit", token=token)
    hub.leave(first, dropped=True)
    assert len(hub.reservations) == 0
    hub.leave(second)
    assert join(hub, "Kit").person


def test_a_person_who_never_entered_leaves_no_reservation_and_takes_none_away(hub: Hub) -> None:
    asks = Session(RecordingConnection())
    hub.join(asks, Join("Kit"))
    assert refusal(hub, "Kit").code == ErrorCode.NICKNAME_TAKEN
    hub.leave(asks, dropped=True)
    kit = join(hub, "Kit")
    token = token_of(hub, kit)
    hub.leave(kit, dropped=True)
    hub.join(asks, Join("Kit", token=token))
    hub.leave(asks)
    assert refusal(hub, "Kit").content.startswith("This name is kept")


def with_cookie(hub: Hub, nickname: str, *tokens: str) -> Session:
    session = Session(RecordingConnection())
    session.connection.cookie_tokens = tokens
    hub.enter(session, *hub.join(session, Join(nickname, token="new." + "k" * 32)))
    return session


@pytest.mark.parametrize("dropped", [True, False], ids=["kept", "in use"])
async def test_a_cookie_opens_the_name_of_whom_it_proves_and_no_other(hub: Hub, dropped: bool) -> None:
    kit, ana = join(hub, "Kit"), join(hub, "Ana")
    token = token_of(hub, kit)
    if dropped:
        for session in (kit, ana):
            hub.leave(session, dropped=True)
    assert token_of(hub, with_cookie(hub, "Kit", "nonsense", token)) == token
    assert token_of(hub, with_cookie(hub, "Mara", token)) != token, "in one browser two tabs may be two people"
    with pytest.raises(ProtocolError):
        with_cookie(hub, "Ana", token)


async def test_names_that_are_dropped_by_the_thousand_leave_a_victims_name_alone(hub: Hub) -> None:
    victim = join(hub, "Kit")
    token = token_of(hub, victim)
    await asyncio.sleep(0.01)  # for a little longer than any of them
    hub.leave(victim, dropped=True)
    for number in range(10_005):
        hub.leave(join(hub, f"Flood {number}"), dropped=True)
    assert refusal(hub, "Kit").content.startswith("This name is kept")
    assert len(hub.reservations) == 10_000
    assert len(hub.people) == MAX_ABSENT
    assert join(hub, "Kit", token=token).person


def test_where_hundreds_of_names_are_taken_a_free_one_is_drawn(hub: Hub) -> None:
    for number in range(100):
        hub.leave(join(hub, f"Kit {number}"), dropped=True)
    join(hub, "Kit")
    free = refusal(hub, "Kit").content.rpartition("Try ")[2].rstrip(".")
    assert re.fullmatch(r"Kit \d{5}", free)
    assert join(hub, free).person


def test_a_stranger_leaves_nothing_behind_and_may_leave_twice(hub: Hub) -> None:
    stranger = Session(RecordingConnection())
    hub.leave(stranger)
    session = join(hub, "Kit")
    hub.leave(session)
    hub.leave(session)
    assert (session.person, session.memberships) == (None, ())
    assert not hub.rooms[LOBBY].members


@pytest.mark.parametrize("name", ["", "../etc", "a b", "x" * 33])
def test_what_is_no_room_is_refused(hub: Hub, name: str) -> None:
    assert refusal(hub, "Kit", name).code == ErrorCode.BAD_ROOM
    assert hub.people == {}


@pytest.mark.parametrize(
    "twin", ["bui1d", "\N{CYRILLIC SMALL LETTER VE}uild", "\N{FULLWIDTH LATIN SMALL LETTER B}uild"]
)
async def test_no_room_can_pass_for_another(hub: Hub, twin: str) -> None:
    join(hub, "Kit", "build")
    assert refusal(hub, "Ana", twin).code == ErrorCode.ROOM_EXISTS
    assert join(hub, "Ana", "build").memberships


async def test_rooms_that_nobody_is_in_are_closed_and_those_in_use_are_not(hub: Hub) -> None:
    sessions = [join(hub, f"Guest {number}", f"room-{number}") for number in range(1, MAX_OPEN_ROOMS)]
    join(hub, "Kit", "another")
    assert len(hub.rooms) == MAX_OPEN_ROOMS + 1, "somebody is in each of them"
    hub.leave(sessions[40])
    hub.leave(sessions[41])
    join(hub, "Ana", "one-more")
    assert "room-41" not in hub.rooms
    assert "room-42" not in hub.rooms
    assert len(hub.rooms) == MAX_OPEN_ROOMS


async def test_nobody_makes_more_rooms_than_one_has_a_use_for(hub: Hub) -> None:
    kit = Principal("kit")
    for number in range(ROOMS_OF_AN_IDENTITY):
        hub.room(f"room-{number}", kit)
    with pytest.raises(ProtocolError) as refused:
        hub.room("another", kit)
    assert refused.value.code == ErrorCode.TOO_MANY_ROOMS
    hub.room("another", Principal("ana"))
    assert hub.room("room-1", kit).name == "room-1", "those that are there can be entered"


async def test_of_rooms_that_were_only_entered_on_another_server_the_latest_are_kept() -> None:
    store = MemoryStore()
    hub, begun = Hub(store, HEADLESS), list[str]()
    hub.directory.on_begun = begun.append
    for number in range(2):
        store.on_settings(f"room-{number}", RoomSettings(creator="kit"))
    store.on_message("room-0")
    for number in range(2, MAX_OPEN_ROOMS + 3):
        store.on_settings(f"room-{number}", RoomSettings(creator="kit"))
    assert begun == ["room-0"], "something was said there, so it stays"
    gone = {f"room-{number}" for number in range(MAX_OPEN_ROOMS + 3)} - set(hub.directory.public)
    assert gone == {"room-1", "room-2"}


class Releasing(MemoryStore):
    """A log store that remembers which rooms it need not hold any more."""

    def __init__(self) -> None:
        super().__init__()
        self.released: list[str] = []

    def release(self, name: str) -> None:
        super().release(name)
        self.released.append(name)


async def test_the_archive_need_not_hold_a_room_that_is_closed() -> None:
    store = Releasing()
    hub = Hub(store, HEADLESS)
    sessions = [join(hub, f"Guest {number}", f"room-{number}") for number in range(1, MAX_OPEN_ROOMS)]
    hub.leave(sessions[40])
    assert store.released == []
    join(hub, "Kit", "another")
    assert store.released == ["room-41"]


async def test_a_room_that_was_closed_hears_nothing_more_of_its_log() -> None:
    store = MemoryStore()
    hub = Hub(store, HEADLESS)
    hub.leave(join(hub, "Kit", "plans"))
    closed = hub.rooms.pop("plans")
    closed.close()
    join(hub, "Ana", "plans")
    hub.rooms["plans"].publish(Draft("Ana", "hello", "ana"), print)
    assert hub.traffic.messages == 1


async def test_a_refused_nickname_opens_no_room(hub: Hub) -> None:
    join(hub, "Kit")
    refusal(hub, "Kit", "elsewhere")
    assert list(hub.rooms) == [LOBBY]


async def test_the_lobby_stays_even_when_it_is_empty(hub: Hub) -> None:
    for number in range(MAX_OPEN_ROOMS):
        join(hub, f"Guest {number}", f"room-{number}")
    assert LOBBY in hub.rooms
