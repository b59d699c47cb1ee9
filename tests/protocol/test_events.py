"""Events on the wire, field by field."""

import json
import re
import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.protocol import codec, connection_events, events, times

NOW = "2024-01-01T12:00:00.000Z"


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        (
            events.UserJoined("john_doe", NOW, 5),
            {"type": "user_joined", "nickname": "john_doe", "timestamp": NOW, "user_count": 5},
        ),
        (
            events.UserJoined("a", NOW, 5, "lobby", "browser", True),
            {
                "type": "user_joined",
                "nickname": "a",
                "timestamp": NOW,
                "user_count": 5,
                "room": "lobby",
                "client": "browser",
                "host": True,
            },
        ),
        (
            events.UserLeft("john_doe", NOW, 4, "lobby"),
            {"type": "user_left", "nickname": "john_doe", "timestamp": NOW, "user_count": 4, "room": "lobby"},
        ),
        (
            events.System("Welcome to the chat!", NOW),
            {"type": "system", "content": "Welcome to the chat!", "timestamp": NOW},
        ),
        (
            events.Message("john_doe", "Hello everyone!", NOW, "lobby", 1),
            {
                "type": "message",
                "nickname": "john_doe",
                "content": "Hello everyone!",
                "timestamp": NOW,
                "room": "lobby",
                "seq": 1,
            },
        ),
        (
            events.Message("a", "b", NOW, "lobby", 2, "mine"),
            {
                "type": "message",
                "nickname": "a",
                "content": "b",
                "timestamp": NOW,
                "room": "lobby",
                "seq": 2,
                "id": "mine",
            },
        ),
        (
            events.Welcome(
                1,
                "e",
                "a",
                "t",
                "lobby",
                3,
                events.Limits(65536, 8000, 32, 200, 5.0),
                events.ServerInfo("Robotics Workshop", "Mara", "0.1.0", "3f6b1c05d2a94e78"),
            ),
            {
                "type": "welcome",
                "protocol": 1,
                "epoch": "e",
                "nickname": "a",
                "token": "t",
                "room": "lobby",
                "user_count": 3,
                "limits": {
                    "message_bytes": 65536,
                    "content_chars": 8000,
                    "nickname_chars": 32,
                    "history": 200,
                    "message_rate": 5.0,
                    "edit_seconds": 0,
                },
                "server": {"name": "Robotics Workshop", "host": "Mara", "version": "0.1.0", "id": "3f6b1c05d2a94e78"},
            },
        ),
        (
            events.Users("lobby", [events.User("a", "online", NOW)], 1),
            {
                "type": "users",
                "room": "lobby",
                "users": [{"nickname": "a", "status": "online", "joined_at": NOW}],
                "user_count": 1,
            },
        ),
        (
            events.Presence("lobby", [events.User("a", "online", NOW, "phone", True)], [events.Departed("b")], 7, NOW),
            {
                "type": "presence",
                "room": "lobby",
                "joined": [{"nickname": "a", "status": "online", "joined_at": NOW, "client": "phone", "host": True}],
                "left": [{"nickname": "b"}],
                "user_count": 7,
                "timestamp": NOW,
            },
        ),
        (
            events.History("lobby", "e", [], False),
            {"type": "history", "room": "lobby", "epoch": "e", "messages": [], "more": False},
        ),
        (
            events.History("lobby", "e", [events.Message("a", "b", NOW, "lobby", 7)], True, 3, 9, "mine"),
            {
                "type": "history",
                "room": "lobby",
                "epoch": "e",
                "messages": [
                    {"type": "message", "nickname": "a", "content": "b", "timestamp": NOW, "room": "lobby", "seq": 7}
                ],
                "more": True,
                "first_seq": 3,
                "last_seq": 9,
                "ref": "mine",
            },
        ),
        (
            events.Search(
                "lobby", "B", [events.Hit(events.Message("a", "a b", NOW, "lobby", 7), ["a ", "b", ""])], True
            ),
            {
                "type": "search",
                "room": "lobby",
                "query": "B",
                "hits": [
                    {
                        "message": {
                            "type": "message",
                            "nickname": "a",
                            "content": "a b",
                            "timestamp": NOW,
                            "room": "lobby",
                            "seq": 7,
                        },
                        "parts": ["a ", "b", ""],
                    }
                ],
                "more": True,
            },
        ),
        (
            events.Storage("full", "The disk is full."),
            {"type": "storage", "problem": "full", "content": "The disk is full."},
        ),
        (
            events.Storage("", "All is well."),
            {"type": "storage", "problem": "", "content": "All is well."},
        ),
        (
            events.Typing("a", True, "lobby"),
            {"type": "typing", "nickname": "a", "active": True, "room": "lobby"},
        ),
        (
            connection_events.Reach("0123", ["192.168.4.20", "fd77::2"]),
            {"type": "reach", "nonce": "0123", "addresses": ["192.168.4.20", "fd77::2"]},
        ),
        (
            events.Error("bad_json", "This is no JSON."),
            {"type": "error", "code": "bad_json", "content": "This is no JSON."},
        ),
        (
            events.Error("empty_message", "It is empty.", "m1"),
            {"type": "error", "code": "empty_message", "content": "It is empty.", "ref": "m1"},
        ),
    ],
)
def test_an_event_has_exactly_the_fields_of_the_contract(event: events.Event, fields: dict[str, object]) -> None:
    assert json.loads(codec.encode(event)) == fields


def test_a_timestamp_is_rfc_3339_in_utc_with_milliseconds() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", times.timestamp())


@given(st.integers(0, 253_402_300_799_999))
def test_a_timestamp_and_its_milliseconds_are_the_same_moment(milliseconds: int) -> None:
    assert times.milliseconds(times.timestamp(milliseconds)) == milliseconds


@pytest.mark.parametrize(
    ("written", "milliseconds"),
    [
        ("1970-01-01T00:00:00.001Z", 1),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-02", 86_400_000),
        ("1970-01-01T00:00:01", 1000),
        ("1969-12-31T23:59:59Z", -1000),
        ("", None),
        ("yesterday", None),
        ("1970-13-01", None),
        ("9999999", None),
        ("1970-01-01T00:00:00.001ZZ", None),
    ],
)
def test_a_moment_as_people_write_it_is_understood_or_no_moment(written: str, milliseconds: int | None) -> None:
    assert times.milliseconds(written) == milliseconds


@given(st.text(st.sampled_from("0123456789-:+.TZW"), max_size=40) | st.text(max_size=40))
def test_whatever_is_written_as_a_moment_raises_nothing(written: str) -> None:
    assert isinstance(times.milliseconds(written), int | None)


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_the_ends_of_time_are_moments_too(written: str) -> None:
    assert isinstance(times.milliseconds(written), int)


@pytest.mark.parametrize(
    "nonsense", ["", "yesterday", "2026-13-01T00:00:00Z", "<b>10:24</b>", "9" * 400, "0001-01-01T00:00:00+14:00", "\0"]
)
def test_what_is_no_time_is_none_on_this_computers_clock(nonsense: str) -> None:
    assert times.local_time(nonsense) is None


@pytest.mark.parametrize("edge", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/Los_Angeles"])
def test_the_edges_of_the_calendar_are_a_moment_of_their_own_or_none(
    edge: str, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        moment = times.local_time(edge)
        assert moment is None or moment == datetime.fromisoformat(edge)
    finally:
        monkeypatch.undo()
        time.tzset()
