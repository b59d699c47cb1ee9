"""The read position and the divider, event by event, in the module as the server serves it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

Steps = Callable[..., dict[str, Any]]

# Applies steps: each is the name of a method and its arguments.
RUN = """async ([kept, steps]) => {
    const {ReadPosition} = await import('/js/read-position.js');
    const position = new ReadPosition(kept);
    for (const [name, ...values] of steps) position[name](...values);
    return {...position.stored, count: position.newCount};
}"""


@pytest.fixture
def read(modules: Page) -> Steps:
    """Applies steps to a stored position, or to that of a newcomer; returns the resulting position."""
    return lambda *steps, kept=None: modules.evaluate(RUN, [kept, [list(step) for step in steps]])


def line(after: int, up_to: int, since: int, met: bool = False) -> dict[str, Any]:
    return {"after": after, "upTo": up_to, "since": since, "met": met}


OPEN = ("open", "a", 10, 500)


def test_a_newcomer_has_nothing_to_catch_up_on(read: Steps) -> None:
    assert read(OPEN, ("divide", 10)) == {
        "epoch": "a",
        "seq": 10,
        "time": 500,
        "divider": None,
        "held": False,
        "count": 0,
    }


def test_messages_that_arrive_while_away_are_behind_the_divider_and_counted(read: Steps) -> None:
    away = [OPEN, ("markRead", 11, 600), ("divide", 12), ("divide", 14)]
    assert read(*away)["divider"] == line(11, 14, 600)


def test_the_divider_stays_while_reading_and_when_messages_arrive(read: Steps) -> None:
    """Behaviour 19."""
    reading = [OPEN, ("divide", 14), ("markRead", 12, 700), ("divide", 15)]
    assert read(*reading)["divider"] == line(10, 15, 500)
    assert read(*reading, ("markRead", 15, 800), ("divide", 15))["divider"] == line(10, 15, 500)


def test_the_divider_moves_when_a_message_arrives_after_all_were_read(read: Steps) -> None:
    assert read(OPEN, ("divide", 12), ("markRead", 12, 700), ("divide", 13))["divider"] == line(12, 13, 700)


def test_sending_marks_everything_as_read(read: Steps) -> None:
    mark = read(OPEN, ("divide", 12), ("markAllRead", 12, 900), ("divide", 12))
    assert (mark["divider"], mark["seq"]) == (None, 12)


def test_position_and_divider_are_restored(read: Steps) -> None:
    kept = {"epoch": "a", "seq": 12, "time": 700, "divider": line(10, 12, 500, met=True)}
    assert read(("open", "a", 12, 900), ("divide", 12), kept=kept) == {**kept, "count": 2}
    assert read(("open", "a", 14, 900), ("divide", 14), kept=kept)["divider"] == line(12, 14, 700)


def test_of_a_new_log_nothing_is_new(read: Steps) -> None:
    kept = {"epoch": "a", "seq": 12, "time": 700, "divider": line(10, 12, 500)}
    position = read(("open", "b", 2, 900), ("divide", 2), kept=kept)
    assert (position["epoch"], position["seq"], position["divider"]) == ("b", 2, None)
    assert read(("open", "b", 2, 900), ("divide", 3), kept=kept)["divider"] == line(2, 3, 900)


def test_own_messages_are_never_new(read: Steps) -> None:
    away = [OPEN, ("divide", 12), ("addOwn", 13, 600), ("divide", 13), ("divide", 14)]
    assert (read(*away)["divider"], read(*away)["count"]) == (line(10, 14, 500), 3)
    assert read(OPEN, ("addOwn", 11, 600), ("divide", 11))["divider"] is None
    first = read(OPEN, ("addOwn", 11, 600), ("divide", 12))
    assert (first["seq"], first["divider"]) == (11, line(11, 12, 600))


def test_the_divider_moves_below_own_messages_that_are_loaded_later(read: Steps) -> None:
    line_above = [OPEN, ("divide", 14)]
    assert read(*line_above)["divider"] == line(10, 14, 500)
    assert read(*line_above, ("addOwn", 12, 600), ("addOwn", 11, 600))["divider"] == line(12, 14, 500)
    all_own = read(*line_above, *(("addOwn", seq, 600) for seq in range(11, 15)))
    assert (all_own["seq"], all_own["divider"]) == (14, None)


def test_the_position_of_another_tab_is_adopted_unless_the_log_differs(read: Steps) -> None:
    other = {"epoch": "a", "seq": 12, "time": 700, "divider": None}
    assert read(OPEN, ("merge", other))["seq"] == 12
    assert read(OPEN, ("merge", {**other, "epoch": "b"}))["seq"] == 10
    assert read(OPEN, ("merge", None))["seq"] == 10


def test_in_a_room_that_was_not_opened_nothing_is_new(read: Steps) -> None:
    """A host may close the connection before the page has drawn its events."""
    assert read(("divide", 14))["divider"] is None
