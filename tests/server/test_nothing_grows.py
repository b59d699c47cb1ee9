"""What a server keeps does not grow with people and rooms that are gone, wherever it stands."""

import asyncio
import functools
import itertools
from collections import Counter, deque
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from types import MethodType, SimpleNamespace

import pytest

from chatdesk.log.disk_store import open_store
from chatdesk.log.log_store import LogStore
from chatdesk.log.memory import MemoryStore
from chatdesk.server import hands, kept_people, nickname_reservations, room_directory, slow_mode, stats, subscriptions
from tests.server.chat import Chat, Peer, chat, error_reply
from tests.server.test_rooms import answer
from tests.waiting import until

BATCH = 12
"""Visitors between two counts; more than each bound."""
_MESSAGES = ("MemoryLog.", "RecentRecords.", "RecordEncoder.")
"""Where messages are kept, in any number up to thousands."""


@pytest.fixture(autouse=True)
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_people, "MAX_KEPT", 8)
    monkeypatch.setattr(kept_people, "_AT_ONCE", 2)
    monkeypatch.setattr(room_directory, "MAX_DELETED", 4)
    monkeypatch.setattr(room_directory, "MAX_OPEN_ROOMS", 4)
    monkeypatch.setattr(slow_mode, "_MOST", 4)
    monkeypatch.setattr(hands, "_KEPT", 4)
    monkeypatch.setattr(stats, "_LAG_SAMPLES", 4)
    monkeypatch.setattr(stats, "_RATE_SECONDS", 1)  # on a slow machine a batch takes seconds, each with its count
    monkeypatch.setattr(nickname_reservations, "RESERVED_SECONDS", 0.05)
    minutes = itertools.count(1)  # each reads in another one, and those of the last two are kept
    monkeypatch.setattr(subscriptions, "time", SimpleNamespace(time=lambda: next(minutes) * 60.0))


def kept(*roots: object) -> Counter[str]:
    """How many objects are kept by each attribute, in the objects of the project that the roots lead to."""
    seen, found = set[int](), Counter[str]()
    waiting = deque((root, type(root).__name__) for root in roots)
    while waiting:
        one, place = waiting.popleft()
        if id(one) not in seen:
            seen.add(id(one))
            found[place] += 1
            waiting.extend(_held_by(one, place))
    return found


def _held_by(one: object, place: str) -> Iterator[tuple[object, str]]:
    match one:
        case str() | bytes() | bytearray():
            return
        case MethodType():
            yield one.__self__, place
        case functools.partial():
            yield from ((each, place) for each in (one.func, *one.args, *one.keywords.values()))
        case Mapping():
            yield from ((each, place) for entry in one.items() for each in entry)
        case Collection():
            yield from ((each, place) for each in one)
    if type(one).__module__.startswith("chatdesk"):
        yield from ((value, f"{type(one).__name__}.{name}") for name, value in _attributes(one))


def _attributes(one: object) -> Iterable[tuple[str, object]]:
    slots = (name for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ()))
    yield from ((name, getattr(one, name)) for name in slots if hasattr(one, name))
    yield from getattr(one, "__dict__", {}).items()


@pytest.fixture(params=["in memory", "on the disk"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[LogStore]:
    if request.param == "in memory":
        yield MemoryStore()
    else:
        async with open_store(tmp_path) as opened:
            yield opened


async def visit(c: Chat, mara: Peer, number: int) -> None:
    """Somebody comes, does a bit of everything, and is lost; the host deletes the room that they have made."""
    peer = await c.connect()
    peer.send("join", nickname=f"Kit {number}", capabilities=["rooms", "receipts", "hands"])
    await answer(peer, "create", room=f"made-{number}")
    peer.send("enter", room=f"empty-{number}", id="empty")
    await peer.next("history")
    peer.send("message", room="lobby", content="here", id=f"message {number}")
    await peer.next("message")
    await answer(peer, "read", "read", room="lobby", seq=c.server.hub.rooms["lobby"].log.last_seq)
    await answer(peer, "give_receipts", "receipt_settings", active=False)
    peer.send("hand", room="lobby")
    await answer(mara, "delete_room", "room_deleted", room=f"made-{number}")
    peer.abort()
    await until(lambda: f"kit {number}" not in c.server.hub.people)


def grown_each_time(counts: Sequence[Counter[str]]) -> set[str]:
    """Return the places that keep more after each batch: what is only there at some moments, such as a timer, does not
    grow each time."""
    grown = [
        {place for place, more in (after - before).items() if more > BATCH // 2} for before, after in pairwise(counts)
    ]
    return {place for place in set.intersection(*grown) if not place.startswith(_MESSAGES)}


async def test_nothing_grows_with_people_who_come_once_and_with_the_rooms_they_make(store: LogStore) -> None:
    async with chat(store=store, message_rate=0) as c:
        mara = await c.join("Mara", token=c.server.host_token, capabilities=["rooms"])
        for budget in c.server.budgets.values():
            budget._capacity = 4
        counts = []
        for batch in range(4):
            for number in range(batch * BATCH, (batch + 1) * BATCH):
                await visit(c, mara, number)
            await asyncio.sleep(0.1)
            c.server.hub.reservations.holder("nobody")
            counts.append(kept(c.server, store))
        assert not grown_each_time(counts)


async def test_a_name_that_was_deleted_long_ago_may_be_used_again_by_a_link() -> None:
    async with chat() as c:
        mara = await c.join("Mara", token=c.server.host_token, capabilities=["rooms"])
        for number in range(6):
            await answer(mara, "create", room=f"made-{number}")
            await answer(mara, "delete_room", "room_deleted", room=f"made-{number}")
        assert await error_reply(mara, "enter", room="made-2", id="a") == ("room_deleted", "a")
        mara.send("enter", room="made-1", id="b")
        assert (await mara.next("history"))["room"] == "made-1"
