"""Whenever the log answers, a deletion of the history resets every client once and in order."""

import asyncio

from tests.server.delayed_log import FULL, DelayedLog, DelayedRoomHarness
from tests.server.room_copy import copy_of


async def test_the_host_deletes_the_history_and_everybody_begins_anew() -> None:
    harness = DelayedRoomHarness()
    host, _ = await harness.host()
    _, guest = harness.join()
    await harness.store.settle()
    harness.say_and_commit(3)
    epoch = harness.log.epoch
    await asyncio.sleep(0)
    guest.clear()
    harness.say()
    harness.do(host, "clear")
    harness.say()
    harness.store.commit()
    await asyncio.sleep(0)
    assert harness.log.epoch != epoch
    before, history, system, after = guest.events
    assert (before["type"], before["seq"]) == ("message", 4)
    assert history == {"type": "history", "room": "lobby", "epoch": harness.log.epoch, "messages": [], "more": False}
    assert (system["type"], system["content"]) == ("system", "The host has deleted the history.")
    assert (system["code"], system["room"]) == ("history_deleted", "lobby")
    assert (after["type"], after["seq"]) == ("message", 1)


async def test_nobody_but_the_host_deletes_it() -> None:
    harness = DelayedRoomHarness()
    session, connection = harness.join()
    await harness.store.settle()
    harness.do(session, "clear")
    assert (connection.events[-1]["code"], connection.events[-1]["ref"]) == ("forbidden", "clear")
    assert not harness.store.writes


async def test_a_history_that_cannot_be_deleted_stays_and_the_host_is_told_why() -> None:
    harness = DelayedRoomHarness()
    host, connection = await harness.host()
    epoch = harness.log.epoch
    harness.store.problem = FULL
    harness.do(host, "clear")
    harness.store.commit()
    await asyncio.sleep(0)
    assert connection.events[-1] == {"type": "error", "code": "storage", "content": FULL.sentence, "ref": "clear"}
    assert harness.log.epoch == epoch


async def test_a_slow_reader_is_reset_when_the_history_is_deleted_and_gets_no_old_message() -> None:
    harness = DelayedRoomHarness()
    host, _ = await harness.host()
    harness.join()
    _, slow = harness.join()
    await harness.store.settle()
    await asyncio.sleep(0)
    slow.clear()
    slow.writable = False
    harness.say_and_commit(3)
    await asyncio.sleep(0)
    harness.do(host, "clear")
    harness.do(host, "clear")
    harness.say_and_commit(2)
    harness.drain(1, None)
    await harness.store.settle()
    await asyncio.sleep(0)
    assert slow.types == ["history", "users"]
    assert slow.events[0]["epoch"] == harness.log.epoch
    assert [message["content"] for message in slow.events[0]["messages"]] == ["hello 4", "hello 5"]


async def test_an_answer_from_before_a_deletion_is_asked_for_again() -> None:
    harness = DelayedRoomHarness()
    host, _ = await harness.host()
    harness.join()
    session, connection = harness.join()
    await harness.store.settle()
    harness.say_and_commit(3)
    harness.do(session, "history", id="a")
    harness.do(host, "clear")
    harness.say_and_commit(1)
    await harness.store.settle()
    answer = next(event for event in connection.events if event.get("ref") == "a")
    assert answer["epoch"] == harness.log.epoch
    assert [message["content"] for message in answer["messages"]] == ["hello 4"]


async def test_a_log_that_begins_again_with_something_in_it_is_shown_to_everybody() -> None:
    """As when a deletion was reported as failed, but is found on the disk."""
    harness = DelayedRoomHarness()
    harness.join()
    _, guest = harness.join()
    await harness.store.settle()
    harness.say_and_commit(5)
    log = harness.log
    assert isinstance(log, DelayedLog)
    log.reset_filled(3)
    await harness.store.settle()
    harness.say_and_commit(1)
    await asyncio.sleep(0)
    copy = copy_of(guest.events)
    assert copy.epoch == harness.log.epoch
    assert [message.content for message in copy.messages.values()] == ["before 0", "before 1", "before 2", "hello 6"]
