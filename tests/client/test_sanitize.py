"""Names and sentences of a host are safe wherever they are shown."""

import pytest
from msgspec.structs import replace

from chatdesk.client.people import MAX_PEOPLE
from chatdesk.client.sanitize import sanitize
from chatdesk.client.validation import InvalidEventError
from chatdesk.protocol import events
from tests.client.test_validation import AT, found, said, welcome

TURNING = "\u2067le\u202eft\nand\u2028right"
SHOWN = "le ft and right"


def user(name: str) -> events.User:
    return events.User(name, "online", AT)


def test_names_are_on_one_line_and_turn_nothing() -> None:
    named: dict[events.Event, events.Event] = {
        events.UserJoined(TURNING, AT, 1): events.UserJoined(SHOWN, AT, 1),
        events.UserLeft(TURNING, AT, 1): events.UserLeft(SHOWN, AT, 1),
        events.Typing(TURNING, True, "lobby"): events.Typing(SHOWN, True, "lobby"),
        said(TURNING): said(SHOWN),
    }
    for event, shown in named.items():
        assert sanitize(event) == shown
    lists: list[tuple[events.Event, events.Event]] = [
        (events.Users("lobby", [user(TURNING)], 1), events.Users("lobby", [user(SHOWN)], 1)),
        (
            events.Presence("lobby", [user(TURNING)], [events.Departed(TURNING)], 1, AT),
            events.Presence("lobby", [user(SHOWN)], [events.Departed(SHOWN)], 1, AT),
        ),
        (
            events.History("lobby", "one", [said(TURNING)], False),
            events.History("lobby", "one", [said(SHOWN)], False),
        ),
    ]
    for event_, shown_ in lists:
        assert sanitize(event_) == shown_
    greeting = sanitize(welcome(nickname=TURNING, room=TURNING, name=TURNING, host=TURNING))
    assert isinstance(greeting, events.Welcome)
    assert (greeting.nickname, greeting.room) == (SHOWN, SHOWN)
    assert (greeting.server.name, greeting.server.host) == (SHOWN, SHOWN)


def test_sentences_are_on_one_line_and_not_long() -> None:
    for event in (
        events.System(TURNING + "x" * 1900, AT),
        events.Error("odd", TURNING + "x" * 1900),
        events.Storage("full", TURNING + "x" * 1900),
    ):
        shown = sanitize(event)
        assert isinstance(shown, events.System | events.Error | events.Storage)
        assert shown.content.startswith(SHOWN)
        assert shown.content.endswith("x…")
        assert len(shown.content) == 401
    assert getattr(sanitize(replace(found(), note=TURNING)), "note") == SHOWN  # noqa: B009


def test_what_was_said_stays_as_it_is() -> None:
    assert sanitize(said(content=TURNING)) == said(content=TURNING)


@pytest.mark.parametrize("name", ["", "\u2067", "\n", "\u3164"])
def test_nobody_is_without_a_name(name: str) -> None:
    with pytest.raises(InvalidEventError, match="people without a name"):
        sanitize(events.Users("lobby", [user("Kit"), user(name)], 2))
    with pytest.raises(InvalidEventError):
        sanitize(said(name))


def test_a_chat_and_its_host_may_have_no_name() -> None:
    shown = sanitize(welcome(name="\u2067", host="\n"))
    assert isinstance(shown, events.Welcome)
    assert (shown.server.name, shown.server.host) == ("ChatDesk", "")
    with pytest.raises(InvalidEventError):
        sanitize(welcome(room="\u2067"))


def test_a_refusal_without_a_reason_gets_a_sentence() -> None:
    assert sanitize(events.Error("odd", "")) == events.Error("odd", "The host refuses it, and does not say why.")


def test_of_endless_people_only_those_listed_are_kept() -> None:
    people = [user(f"Guest {number}") for number in range(MAX_PEOPLE + 5)]
    shown = sanitize(events.Users("lobby", people, 1_000_000))
    assert shown == events.Users("lobby", people[:MAX_PEOPLE], 1_000_000)
