"""A large room is told once a second who has come and gone, a small one at once; clients can ask for more."""

import asyncio
import time
from collections import Counter

import pytest

from chatdesk.server import announcements
from chatdesk.server.presence import LARGE_ROOM, NAMED, SHOWN
from chatdesk.server.session import Session
from tests.server.room_copy import copy_of
from tests.server.room_harness import BoundedConnection, RoomHarness
from tests.waiting import until

PAUSE = 0.3


@pytest.fixture
def pause(monkeypatch: pytest.MonkeyPatch) -> float:
    """A pause that a test can wait for."""
    monkeypatch.setattr(announcements, "PAUSE_SECONDS", PAUSE)
    return PAUSE


async def full_room(count: int = LARGE_ROOM + 1) -> tuple[RoomHarness, BoundedConnection, BoundedConnection]:
    """A room in which everybody has heard of everybody; two of them, who batch and who does not, have seen nothing."""
    harness = RoomHarness()
    _, batching = harness.join(batched=True)
    _, plain = harness.join()
    for _ in range(count - 2):
        harness.join()
    await asyncio.sleep(PAUSE * 2.5)
    batching.clear()
    plain.clear()
    return harness, batching, plain


def everybody(harness: RoomHarness) -> set[str]:
    return {person.nickname for person in harness.room.presence.people.values()}


def ask_for_all(harness: RoomHarness, session: Session, connection: BoundedConnection) -> list[str]:
    """All names that a client gets that asks for page after page."""
    found: list[str] = []
    more = True
    while more:
        after = {"after": found[-1]} if found else {}
        harness.do(session, "users", id="page", **after)
        answer = connection.events[-1]
        assert (answer["type"], answer["ref"]) == ("users", "page")
        found += [user["nickname"] for user in answer["users"]]
        more = answer.get("more", False)
    return found


async def test_up_to_two_hundred_people_each_hears_of_everybody(pause: float) -> None:
    harness, batching, plain = await full_room(LARGE_ROOM - 1)
    harness.join()
    await until(lambda: plain.types == ["user_joined"] and batching.types == ["presence"])
    harness.leave(2)
    await until(lambda: plain.types == ["user_joined", "user_left"] and batching.types == ["presence"] * 2)
    assert plain.events[-1]["user_count"] == LARGE_ROOM - 1


async def test_who_joins_a_large_room_gets_the_beginning_of_the_list_and_the_true_number(pause: float) -> None:
    harness, _, _ = await full_room(LARGE_ROOM + 10)
    _, newcomer = harness.join()
    users = newcomer.events[2]
    assert (len(users["users"]), users["user_count"], users["more"]) == (SHOWN, LARGE_ROOM + 11, True)


async def test_a_large_room_is_told_at_most_once_in_a_pause_with_the_true_number(pause: float) -> None:
    harness, batching, plain = await full_room()
    started = time.monotonic()
    while time.monotonic() < started + 4 * pause or batching.types.count("presence") < 3:
        harness.join()
        harness.leave(len(harness.sessions) - 2)
        harness.join()
        await asyncio.sleep(0.01)
    told = 2 + (time.monotonic() - started) / pause
    await until(lambda: people_counted(batching) == people_counted(plain) == len(everybody(harness)))
    assert batching.types.count("presence") <= told
    assert set(batching.types) == {"presence"}
    assert max(Counter(plain.types).values()) <= told
    assert set(plain.types) == {"user_joined", "user_left"}
    assert all(len(event["joined"]) <= NAMED and len(event["left"]) <= NAMED for event in batching.events)


def people_counted(connection: BoundedConnection) -> int:
    return connection.events[-1]["user_count"] if connection.events else 0


async def test_the_first_change_after_a_quiet_time_is_told_at_once(pause: float) -> None:
    harness, batching, _ = await full_room()
    harness.join()
    for _turn in range(3):
        await asyncio.sleep(0)
    assert batching.types == ["presence"]


async def test_messages_of_a_large_room_do_not_wait_for_the_pause_and_carry_no_second_announcement(
    pause: float,
) -> None:
    harness, batching, _ = await full_room()
    harness.join()
    await until(lambda: batching.types == ["presence"])
    harness.join()
    harness.say()
    await until(lambda: "message" in batching.types)
    assert batching.types == ["presence", "message"]
    await until(lambda: batching.types == ["presence", "message", "presence"])


async def test_whoever_was_told_that_there_were_more_can_ask_for_the_truth(pause: float) -> None:
    harness, batching, _ = await full_room(LARGE_ROOM + 150)
    session = harness.sessions[0][0]
    assert set(ask_for_all(harness, session, batching)) == everybody(harness)
    for _ in range(100):
        harness.join()
    for _ in range(50):
        harness.leave(2)
    await until(lambda: people_counted(batching) == LARGE_ROOM + 200)
    assert any(event.get("more") for event in batching.events if event["type"] == "presence")
    found = ask_for_all(harness, session, batching)
    assert set(found) == everybody(harness)
    assert len(found) == len(set(found)) == LARGE_ROOM + 200


async def test_who_hears_of_no_more_than_the_named_knows_everybody(pause: float) -> None:
    harness, batching, _ = await full_room()
    known = set(ask_for_all(harness, harness.sessions[0][0], batching))
    batching.clear()
    for number in range(8):
        harness.join(batched=bool(number % 2))
        harness.leave(number + 2)
        await asyncio.sleep(pause / 5)
    await until(lambda: people_counted(batching) == len(everybody(harness)))
    await asyncio.sleep(pause)
    start = {"type": "users", "users": [{"nickname": nickname} for nickname in known]}
    assert not any(event.get("more") for event in batching.events)
    assert copy_of([start, *batching.events]).people == everybody(harness)


async def test_a_plain_client_does_not_hear_that_somebody_left_who_is_back(pause: float) -> None:
    harness, _, plain = await full_room()
    harness.join()
    await until(lambda: plain.types == ["user_joined"])
    token = harness.sessions[5][1].events[0]["token"]
    harness.leave(5)
    harness.do(Session(BoundedConnection()), "join", nickname="Guest 6", token=token)
    await until(lambda: len(plain.types) == 2)
    await asyncio.sleep(2 * pause)
    assert plain.types == ["user_joined"] * 2


async def test_a_room_that_empties_is_told_by_name_again(pause: float) -> None:
    harness, batching, plain = await full_room(LARGE_ROOM + 3)
    for _ in range(10):
        harness.leave(len(harness.sessions) - 1)
    await until(lambda: people_counted(plain) == people_counted(batching) == LARGE_ROOM - 7)
    plain.clear()
    harness.leave(2)
    await until(lambda: plain.types == ["user_left"])
    assert plain.events[0]["nickname"] == "Guest 3"
