"""The contract of what the server says, field for field."""

import json
import re

import pytest

from chatdesk.protocol import codec, events

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
                events.ServerInfo("Robotics Workshop", "Mara", "0.1.0"),
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
                },
                "server": {"name": "Robotics Workshop", "host": "Mara", "version": "0.1.0"},
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
            events.Presence("lobby", [events.User("a", "online", NOW, "phone", True)], ["b"], 7, NOW),
            {
                "type": "presence",
                "room": "lobby",
                "joined": [{"nickname": "a", "status": "online", "joined_at": NOW, "client": "phone", "host": True}],
                "left": ["b"],
                "user_count": 7,
                "timestamp": NOW,
            },
        ),
        (
            events.History("lobby", "e", [], False),
            {"type": "history", "room": "lobby", "epoch": "e", "messages": [], "more": False},
        ),
        (
            events.Typing("a", True, "lobby"),
            {"type": "typing", "nickname": "a", "active": True, "room": "lobby"},
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
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", events.timestamp())
