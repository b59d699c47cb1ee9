"""Whenever the log answers: who deletes the history, and how everybody begins again, once and in order."""

import asyncio

from tests.server.circle import Reader
from tests.server.late import FULL, LateCircle, LateLog


async def test_the_host_deletes_the_history_and_everybody_begins_anew() -> None:
    circle = LateCircle()
    host, _ = circle.host()
    _, guest = circle.join()
    circle.archive.settle()
    circle.say_and_keep(3)
    epoch = circle.log.epoch
    await asyncio.sleep(0)
    guest.clear()
    circle.say()
    circle.do(host, "clear")
    circle.say()
    circle.archive.commit()
    await asyncio.sleep(0)
    assert circle.log.epoch != epoch
    before, history, system, after = guest.events
    assert (before["type"], before["seq"]) == ("message", 4)
    assert history == {"type": "history", "room": "lobby", "epoch": circle.log.epoch, "messages": [], "more": False}
    assert (system["type"], system["content"]) == ("system", "The host has deleted the history.")
    assert (after["type"], after["seq"]) == ("message", 1)


async def test_nobody_but_the_host_deletes_it() -> None:
    circle = LateCircle()
    session, link = circle.join()
    circle.archive.settle()
    circle.do(session, "clear")
    assert (link.events[-1]["code"], link.events[-1]["ref"]) == ("forbidden", "clear")
    assert not circle.archive.writes


async def test_a_history_that_cannot_be_deleted_stays_and_the_host_is_told_why() -> None:
    circle = LateCircle()
    host, link = circle.host()
    epoch = circle.log.epoch
    circle.archive.problem = FULL
    circle.do(host, "clear")
    circle.archive.commit()
    assert link.events[-1] == {"type": "error", "code": "storage", "content": FULL.sentence, "ref": "clear"}
    assert circle.log.epoch == epoch


async def test_a_reader_who_was_slow_when_the_history_was_deleted_begins_anew_and_hears_no_old_message() -> None:
    circle = LateCircle()
    host, _ = circle.host()
    circle.join()
    _, slow = circle.join()
    circle.archive.settle()
    await asyncio.sleep(0)
    slow.clear()
    slow.writable = False
    circle.say_and_keep(3)
    await asyncio.sleep(0)
    circle.do(host, "clear")
    circle.do(host, "clear")
    circle.say_and_keep(2)
    circle.drain(1, None)
    circle.archive.settle()
    await asyncio.sleep(0)
    assert slow.types == ["history", "users"]
    assert slow.events[0]["epoch"] == circle.log.epoch
    assert [message["content"] for message in slow.events[0]["messages"]] == ["hello 4", "hello 5"]


async def test_an_answer_from_before_a_deletion_is_asked_for_again() -> None:
    circle = LateCircle()
    host, _ = circle.host()
    circle.join()
    session, link = circle.join()
    circle.archive.settle()
    circle.say_and_keep(3)
    circle.do(session, "history", ref="a")
    circle.do(host, "clear")
    circle.say_and_keep(1)
    circle.archive.settle()
    answer = next(event for event in link.events if event.get("ref") == "a")
    assert answer["epoch"] == circle.log.epoch
    assert [message["content"] for message in answer["messages"]] == ["hello 4"]


async def test_a_log_that_begins_again_with_something_in_it_is_shown_to_everybody() -> None:
    """As when a deletion was reported as failed, but is found on the disk."""
    circle = LateCircle()
    circle.join()
    _, guest = circle.join()
    circle.archive.settle()
    circle.say_and_keep(5)
    log = circle.log
    assert isinstance(log, LateLog)
    log.begin_filled(3)
    circle.archive.settle()
    circle.say_and_keep(1)
    await asyncio.sleep(0)
    reader = Reader(guest.events)
    assert reader.epoch == circle.log.epoch
    assert reader.held == [(1, "before 0"), (2, "before 1"), (3, "before 2"), (4, "hello 6")]
