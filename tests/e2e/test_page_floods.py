"""The page and a host that sends without end: it stays small and responsive."""

from typing import Any

from playwright.sync_api import expect

from tests.e2e.hostile_host_page import LEFT_SENTENCE, SLOW_CLOCK, JoinHostileHost
from tests.e2e.page_work import PageWork
from tests.hostile_host import AT, Visit, history, message
from tests.hostile_scripts import SCRIPTS

Event = dict[str, Any]


def typing(number: int) -> Event:
    return {"type": "typing", "nickname": f"Typist {number}", "active": True, "room": "lobby"}


def of_rooms(number: int) -> list[Event]:
    """The same of rooms, and of somebody who changes their name and goes."""
    old, new = f"Walker {number}", f"Runner {number}"
    who = {"timestamp": AT, "user_count": 2, "room": "lobby"}
    mark = {"room": "lobby", "epoch": "one", "seq": 2**53 - 1, "last_seq": 2**53 - 1}
    return [
        {"type": "room", "room": {"room": f"room {number}", "joined": True, "unread": 2**53 - 1}},
        {"type": "read", **mark, "unread": number},
        {"type": "exited", "room": f"nowhere {number}"},
        {"type": "user_joined", **who, "nickname": old},
        {"type": "renamed", "room": "lobby", "old": old, "nickname": new, "timestamp": AT},
        {"type": "user_left", **who, "nickname": new},
    ]


def one(number: int) -> list[Event]:
    """One event of each kind that may repeat without end, for a person who joins and leaves."""
    who = {"nickname": f"Passer-by {number}", "timestamp": AT, "user_count": 2, "room": "lobby"}
    search = {"type": "search", "room": "lobby", "query": "", "hits": [], "more": True, "prepared": 1}
    return [
        {"type": "user_joined", **who},
        typing(number),
        {"type": "system", "content": f"Attention {number}!", "timestamp": AT},
        {"type": "error", "code": "odd", "content": f"No {number}."},
        {"type": "storage", "problem": "full" if number % 2 else "", "content": f"The disk is full: {number}."},
        {"type": "updated", "room": "lobby", "seq": number + 1, "change": number, "message": message(number + 1)},
        *(of_rooms(number) if number % 2 == 0 else []),
        *(search, history(message(1), epoch="one")),
        {"type": "user_left", **who},
    ]


def test_an_endless_flood_leaves_the_page_small_and_responsive(
    work: PageWork, join_hostile_host: JoinHostileHost
) -> None:
    """More of each than the page keeps, as fast as the connection takes them, then messages."""

    def flood(visit: Visit) -> None:
        visit.enter(said=(message(1),))
        for number in range(120):
            visit.say(*one(number))
        visit.say(*(message(seq, "again and again") for seq in range(2, 500)), message(500, "That was all."))
        while True:  # who has typed is forgotten after seconds, in which a busy machine may not look
            visit.say(*(typing(number) for number in range(150)))
            visit.listen(1)

    chat = join_hostile_host(flood)
    # The flood is seconds of work, of which a busy machine does little at a time; how long each part takes is below.
    expect(chat.message("That was all.")).to_be_visible(timeout=60_000)
    assert chat.find(".row").count() <= 400
    assert chat.page.evaluate("document.querySelectorAll('*').length") < 6000
    expect(chat.find("#typing")).to_have_text("100 people are typing")
    assert chat.page.evaluate("Object.keys(localStorage).length") < 10
    assert work.longest_task(chat.page) < 30
    chat.find("#timeline").evaluate("it => { it.scrollTop = 0 }")
    chat.find("#message").fill("I am here")
    chat.find("#message").press("Enter")
    expect(chat.find(".own-message")).to_contain_text("I am here")
    asked = len([command for command in chat.sent if command["type"] == "history"])
    assert asked < 20, "for what does not come it is not asked for ever"


def test_a_host_that_leaves_the_page_no_time_is_left(join_hostile_host: JoinHostileHost) -> None:
    def flood(visit: Visit) -> None:
        visit.enter(said=(message(1),))
        said = b'{"type":"pong"}'
        while True:
            visit.send_bytes((bytes([0x81, len(said)]) + said) * 500)

    chat = join_hostile_host(flood, before=SLOW_CLOCK)
    sentence = f"This host sends more at once than ChatDesk reads: {LEFT_SENTENCE}"
    expect(chat.find("#banner .sentence")).to_have_text(sentence, timeout=60_000)


def test_a_reader_further_up_is_not_buried_in_notices(join_hostile_host: JoinHostileHost) -> None:
    def flood(visit: Visit) -> None:
        visit.enter(said=tuple(message(seq) for seq in range(1, 101)))
        visit.hear("typing")
        visit.say(*({"type": "system", "content": f"Attention {number}!", "timestamp": AT} for number in range(900)))
        visit.say({"type": "typing", "nickname": "Ana", "active": True, "room": "lobby"})
        visit.stay()

    chat = join_hostile_host(flood)
    expect(chat.message("message 100")).to_be_visible()
    chat.find("#timeline").evaluate(
        "it => { it.dispatchEvent(new WheelEvent('wheel', { deltaY: -9 })); it.scrollTop = 0 }"
    )
    expect(chat.find("[data-key='message:1']")).to_be_in_viewport()
    chat.find("#message").press_sequentially("x")
    expect(chat.find("#typing")).to_have_text("Ana is typing")
    expect(chat.find("[data-key='message:1']")).to_be_in_viewport()
    assert chat.find(".row").count() <= 600


def test_of_all_who_wait_the_first_fifty_are_drawn(join_hostile_host: JoinHostileHost) -> None:
    def flood(visit: Visit) -> None:
        visit.enter(said=(message(1),))
        people = [{"nickname": f"Walker {number}", "author": f"{number}", "waited": 9} for number in range(300)]
        visit.say({"type": "standing", "room": "lobby", "role": "moderator", "rights": ["approve"]})
        visit.say({"type": "queue", "people": people, "count": 300, "approval": True})
        visit.stay()

    rows = join_hostile_host(flood).find("#order-waiting .order-row")
    expect(rows).to_have_count(50)
    expect(rows.last).to_contain_text("Walker 49")


def test_a_host_that_always_has_more_is_not_asked_for_ever(join_hostile_host: JoinHostileHost) -> None:
    chat = join_hostile_host(SCRIPTS["more-without-end"])
    expect(chat.message("message 999")).to_be_visible()
    timeline = chat.find("#timeline")
    for _ in range(5):
        timeline.evaluate("it => { it.scrollTop = 0 }")
        chat.page.wait_for_timeout(100)
        timeline.evaluate("it => { it.scrollTop = it.scrollHeight }")
    assert len([command for command in chat.sent if command["type"] == "history"]) < 5
