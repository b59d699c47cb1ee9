"""Whenever the log answers: who joins, reads or asks hears everything once and in order."""

import asyncio

from chatdesk.server.hub import MAX_ROOMS
from tests.server.late import FULL, LateCircle


async def test_a_joiner_whose_page_is_late_hears_nothing_until_it_comes_and_then_all_at_once() -> None:
    circle = LateCircle()
    _, first = circle.join()
    assert first.types == []
    circle.archive.answer()
    assert first.types == ["welcome", "system", "users", "history"]
    _, second = circle.join()
    await asyncio.sleep(0)
    assert first.types == ["welcome", "system", "users", "history", "user_joined"], "nobody is told before it is in"
    circle.archive.answer()
    assert second.types == ["welcome", "system", "users", "history"]
    assert second.events[0]["user_count"] == second.events[2]["user_count"] == 2


async def test_what_is_kept_while_a_page_is_on_its_way_follows_it() -> None:
    circle = LateCircle()
    circle.join()
    circle.archive.settle()
    circle.say_and_keep(3)
    _, link = circle.join()
    circle.say_and_keep(2)
    await asyncio.sleep(0)
    circle.say_and_keep(1)
    circle.archive.settle()
    await asyncio.sleep(0)
    history = link.events[3]
    assert ([message["seq"] for message in history["messages"]], history["last_seq"]) == ([1, 2, 3], 3)
    assert link.seqs == [1, 2, 3, 4, 5, 6]
    assert link.types[-1] == "users", "the one who came too late to hear of oneself"


async def test_where_that_is_in_memory_the_joiner_hears_of_itself_too() -> None:
    circle = LateCircle(near=60)
    circle.join()
    circle.say_and_keep(1)
    circle.archive.near = 0
    _, link = circle.join()
    circle.archive.near = 60
    circle.say_and_keep(2)
    circle.archive.settle()
    await asyncio.sleep(0)
    assert link.seqs == [1, 2, 3]
    assert link.types == ["welcome", "system", "users", "history", "message", "message", "users", "user_joined"]


async def test_who_resumes_while_others_speak_misses_nothing() -> None:
    circle = LateCircle()
    circle.join()
    circle.archive.settle()
    circle.say_and_keep(10)
    _, link = circle.join(resume={"epoch": circle.log.epoch, "seq": 7})
    circle.say_and_keep(3)
    circle.archive.settle()
    assert link.seqs == [*range(8, 14)]
    assert not link.events[3]["more"]


async def test_who_has_missed_more_than_a_page_is_told_so_and_follows_from_now_on() -> None:
    circle = LateCircle()
    circle.join()
    circle.archive.settle()
    circle.say_and_keep(300)
    _, link = circle.join(resume={"epoch": circle.log.epoch, "seq": 10})
    circle.archive.settle()
    circle.say_and_keep(1)
    await asyncio.sleep(0)
    history = link.events[3]
    assert ([message["seq"] for message in history["messages"]], history["more"]) == ([*range(11, 211)], True)
    assert history["last_seq"] == 300
    assert link.seqs == [*range(11, 211), 301]


async def test_what_a_joiner_says_meanwhile_waits_for_its_turn() -> None:
    circle = LateCircle()
    session, link = circle.join()
    for content in ("one", "two"):
        circle.do(session, "message", content=content)
    circle.do(session, "users")
    assert not circle.archive.writes
    circle.archive.answer()
    await asyncio.sleep(0)
    circle.archive.commit()
    await asyncio.sleep(0)
    assert [event["content"] for event in link.events if event["type"] == "message"] == ["one", "two"]
    assert link.types == ["welcome", "system", "users", "history", "user_joined", "users", "message", "message"]


async def test_nothing_more_is_read_from_who_has_something_waiting_and_nothing_of_it_is_refused() -> None:
    circle = LateCircle()
    session, link = circle.join()
    assert not link.held
    for number in range(140):
        circle.do(session, "message", content="hi", id=f"a{number}")
    assert link.held
    circle.archive.answer()
    await asyncio.sleep(0)
    assert not link.held
    circle.archive.commit()
    assert circle.log.last_seq == 140
    assert "error" not in link.types


async def test_what_waits_behind_another_wait_is_held_up_again() -> None:
    circle = LateCircle()
    session, link = circle.join()
    for number in range(2):
        circle.do(session, "history", ref=f"a{number}")
        circle.do(session, "message", content="hi")
    circle.archive.answer()
    await asyncio.sleep(0)
    assert link.held
    circle.archive.answer()
    await asyncio.sleep(0)
    assert link.held
    circle.archive.answer()
    await asyncio.sleep(0)
    assert not link.held
    assert len(circle.archive.writes) == 2


async def test_of_who_is_sent_away_for_errors_nothing_that_waits_is_carried_out() -> None:
    circle = LateCircle()
    session, link = circle.join()
    for _ in range(40):
        circle.do(session, "message", content="")
    circle.do(session, "message", content="too late")
    circle.archive.answer()
    await asyncio.sleep(0)
    assert link.closed == (1008, "too many errors")
    assert not circle.archive.writes
    assert not session.waiting
    assert not link.held


async def test_who_goes_before_the_page_comes_was_never_there() -> None:
    circle = LateCircle()
    _, watcher = circle.join()
    circle.archive.settle()
    session, link = circle.join()
    circle.do(session, "join", nickname="Ghost")
    circle.hub.leave(session, dropped=True)
    link.close(1006, "")
    circle.archive.settle()
    await asyncio.sleep(0)
    assert link.types == []
    assert [person.nickname for person in circle.hub.people.values()] == ["Guest 1"]
    assert circle.hub.people == circle.room.presence.people
    assert watcher.types[-1] == "user_joined", "its own"
    assert not circle.room.expected
    assert len(circle.hub.seats) == 0


async def test_a_name_is_taken_from_the_moment_it_is_asked_for() -> None:
    circle = LateCircle()
    circle.join()
    circle.came = 0
    _, twin = circle.join()
    assert [event["code"] for event in twin.events] == ["nickname_taken"]


async def test_a_log_that_cannot_be_read_lets_nobody_in_and_gives_the_name_back() -> None:
    circle = LateCircle()
    circle.archive.problem = FULL
    session, link = circle.join()
    circle.archive.answer()
    assert link.events == [{"type": "error", "code": "storage", "content": FULL.sentence, "ref": "join"}]
    assert circle.hub.people == {}
    circle.archive.problem = None
    circle.do(session, "join", nickname="Guest 1")
    circle.archive.answer()
    assert link.types == ["error", "welcome", "system", "users", "history"]


async def test_a_room_that_somebody_is_about_to_enter_is_not_closed() -> None:
    circle = LateCircle()
    circle.join(room="wanted")
    for number in range(MAX_ROOMS):
        circle.join(room=f"room-{number}")
        circle.sessions.pop()
    assert "wanted" in circle.hub.rooms
    circle.archive.settle()
    assert circle.sessions[0][0].room is circle.hub.rooms["wanted"]


async def test_a_slow_reader_is_brought_up_to_date_page_by_page_and_asked_for_once() -> None:
    circle = LateCircle()
    circle.join()
    _, slow = circle.join()
    circle.archive.settle()
    await asyncio.sleep(0)
    slow.clear()
    slow.writable = False
    for _ in range(450):
        circle.say()
        circle.archive.commit()
        await asyncio.sleep(0)
    for _ in range(3):
        circle.drain(1, None)
    assert len(circle.archive.replies) == 1, "it is never asked twice at a time"
    circle.archive.answer(1)
    circle.say_and_keep(5)
    await asyncio.sleep(0)
    while circle.archive.replies:
        circle.archive.answer(1)
        await asyncio.sleep(0)
    assert slow.seqs == [*range(1, 456)]
    assert slow.types[-1] == "users"


async def test_a_slow_reader_whose_gap_cannot_be_read_is_sent_away_to_come_back() -> None:
    circle = LateCircle()
    session, slow = circle.join()
    circle.archive.settle()
    await asyncio.sleep(0)
    slow.writable = False
    circle.say_and_keep(1)
    await asyncio.sleep(0)
    circle.archive.problem = FULL
    circle.drain(0, None)
    circle.archive.answer()
    assert slow.closed
    assert slow.closed[0] == 1013
    circle.hub.leave(session, dropped=True)


async def test_a_message_that_is_not_kept_is_said_to_its_sender_as_often_as_it_is_tried() -> None:
    circle = LateCircle()
    session, link = circle.join()
    _, other = circle.join()
    circle.archive.settle()
    await asyncio.sleep(0)
    link.clear()
    other.clear()
    circle.archive.set_problem(FULL)
    for _ in range(100):
        circle.do(session, "message", content="hi", id="a1")
    circle.archive.commit()
    assert link.events[0] == {"type": "storage", "problem": "full", "content": FULL.sentence}
    assert link.events[1:] == [{"type": "error", "code": "storage", "content": FULL.sentence, "ref": "a1"}] * 100
    assert link.closed is None
    circle.archive.set_problem(None)
    circle.do(session, "message", content="hi", id="a1")
    circle.archive.commit()
    await asyncio.sleep(0)
    assert [event["type"] for event in other.events] == ["storage", "storage", "message"]
    assert other.events[1] == {"type": "storage", "problem": "", "content": "Messages are kept again."}


async def test_while_there_is_a_problem_a_joiner_is_told_of_it_after_the_history() -> None:
    circle = LateCircle()
    _, link = circle.join()
    circle.archive.problem = FULL
    circle.archive.answer()
    assert link.types == ["welcome", "system", "users", "history", "storage"]


async def test_a_slow_reader_is_told_of_a_problem_too() -> None:
    circle = LateCircle()
    _, link = circle.join()
    circle.archive.settle()
    link.writable = False
    circle.archive.set_problem(FULL)
    assert link.types[-1] == "storage"


async def test_one_question_of_a_session_is_open_at_a_time_and_the_answers_come_in_order() -> None:
    circle = LateCircle()
    session, link = circle.join()
    circle.archive.settle()
    circle.say_and_keep(3)
    await asyncio.sleep(0)
    link.clear()
    circle.do(session, "search", query="hello 2")
    for number in range(4):
        circle.do(session, "history", around=2, ref=f"a{number}")
    circle.do(session, "message", content="after all of them")
    assert len(circle.archive.replies) == 1
    assert not circle.archive.writes
    while circle.archive.replies:
        circle.archive.answer(1)
        await asyncio.sleep(0)
    circle.archive.commit()
    await asyncio.sleep(0)
    assert [event.get("ref", event["type"]) for event in link.events] == ["search", "a0", "a1", "a2", "a3", "message"]


async def test_questions_that_cannot_be_answered_are_refused_by_their_ref() -> None:
    circle = LateCircle()
    session, link = circle.join()
    circle.archive.settle()
    circle.archive.problem = FULL
    for command in ({"name": "history", "ref": "a1"}, {"name": "history"}, {"name": "search", "query": "x"}):
        circle.do(session, **command)
        circle.archive.answer()
    refused = [(event["code"], event["ref"]) for event in link.events if event["type"] == "error"]
    assert refused == [("storage", "a1"), ("storage", "history"), ("storage", "search")]
