"""The page's state, event by event, imported in the browser as the server serves it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

Event = dict[str, Any]
Apply = Callable[..., dict[str, Any]]

# Applies events to a new state; what the page asks the host for in between stands among the events as a string.
RUN = """async events => {
    const {ChatState} = await import('/js/state.js');
    const {Outbox} = await import('/js/outbox.js');
    const state = new ChatState(new Outbox());
    for (const event of events) {
        if (typeof event === 'string') state.log.asked = event;
        else if (event.type === 'lost') state.arrived = false;
        else if (event.type === 'write') state.outbox.add(event.id, event.content, 0);
        else state.apply(event, event.now ?? 0);
    }
    const {log} = state;
    const sign = move => (move.joined ? '+' : '-') + move.nickname;
    return {
        texts: log.entries.map(entry => entry.content ?? entry.moves.map(sign).join()),
        seq: log.seq, more: log.more, detached: log.detached, epoch: state.epoch, resumed: state.resumed,
        typing: [...state.typing.keys()], people: [...state.users.keys()], drafts: state.outbox.drafts.map(it => it.id),
    };
}"""


@pytest.fixture
def apply(modules: Page) -> Apply:
    """Applies events to a new state, and shows it."""
    return lambda *events: modules.evaluate(RUN, list(events))


def welcome(nickname: str = "Kit") -> Event:
    server = {"name": "ChatDesk", "host": "", "version": "1"}
    return {"type": "welcome", "nickname": nickname, "room": "lobby", "token": "t", "server": server, "limits": {}}


def message(seq: int, **fields: Any) -> Event:
    stamp = {"timestamp": "2026-11-24T10:00:00.000Z"}
    return {"type": "message", "nickname": "Mara", "content": str(seq), "seq": seq, **stamp, **fields}


def history(*seqs: int, epoch: str = "a", more: bool = False) -> Event:
    return {"type": "history", "epoch": epoch, "messages": [message(seq) for seq in seqs], "more": more}


def presence(joined: tuple[str, ...] = (), left: tuple[str, ...] = ()) -> Event:
    users = [{"nickname": nickname} for nickname in joined]
    return {"type": "presence", "joined": users, "left": list(left), "user_count": 1, "timestamp": "2026-11-24T10:00Z"}


def users(*nicknames: str) -> Event:
    return {"type": "users", "users": [{"nickname": nickname} for nickname in nicknames], "user_count": 1}


LOST = {"type": "lost"}


def test_messages_follow_each_other_and_none_counts_twice(apply: Apply) -> None:
    state = apply(welcome(), history(1, 2), message(2), message(3), message(3), message(1))
    assert state["texts"] == ["1", "2", "3"]
    assert not state["detached"]


def test_a_message_beyond_a_hole_waits_until_the_hole_is_filled(apply: Apply) -> None:
    holed = [welcome(), history(1), message(3)]
    assert apply(*holed)["detached"]
    assert apply(*holed)["texts"] == ["1"]
    filled = apply(*holed, "later", history(2, 3))
    assert (filled["texts"], filled["detached"]) == (["1", "2", "3"], False)


def test_the_latest_page_fills_a_hole_and_its_older_messages_are_no_newer_ones(apply: Apply) -> None:
    state = apply(welcome(), history(7, 8), message(10), "latest", history(8, 9, 10, more=True))
    assert (state["texts"], state["detached"]) == (["7", "8", "9", "10"], False)


def test_a_page_of_newer_messages_that_is_not_the_last_says_so(apply: Apply) -> None:
    state = apply(welcome(), history(1), message(9), "later", history(2, 3, more=True))
    assert (state["seq"], state["detached"]) == (3, True)


def test_an_empty_page_ends_the_asking(apply: Apply) -> None:
    assert not apply(welcome(), history(1), message(3), "latest", history())["detached"]
    assert apply(welcome(), history(5, more=True), "earlier", history())["more"] is False


def test_older_messages_come_in_front_and_a_page_that_leaves_a_hole_is_not_taken(apply: Apply) -> None:
    start = [welcome(), history(5, 6, more=True), "earlier"]
    assert apply(*start, history(3, 4, more=True))["texts"] == ["3", "4", "5", "6"]
    stale = apply(*start, history(1, 2, more=False))
    assert (stale["texts"], stale["more"]) == (["5", "6"], True)


def test_a_resume_adds_what_was_missed(apply: Apply) -> None:
    state = apply(welcome(), history(1), LOST, welcome(), history(2, 3), message(4))
    assert (state["texts"], state["resumed"]) == (["1", "2", "3", "4"], "all")


def test_a_resume_that_the_host_cannot_fill_starts_over_and_says_so(apply: Apply) -> None:
    state = apply(welcome(), history(1), LOST, welcome(), history(8, 9, more=True))
    assert (state["texts"], state["more"], state["resumed"]) == (["8", "9"], True, "some")


def test_a_new_log_replaces_the_old_one(apply: Apply) -> None:
    state = apply(welcome(), history(1, 2), LOST, welcome(), history(1, epoch="b"), message(2))
    assert (state["texts"], state["epoch"], state["resumed"]) == (["1", "2"], "b", "none")


def test_ones_own_message_leaves_the_outbox_also_when_a_resume_brings_it(apply: Apply) -> None:
    written = [welcome(), history(), {"type": "write", "id": "x", "content": "1"}]
    assert apply(*written, message(1, nickname="Kit", id="x"))["drafts"] == []
    assert apply(*written, message(1, nickname="Mara", id="x"))["drafts"] == ["x"]
    page = {**history(), "messages": [message(1, nickname="Kit", id="x")]}
    assert apply(*written, LOST, welcome(), page)["drafts"] == []


def test_who_comes_and_goes_at_once_leaves_no_trace(apply: Apply) -> None:
    joined = [welcome(), users("Kit"), history(), presence(joined=("Mara", "Jonas"))]
    assert apply(*joined)["texts"] == ["+Mara,+Jonas"]
    assert apply(*joined, presence(left=("Mara",)))["texts"] == ["+Jonas"]
    assert apply(*joined, presence(left=("Mara", "Jonas")))["texts"] == []
    spoke = apply(*joined, message(1), presence(left=("Mara",)))
    assert spoke["texts"] == ["+Mara,+Jonas", "1", "-Mara"]
    assert spoke["people"] == ["Kit", "Jonas"]


def test_nobody_joins_who_was_there_already_and_oneself_is_no_news(apply: Apply) -> None:
    state = apply(welcome(), users("Kit", "Mara"), history(), presence(joined=("Mara", "Kit"), left=("Nobody",)))
    assert (state["texts"], state["people"]) == ([], ["Kit", "Mara"])


def test_typing_ends_with_the_message_with_leaving_and_with_the_connection(apply: Apply) -> None:
    typing = [welcome(), users("Mara"), history(), {"type": "typing", "nickname": "Mara", "active": True}]
    assert apply(*typing)["typing"] == ["Mara"]
    assert apply(*typing, message(1))["typing"] == []
    assert apply(*typing, presence(left=("Mara",)))["typing"] == []
    assert apply(*typing, welcome())["typing"] == []
    assert apply(*typing, {"type": "typing", "nickname": "Mara", "active": False})["typing"] == []


def test_an_event_from_the_future_changes_nothing(apply: Apply) -> None:
    state = apply(welcome(), history(1), {"type": "reaction", "seq": 1}, {"type": "constructor"})
    assert state["texts"] == ["1"]
