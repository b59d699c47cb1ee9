"""Who answers, told from what they say."""

import json

import pytest

from chatdesk.doctor.probe import Answer
from chatdesk.doctor.seen import Caller, Service
from chatdesk.doctor.service import callers_of, name_in, obstacle, service_of, skew_of

ABOUT = b'{"service":"chatdesk","id":"1","name":"Robotics"}'


@pytest.mark.parametrize(
    ("answer", "service"),
    [
        (Answer(), Service.NOBODY),
        (Answer(200, {}, ABOUT), Service.CHATDESK),
        (Answer(404, {}, ABOUT), Service.OTHER),
        (Answer(200, {}, b"<html>hello"), Service.OTHER),
        (Answer(200, {}, b'["chatdesk"]'), Service.OTHER),
        (Answer(200, {}, b"[" * 100_000), Service.OTHER),
        (
            Answer(403, {}, b"This address does not belong to this chat: use the one its host shows.\n"),
            Service.WRONG_NAME,
        ),
        (Answer(403, {}, b"Forbidden"), Service.OTHER),
        (Answer(302, {"location": "http://login.example/?from=10.77.1.2"}), Service.PORTAL),
        (Answer(302, {"location": "http://mara.local/other"}), Service.OTHER),
        (Answer(302, {"location": "/login"}), Service.OTHER),
        (Answer(301, {"location": "https://www.mara.example/about"}), Service.OTHER),
        (Answer(404, {}, b"There is nothing here.\n"), Service.WRONG_PATH),
        (Answer(302, {"location": "http://[/"}), Service.OTHER),
        (Answer(511, {}, b"log in"), Service.PORTAL),
    ],
)
def test_who_it_is(answer: Answer, service: Service) -> None:
    assert service_of(answer, "mara.local") is service


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(500), "Only a proxy answers at mara.local/club"),
        (Answer(521), "Only a proxy answers at mara.local/club"),
        (Answer(429), "takes no more connections from here just now"),
        (Answer(401), "wants a login"),
        (Answer(301, {"location": "https://mara.local/club/about"}), "Join https://mara.local/club instead."),
        (Answer(308, {"location": "//mara.local:81/club/about"}), "Join http://mara.local:81/club instead."),
        (Answer(301, {"location": "https://www.mara.local/club/about"}), "mara.local/club leads to www.mara.local"),
        (Answer(302, {"location": "http://[/"}), "There is no chat at mara.local/club"),
        (Answer(404), ""),
        (Answer(501), ""),
    ],
)
def test_what_stands_before_a_chat_is_told_as_windows_tell_it(answer: Answer, words: str) -> None:
    sentence = obstacle(answer, "ws://mara.local/club/ws", wants_tls=False)
    assert words in sentence
    assert bool(words) is bool(sentence)


@pytest.mark.parametrize(
    ("date", "skew"),
    [
        ("Thu, 01 Jan 1970 01:00:00 GMT", 0.0),
        ("Thu, 01 Jan 1970 03:00:00 GMT", 7200.0),
        ("Thu, 01 Jan 1970 01:00:00", 0.0),
        ("yesterday", None),
        ("", None),
        ("Thu, 01 Jan 99999 01:00:00 GMT", None),
    ],
)
def test_how_far_the_clock_is_ahead(date: str, skew: float | None) -> None:
    assert skew_of(Answer(200, {"date": date}), 3600.0) == skew


def told(*callers: object, status: int = 200) -> Answer:
    return Answer(status, {}, json.dumps({"callers": callers}).encode())


KIT = {"name": "Kit", "address": "10.77.1.3", "calls": True, "reached": ["10.77.1.2", "10.9.9.9"], "skew": -2.5}


def test_callers_are_taken_as_they_are_told() -> None:
    wscat = {"name": "Lin", "address": "10.77.1.4", "calls": False, "reached": [], "skew": None}
    assert callers_of(told(KIT, wscat), ["10.77.1.2", "10.8.0.2"]) == (
        Caller("Kit", "10.77.1.3", ("10.77.1.2",), -2.5, calls=True),
        Caller("Lin", "10.77.1.4", (), None, calls=False),
    )


@pytest.mark.parametrize("skew", ["Infinity", "NaN", "1" + "0" * 400])
def test_a_time_that_is_none_counts_for_nothing(skew: str) -> None:
    body = '{"callers": [{"address": "10.77.1.3", "name": "\\ud800Kit", "reached": [], "skew": %s}]}' % skew  # noqa: UP031
    (caller,) = callers_of(Answer(200, {}, body.encode()), []) or ()
    assert (caller.name, caller.skew) == ("Kit", None)


def test_a_name_is_one_that_can_be_written() -> None:
    assert name_in(Answer(200, {}, b'{"service": "chatdesk", "name": "\\ud800Kit"}')) == "Kit"


@pytest.mark.parametrize("answer", [Answer(), Answer(403, {}, b"no"), Answer(200, {}, b"{}"), told(KIT, status=404)])
def test_who_does_not_say_leaves_it_open(answer: Answer) -> None:
    assert callers_of(answer, []) is None


def test_what_another_program_tells_does_no_harm() -> None:
    hostile = [
        {"name": "\x1b[2J\x07Kit", "address": "10.77.1.3", "reached": 7, "skew": "late"},
        {"name": "Eva", "address": "next door"},
        {"name": ["a"] * 999, "address": "10.77.1.5", "reached": [["10.77.1.2"]]},
        "Lin",
    ]
    kit, third = callers_of(told(*hostile), ["10.77.1.2"]) or ()
    assert kit == Caller("[2JKit", "10.77.1.3", calls=False)
    assert len(third.name) == 64
    assert third.reached == ()
