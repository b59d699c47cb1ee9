"""Which events count: a host welcomes first and once, and speaks of the client's room."""

import pytest
from msgspec.structs import replace

from chatdesk.client.event_filter import EventFilter
from chatdesk.client.validation import InvalidEventError
from chatdesk.protocol import events
from tests.client.test_validation import AT, history, said, welcome


def test_before_a_welcome_a_host_only_refuses_and_greets() -> None:
    event_filter = EventFilter()
    for event in (said(), history(1, 0), events.Users("lobby", [], 1), events.UserJoined("Kit", AT, 1, "lobby")):
        assert not event_filter.accepts(event)
    for event_ in (events.Error("odd", "No."), events.System("Hello", AT), events.Storage("full", "")):
        assert event_filter.accepts(event_)
    assert event_filter.accepts(welcome())
    assert event_filter.accepts(said())
    event_filter.reset()
    assert not event_filter.accepts(said())


def test_what_happens_in_other_rooms_does_not_concern_this_one() -> None:
    event_filter = EventFilter()
    event_filter.accepts(welcome())
    assert not event_filter.accepts(replace(said(), room="elsewhere"))
    assert not event_filter.accepts(events.Typing("Kit", True, "elsewhere"))
    assert event_filter.accepts(replace(said(), room=""))
    assert event_filter.accepts(events.Error("odd", "No."))


def test_a_second_welcome_is_for_the_same_person() -> None:
    event_filter = EventFilter()
    event_filter.accepts(welcome())
    assert event_filter.accepts(welcome(name="Another name of the chat"))
    for field in ("nickname", "token", "room"):
        other = welcome(**{field: "another"})
        with pytest.raises(InvalidEventError, match="a second welcome"):
            event_filter.accepts(other)
