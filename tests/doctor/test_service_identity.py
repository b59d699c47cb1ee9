"""Who answers, told from the response."""

import json

import pytest

from chatdesk.doctor.network_probe import ProbeResponse
from chatdesk.doctor.observations import Caller, Service
from chatdesk.doctor.service_identity import chat_name, clock_skew, identify_service, obstacle, parse_callers

ABOUT = b'{"service":"chatdesk","id":"1","name":"Robotics"}'


@pytest.mark.parametrize(
    ("answer", "service"),
    [
        (ProbeResponse(), Service.NOBODY),
        (ProbeResponse(200, {}, ABOUT), Service.CHATDESK),
        (ProbeResponse(404, {}, ABOUT), Service.OTHER),
        (ProbeResponse(200, {}, b"<html>hello"), Service.OTHER),
        (ProbeResponse(200, {}, b'["chatdesk"]'), Service.OTHER),
        (ProbeResponse(200, {}, b"[" * 100_000), Service.OTHER),
        (
            ProbeResponse(403, {}, b"This address does not belong to this chat: use the one its host shows.\n"),
            Service.WRONG_NAME,
        ),
        (ProbeResponse(403, {}, b"Forbidden"), Service.OTHER),
        (ProbeResponse(302, {"location": "http://login.example/?from=10.77.1.2"}), Service.PORTAL),
        (ProbeResponse(302, {"location": "http://mara.local/other"}), Service.OTHER),
        (ProbeResponse(302, {"location": "/login"}), Service.OTHER),
        (ProbeResponse(301, {"location": "https://www.mara.example/about"}), Service.OTHER),
        (ProbeResponse(404, {}, b"There is nothing here.\n"), Service.WRONG_PATH),
        (ProbeResponse(302, {"location": "http://[/"}), Service.OTHER),
        (ProbeResponse(511, {}, b"log in"), Service.PORTAL),
    ],
)
def test_the_responder_is_identified(answer: ProbeResponse, service: Service) -> None:
    assert identify_service(answer, "mara.local") is service


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ProbeResponse(500), "Only a proxy answers at mara.local/club"),
        (ProbeResponse(521), "Only a proxy answers at mara.local/club"),
        (ProbeResponse(429), "takes no more connections from here just now"),
        (ProbeResponse(401), "wants a login"),
        (ProbeResponse(301, {"location": "https://mara.local/club/about"}), "Join https://mara.local/club instead."),
        (ProbeResponse(308, {"location": "//mara.local:81/club/about"}), "Join http://mara.local:81/club instead."),
        (
            ProbeResponse(301, {"location": "https://www.mara.local/club/about"}),
            "mara.local/club leads to www.mara.local",
        ),
        (ProbeResponse(302, {"location": "http://[/"}), "There is no chat at mara.local/club"),
        (ProbeResponse(404), ""),
        (ProbeResponse(501), ""),
    ],
)
def test_what_stands_before_a_chat_is_told_as_windows_tell_it(answer: ProbeResponse, words: str) -> None:
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
    assert clock_skew(ProbeResponse(200, {"date": date}), 3600.0) == skew


def report_of(*callers: object, status: int = 200) -> ProbeResponse:
    return ProbeResponse(status, {}, json.dumps({"callers": callers}).encode())


KIT = {"name": "Kit", "address": "10.77.1.3", "calls": True, "reached": ["10.77.1.2", "10.9.9.9"], "skew": -2.5}


def test_callers_are_taken_as_they_are_told() -> None:
    wscat = {"name": "Lin", "address": "10.77.1.4", "calls": False, "reached": [], "skew": None}
    assert parse_callers(report_of(KIT, wscat), ["10.77.1.2", "10.8.0.2"]) == (
        Caller("Kit", "10.77.1.3", ("10.77.1.2",), -2.5, calls=True),
        Caller("Lin", "10.77.1.4", (), None, calls=False),
    )


@pytest.mark.parametrize("skew", ["Infinity", "NaN", "1" + "0" * 400])
def test_an_invalid_time_is_ignored(skew: str) -> None:
    body = '{"callers": [{"address": "10.77.1.3", "name": "\\ud800Kit", "reached": [], "skew": %s}]}' % skew  # noqa: UP031
    (caller,) = parse_callers(ProbeResponse(200, {}, body.encode()), []) or ()
    assert (caller.name, caller.skew) == ("Kit", None)


def test_a_name_is_one_that_can_be_written() -> None:
    assert chat_name(ProbeResponse(200, {}, b'{"service": "chatdesk", "name": "\\ud800Kit"}')) == "Kit"


@pytest.mark.parametrize(
    "answer",
    [ProbeResponse(), ProbeResponse(403, {}, b"no"), ProbeResponse(200, {}, b"{}"), report_of(KIT, status=404)],
)
def test_a_response_without_callers_leaves_it_open(answer: ProbeResponse) -> None:
    assert parse_callers(answer, []) is None


def test_what_another_program_tells_does_no_harm() -> None:
    hostile = [
        {"name": "\x1b[2J\x07Kit", "address": "10.77.1.3", "reached": 7, "skew": "late"},
        {"name": "Eva", "address": "next door"},
        {"name": ["a"] * 999, "address": "10.77.1.5", "reached": [["10.77.1.2"]]},
        "Lin",
    ]
    kit, third = parse_callers(report_of(*hostile), ["10.77.1.2"]) or ()
    assert kit == Caller("[2JKit", "10.77.1.3", calls=False)
    assert len(third.name) == 64
    assert third.reached == ()
