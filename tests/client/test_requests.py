"""One request of a kind is open at a time, each is matched by its id, and a refusal for now is waited out."""

import pytest

from chatdesk.client.requests import Requests
from chatdesk.protocol.commands import History, Message, Search
from chatdesk.protocol.events import Error


def ask(requests: Requests, seq: int = 1, room: str = "lobby", now: float = 0.0) -> str | None:
    command = requests.open(room, "jump", History(around=seq), now)
    return command.id if command else None


def test_the_next_of_a_kind_waits_and_other_kinds_and_rooms_do_not() -> None:
    requests = Requests()
    ref = ask(requests, 1)
    assert ref
    assert ask(requests, 2) is None
    assert ask(requests, 2, room="garden") not in {None, ref}
    assert requests.open("lobby", "older", History(before=7), 0.0)
    request = requests.find(ref)
    assert request
    assert (request.room, request.kind) == ("lobby", "jump")
    assert requests.close(ref) == request
    assert requests.close(ref) is None
    assert ask(requests, 2) not in {None, ref}


def test_a_message_is_known_by_its_own_id() -> None:
    requests = Requests()
    assert requests.open("lobby", "message", Message("Hello", "m1"), 0.0) == Message("Hello", "m1")
    assert requests.find("m1")
    assert requests.find(None) is None


@pytest.mark.parametrize(
    ("code", "retry_after", "seconds"),
    [("rate_limited", None, 1.0), ("storage", None, 3.0), ("rate_limited", 7.5, 7.5), ("storage", 0.25, 0.25)],
)
def test_a_refusal_for_now_holds_back_all_of_its_budget(code: str, retry_after: float | None, seconds: float) -> None:
    requests = Requests()
    assert requests.delay(Error(code, "Not now.", ask(requests), retry_after), 10.0)
    assert ask(requests, now=10.0 + seconds - 0.01) is None
    assert requests.open("lobby", "search", Search("x"), 10.0 + seconds - 0.01) is None
    assert requests.open("lobby", "message", Message("Hello", "m1"), 10.0)
    assert requests.resumes_at(10.0) == 10.0 + seconds
    assert ask(requests, now=10.0 + seconds)
    assert requests.resumes_at(10.0 + seconds) is None


def test_a_refusal_for_good_and_one_of_nothing_hold_back_nothing() -> None:
    requests = Requests()
    ref = ask(requests)
    assert not requests.delay(Error("bad_message", "No.", ref), 0.0)
    assert not requests.delay(Error("rate_limited", "No.", "nothing"), 0.0)
    assert requests.close(ref)
    assert ask(requests)


def test_what_waits_for_the_disk_goes_on_when_it_is_back_and_what_came_too_fast_does_not() -> None:
    requests = Requests()
    requests.delay(Error("storage", "Full.", ask(requests)), 0.0)
    requests.stored_again()
    ref = ask(requests)
    assert ref
    requests.delay(Error("rate_limited", "Too fast.", ref, 5.0), 0.0)
    requests.stored_again()
    requests.disconnected()
    assert ask(requests, now=4.9) is None
    assert ask(requests, now=5.0)


def test_a_lost_connection_and_a_room_that_was_left_close_what_is_open() -> None:
    requests = Requests()
    ref = ask(requests)
    requests.disconnected()
    assert requests.close(ref) is None
    garden, lobby = ask(requests, room="garden"), ask(requests)
    requests.forget("garden")
    assert requests.close(garden) is None
    assert requests.close(lobby)
