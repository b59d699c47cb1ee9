"""The order of a visit: a host welcomes first and once, and speaks of the room that one is in."""

import pytest
from msgspec.structs import replace

from chatdesk.client.conduct import Conduct
from chatdesk.client.sanity import UnreadableEventError
from chatdesk.protocol import events
from tests.client.test_sanity import AT, history, said, welcome


def test_before_a_welcome_a_host_only_refuses_and_greets() -> None:
    conduct = Conduct()
    for event in (said(), history(1, 0), events.Users("lobby", [], 1), events.UserJoined("Kit", AT, 1, "lobby")):
        assert not conduct.concerns(event)
    for event_ in (events.Error("odd", "No."), events.System("Hello", AT), events.Storage("full", "")):
        assert conduct.concerns(event_)
    assert conduct.concerns(welcome())
    assert conduct.concerns(said())
    conduct.begin()
    assert not conduct.concerns(said())


def test_what_happens_in_other_rooms_does_not_concern_this_one() -> None:
    conduct = Conduct()
    conduct.concerns(welcome())
    assert not conduct.concerns(replace(said(), room="elsewhere"))
    assert not conduct.concerns(events.Typing("Kit", True, "elsewhere"))
    assert conduct.concerns(replace(said(), room=""))
    assert conduct.concerns(events.Error("odd", "No."))


def test_a_second_welcome_is_for_the_same_person() -> None:
    conduct = Conduct()
    conduct.concerns(welcome())
    assert conduct.concerns(welcome(name="Another name of the chat"))
    for field in ("nickname", "token", "room"):
        other = welcome(**{field: "another"})
        with pytest.raises(UnreadableEventError, match="a second welcome"):
            conduct.concerns(other)
