"""What is kept of people who are away is bounded, and a flood of people who come once takes it from nobody else."""

import asyncio
from pathlib import Path

import pytest

from chatdesk.log.disk_store import open_store
from chatdesk.log.memory import MemoryStore
from chatdesk.log.rooms import StoredSubscription, Subscription
from chatdesk.server import kept_people
from chatdesk.server.auth import Principal, Role
from chatdesk.server.hub import Hub
from chatdesk.server.kept_people import LASTING_SECONDS, KeptPeople
from chatdesk.server.subscriptions import Subscriptions
from tests.server.chat import Chat, Peer, chat
from tests.server.test_rooms import answer
from tests.waiting import until

_MOST = 8
"""Four people in one room."""


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_people, "MAX_KEPT", _MOST)
    monkeypatch.setattr(kept_people, "_AT_ONCE", 2)
    monkeypatch.setattr(kept_people, "LASTING_SECONDS", 0.1)


def known(hub: Hub) -> list[str]:
    """The nicknames of those who belong to a room."""
    return sorted(nickname for _identity, nickname in hub.subscriptions.known())


async def come(c: Chat, nickname: str, token: str | None = None) -> tuple[Peer, str]:
    """Somebody who keeps a list of rooms, and their token."""
    peer = await c.connect()
    peer.send("join", nickname=nickname, token=token, capabilities=["rooms", "receipts"])
    return peer, (await peer.next("welcome"))["token"]


async def leave(c: Chat, peer: Peer, nickname: str) -> None:
    """Leave for good, and return when nobody is here under that name."""
    peer.send("leave")
    await until(lambda: nickname not in [person.nickname for person in c.server.hub.people.values()])


async def visit(c: Chat, *nicknames: str) -> None:
    """All of these come and go at once."""
    for nickname in nicknames:
        await leave(c, (await come(c, nickname))[0], nickname)


def flood(count: int) -> list[str]:
    """The nicknames of so many people who come once."""
    return [f"Kit {number}" for number in range(count)]


async def test_of_people_who_come_once_the_last_few_are_kept_and_those_who_stay_or_stayed(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        hub = c.server.hub
        stays, _token = await come(c, "Stays")
        ana, token = await come(c, "Ana")
        await answer(ana, "give_receipts", "receipt_settings", active=False)
        await answer(ana, "level", level="mentions", room="lobby")
        await asyncio.sleep(kept_people.LASTING_SECONDS)
        await leave(c, ana, "Ana")
        await visit(c, *flood(3 * _MOST))
        assert {"Ana", "Stays", f"Kit {3 * _MOST - 1}"} < set(known(hub))
        assert len(known(hub)) <= _MOST / 2
        assert len(hub.subscriptions.in_room("lobby")) == len(known(hub))
        ana, _token = await come(c, "Ana", token)
        assert not (await ana.next("receipt_settings"))["given"]
        assert (await answer(ana, "level", level="mentions", room="lobby"))["room"]["level"] == "mentions"
        await leave(c, stays, "Stays")
    async with open_store(tmp_path) as store:
        assert 2 <= len(store.subscriptions()) <= _MOST / 2
        assert len(store.receipts_off()) == 1


async def test_who_is_forgotten_is_a_newcomer_in_all_rooms_and_on_the_disk(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        ana, token = await come(c, "Ana")
        await answer(ana, "give_receipts", "receipt_settings", active=False)
        ana.send("enter", room="plans")
        await ana.next("history")
        await leave(c, ana, "Ana")
        await visit(c, *flood(_MOST))
        assert "Ana" not in known(c.server.hub)
        assert c.server.hub.subscriptions.receipts_off == set()
        ana, _token = await come(c, "Ana", token)
        assert (await ana.next("receipt_settings"))["given"]
        assert c.server.hub.subscriptions.in_room("plans") == {}
    async with open_store(tmp_path) as store:
        assert store.receipts_off() == set()
        assert "plans" not in {stored.room for stored in store.subscriptions()}


async def test_a_chat_that_starts_with_too_many_keeps_as_many_as_there_is_room_for(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        for number in range(5 * _MOST):
            store.store_subscription(StoredSubscription(f"kit {number}", "lobby", Subscription()))
    async with open_store(tmp_path) as store:
        kept = Subscriptions(store)
        assert len(kept.in_room("lobby")) <= _MOST / 2
    async with open_store(tmp_path) as store:
        assert len(store.subscriptions()) <= _MOST / 2


async def test_roles_of_guests_who_are_gone_are_bounded_too() -> None:
    async with chat() as c:
        hub = c.server.hub
        guests = [f"guest {number}" for number in range(3 * _MOST)]
        for guest in guests:
            hub.roles.note(Principal(guest, role=Role.GUEST))
        kept = [guest for guest in guests if hub.role(guest) is Role.GUEST]
        assert kept == guests[-len(kept) :]
        assert _MOST / 2 <= len(kept) <= _MOST
        assert hub.role("host") is Role.HOST


async def test_a_private_room_keeps_its_two_and_whether_they_give_receipts() -> None:
    async with chat() as c:
        ana, _token = await come(c, "Ana")
        identity = c.server.hub.people["ana"].identity
        await answer(ana, "give_receipts", "receipt_settings", active=False)
        bo, _token = await come(c, "Bo")
        bo.send("message", to="Ana", content="psst")
        room = (await bo.next("message"))["room"]
        await leave(c, ana, "Ana")
        await visit(c, *flood(2 * _MOST))
        subscriptions = c.server.hub.subscriptions
        assert list(subscriptions.of(identity)) == [room]
        assert len(subscriptions.in_room(room)) == 2
        assert not subscriptions.gives_receipts(identity)


async def test_who_is_here_loses_nothing_and_a_room_that_is_gone_makes_place() -> None:
    here, forgotten = {"ana"}, list[str]()
    people = KeptPeople(here.__contains__, lambda identity, _rooms: forgotten.append(identity))
    people.keep("ana", ("lobby", "build"))
    for number in range(10):
        people.keep(f"kit {number}", ("lobby",))
    assert people.rooms("ana") == ("lobby", "build")
    assert forgotten == [f"kit {number}" for number in range(len(forgotten))]
    assert people.rooms("kit 9") == ("lobby",)
    people.keep("ana", ())
    assert people._count == len(list(people)) + sum(len(people.rooms(identity)) for identity in people)


async def test_a_chat_in_which_all_are_here_forgets_nobody_and_looks_at_few_of_them_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_people, "_AT_ONCE", 50)
    asked = list[str]()

    def is_here(identity: str) -> bool:
        asked.append(identity)
        return True

    people = KeptPeople(is_here, lambda _identity, _rooms: pytest.fail("somebody who is here was forgotten"))
    for number in range(1_000):
        people.keep(f"kit {number}", ("lobby",))
    assert len(list(people)) == 1_000
    assert len(asked) < 5_000


def test_reasonable_is_ten_minutes() -> None:
    assert LASTING_SECONDS == 600


async def test_what_somebody_has_read_goes_with_them_where_nothing_is_stored() -> None:
    async with chat(store=(store := MemoryStore())) as c:
        for nickname in flood(3 * _MOST):
            peer, _token = await come(c, nickname)
            peer.send("message", content="here")
            await peer.next("message")
            peer.send("read", room="lobby", seq=store.extent("lobby").last_seq)
            await peer.next("read")
            await leave(c, peer, nickname)
        assert len(store._readings._minutes["lobby"]) <= _MOST / 2
