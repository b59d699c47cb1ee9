"""What a server may send, and what a client refuses."""

import pytest
from msgspec.structs import replace

from chatdesk.client.validation import InvalidEventError, validate
from chatdesk.protocol import connection_events, events

AT = "2024-01-01T12:00:00.000Z"
LONG = "x" * 257
LIMITS = events.Limits(65536, 8000, 32, 200, 5.0)


def said(nickname: str = "Kit", content: str = "hi", seq: int = 1) -> events.Message:
    return events.Message(nickname, content, AT, "lobby", seq)


def found(count: int = 1, parts: int = 3, query: str = "hi", part: str = "hi") -> events.Search:
    hits = [events.Hit(said(seq=number), [part] * parts) for number in range(count, 0, -1)]
    return events.Search("lobby", query, hits, False)


def history(first_seq: int, last_seq: int, *seqs: int) -> events.History:
    return events.History("lobby", "one", [said(seq=seq) for seq in seqs], False, first_seq, last_seq)


def welcome(**fields: str) -> events.Welcome:
    names = {"epoch": "one", "nickname": "Kit", "token": "t", "room": "lobby"} | fields
    info = events.ServerInfo(fields.get("name", "Chat"), fields.get("host", "Mara"), "1")
    return events.Welcome(1, names["epoch"], names["nickname"], names["token"], names["room"], 1, LIMITS, info)


@pytest.mark.parametrize(
    "event",
    [
        said(),
        said("x" * 256, "x" * 16_000, 2**53 - 1),
        events.History("lobby", "one", [said(seq=number) for number in range(1, 1001)], True),
        history(1, 0),
        history(91, 90),
        history(91, 100, 95, 96),
        history(97, 100, 95, 96),
        events.Search("lobby", "", [], False),
        found(1000),
        found(1, 1000),
        events.Storage("full", "x" * 2000),
        events.Storage("", ""),
        connection_events.Reach("0123", ["192.168.4.20"]),
        events.Users("lobby", [events.User("Kit", "online", AT)] * 20_000, 20_000),
        events.Presence("lobby", [events.User("Kit", "online", AT)], [events.Departed("Ana")], 1, AT),
        events.UserJoined("Kit", AT, 1),
        events.UserLeft("Kit", AT, 0),
        events.Typing("Kit", True, "lobby"),
        events.System("x" * 2000, AT),
        events.Error("bad_json", "x" * 2000),
        welcome(),
    ],
    ids=lambda event: type(event).__name__,
)
def test_valid_events_pass(event: events.Event) -> None:
    validate(event)


@pytest.mark.parametrize(
    "event",
    [
        said(LONG),
        said(content="x" * 16_001),
        said(seq=0),
        said(seq=-1),
        events.History("lobby", "one", [said()] * 1001, False),
        events.History("lobby", "one", [said(seq=1), said(LONG, seq=2)], False),
        history(0, 10),
        history(-5, 10),
        history(12, 10),
        events.History("lobby", LONG, [], False),
        found(1001),
        found(1, 1001),
        found(1, 3, part="x" * 700),
        found(query=LONG),
        events.Search("lobby", "hi", [events.Hit(said(LONG), [])], False),
        events.Search("lobby", "hi", [events.Hit(said(seq=0), [])], False),
        events.Search("lobby", "hi", [events.Hit(said(seq=7), []), events.Hit(said(seq=7), [])], False),
        events.Storage("full", "x" * 2001),
        events.Storage(LONG, ""),
        connection_events.Reach(LONG, []),
        connection_events.Reach("0123", [LONG]),
        connection_events.Reach("0123", ["fd00::1%" + "a" * 80]),
        connection_events.Reach("0123", ["fd00::1%lo\r\nX: y"]),
        connection_events.Reach("0123", ["mara.local"]),
        connection_events.Reach("0123", ["FD00::1"]),
        replace(said(), timestamp=LONG),
        replace(said(), id=LONG),
        replace(welcome(), epoch=LONG),
        replace(welcome(), server=events.ServerInfo("Chat", "", "1", LONG)),
        events.Users("lobby", [events.User(LONG, "online", AT)], 1),
        events.Presence("lobby", [events.User(LONG, "online", AT)], [], 1, AT),
        events.Presence("lobby", [], [events.Departed(LONG)], 1, AT),
        events.UserJoined(LONG, AT, 1),
        events.UserLeft(LONG, AT, 1),
        events.Typing(LONG, True, "lobby"),
        events.System("x" * 2001, AT),
        events.Error("bad_json", "x" * 2001),
        welcome(nickname=LONG),
        welcome(room=LONG),
        welcome(token=LONG),
        welcome(name=LONG),
        welcome(host=LONG),
    ],
    ids=lambda event: type(event).__name__,
)
def test_invalid_events_are_refused(event: events.Event) -> None:
    with pytest.raises(InvalidEventError):
        validate(event)
