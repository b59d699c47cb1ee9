"""What hostile hosts send. Each script first accepts the client's join, unless its docstring says otherwise.

A client of such a host stays usable, needs no more memory than before, and says what is wrong.
``python -m tests.hostile_scripts crowd --port 8099`` runs one of them, for a look by hand.
"""

import argparse
import itertools
import json
import threading
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from tests.hostile_host import AT, Event, HostileHost, Script, Visit, history, message, user

TURNING = (
    "\u2067left",
    "\u2066\u2067\u2068deep",
    "two\nlines",
    "\u202eover",
    "\u2029apart",
    "\u2069\u2069out",
    "\u200fmark\u200f",
    "تامر",
)
"""Names that reverse or break a sentence around them unless they are isolated; the last is a usual name."""

MANY = 100_000
"""People in a crowd: more than any room has, and 500 events of a real host."""
LONG_TEXT = ("👩‍👩‍👧 https://example.org/a?b=c نور ([{" * 2_000)[:16_000]
"""The longest message that a client accepts, of characters whose layout takes long."""
PAGE = 1_000
"""People in one ``users`` or ``presence`` event of a script; a real host says 200."""


def presence(joined: Iterable[str] = (), left: Iterable[str] = (), count: int = 1) -> Event:
    """Return a ``presence`` event."""
    people = [user(nickname) for nickname in joined]
    gone = [{"nickname": nickname} for nickname in left]
    return {"type": "presence", "room": "lobby", "joined": people, "left": gone, "user_count": count,
            "timestamp": AT}  # fmt: skip


def users(nicknames: Iterable[str], count: int, **fields: Any) -> Event:
    """Return a ``users`` event, a part of the list of people."""
    people = [user(nickname) for nickname in nicknames]
    return {"type": "users", "room": "lobby", "users": people, "user_count": count, "more": False, **fields}


def users_of(**fields: Any) -> Event:
    """Return a list of one person with these fields."""
    return {"type": "users", "room": "lobby", "users": [user("Ana", **fields)], "user_count": 1, "more": False}


def names(number: int, length: int = 0) -> list[str]:
    """Return ``number`` different names, each of at least ``length`` characters."""
    return [f"Guest {place}".ljust(length, "x") for place in range(number)]


def _batches(items: list[str], size: int) -> Iterator[list[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))


# People


def crowd(visit: Visit, number: int = MANY) -> None:
    """A crowd is in the room, sent in batches."""
    visit.enter()
    told = 1
    for batch in _batches(names(number), PAGE):
        told += len(batch)
        visit.say(presence(batch, count=told))
    visit.stay()


def crowd_at_once(visit: Visit, number: int = MANY) -> None:
    """The same crowd in a single event."""
    visit.enter(said=(message(1),))
    visit.say(users(names(number), number))
    visit.stay()


def endless_joins_and_leaves(visit: Visit, batch: int = 20) -> None:
    """People with new names join and leave in an endless loop, as fast as the connection allows."""
    visit.enter(said=(message(1),))
    before: list[str] = []
    for number in itertools.count():
        after = [f"Passer-by {number * batch + place}" for place in range(batch)]
        visit.say(presence(after, before, 1 + batch))
        before = after


def churn_one_by_one(visit: Visit) -> None:
    """The same with single ``user_joined`` and ``user_left``."""
    visit.enter(said=(message(1),))
    for number in itertools.count():
        fields = {"nickname": f"Passer-by {number}", "timestamp": AT, "user_count": 2, "room": "lobby"}
        visit.say({"type": "user_joined", **fields}, {"type": "user_left", **fields, "user_count": 1})


def churn_in_a_crowd(visit: Visit, number: int = 20_000) -> None:
    """The same in a full room."""
    visit.enter(*map(user, names(number)), said=(message(1),))
    for turn in itertools.count():
        visit.say(presence([f"Passer-by {turn}"], [f"Passer-by {turn - 1}"], number + 2))


def only_joining(visit: Visit) -> None:
    """People with new names join in an endless loop, and nobody leaves."""
    visit.enter(said=(message(1),))
    for number in itertools.count():
        batch = [f"Passer-by {number * PAGE + place}" for place in range(PAGE)]
        visit.say(presence(batch, count=(number + 1) * PAGE))


def typing(visit: Visit) -> None:
    """New people are typing, in an endless loop."""
    visit.enter(said=(message(1),))
    for number in itertools.count():
        visit.say({"type": "typing", "nickname": f"Typist {number % 50_000}", "active": True, "room": "lobby"})


# Messages


def great_numbers(visit: Visit) -> None:
    """A message has a number that does not fit a C integer."""
    visit.enter(said=(message(1),))
    visit.say(message(2**31 + 7, "far ahead"))
    visit.stay()


def great_history(visit: Visit, first: int = 2**31 - 10) -> None:
    """The whole log has such numbers."""
    said = tuple(message(seq) for seq in range(first, first + 20))
    visit.enter(said=said)
    for seq in itertools.islice(itertools.count(first + 20), 20):
        visit.say(message(seq))
    visit.stay()


def flood(visit: Visit, content: str = "again") -> None:
    """Messages in an endless loop."""
    visit.enter(said=(message(1),))
    for seq in itertools.count(2):
        visit.say(message(seq, content))


def long_messages(visit: Visit) -> None:
    """Messages in an endless loop, each as long as a client accepts, of emoji, links and combining marks."""
    visit.enter(said=(message(1),))
    for seq in itertools.count(2):
        visit.say(message(seq, LONG_TEXT))


def tiny_frames(visit: Visit) -> None:
    """Empty pings in an endless loop, a hundred thousand in one write; the answers are not read."""
    visit.enter(said=(message(1),))
    while True:
        visit.send_bytes(b"\x89\x00" * 100_000)


def pieces(visit: Visit) -> None:
    """One message in a hundred thousand fragments of one byte."""
    visit.enter(said=(message(1),))
    visit.send_bytes(b"\x01\x01{" + b"\x00\x01 " * 100_000)
    visit.stay()


def more_without_end(visit: Visit) -> None:
    """Every page of the history says that there is more, and is always the same."""
    visit.enter(said=tuple(message(seq) for seq in range(900, 1000)))
    while True:
        question = visit.hear("history")
        said = (message(seq) for seq in range(900, 1000))
        visit.say(history(*said, more=True, last_seq=999, ref=question.get("id", "")))


# Repeated, or out of order


def welcome_again(visit: Visit) -> None:
    """A second welcome, then the same people join twice."""
    visit.enter(said=(message(1),))
    visit.say(visit.welcome(user_count=3))
    for _ in range(2):
        visit.say(presence(["Kit", "Ana"], count=3))
    visit.stay()


def out_of_turn(visit: Visit) -> None:
    """The events of a join come before it, twice, in reverse order, and from other rooms."""
    visit.nickname = visit.hear("join")["nickname"]
    people = users([visit.nickname, "Kit"], 2)
    page = history(message(1), message(2))
    joined = {"type": "user_joined", "nickname": "Kit", "timestamp": AT, "user_count": 2, "room": "lobby"}
    visit.say(joined, message(9), people, visit.welcome(), page, page, people, people, joined, joined)
    visit.say(message(2), message(1), message(2, "another text"), {**joined, "room": "elsewhere"})
    visit.say({**joined, "type": "user_left", "nickname": visit.nickname}, visit.welcome(), page)
    visit.say(history(message(1), epoch="two"), history(message(1), message(2), message(3)), message(4))
    visit.stay()


def floods(visit: Visit, event: Event) -> None:
    """One event that never ends."""
    visit.enter(said=(message(1),))
    text = json.dumps(event)
    while True:
        visit.say_raw(text)


# Names


def turning_names(visit: Visit) -> None:
    """Everybody, the host and the chat have names that reverse sentences, or break them."""
    host = f"{TURNING[0]} {TURNING[2]}"
    server = {"name": f"{TURNING[1]} {TURNING[2]} {TURNING[3]}", "host": host}
    people = [user(host, host=True), *map(user, TURNING)]
    said = tuple(message(place + 1, nickname=name) for place, name in enumerate(TURNING))
    visit.enter(*people, said=said, server=server)
    visit.say(presence([f"{name} 2" for name in TURNING], TURNING, len(people)))
    for name in TURNING[1:4]:
        visit.say({"type": "typing", "nickname": f"{name} 2", "active": True, "room": "lobby"})
    visit.stay()


# Violations of the protocol

WRONG: dict[str, Event] = {
    "welcome without limits": {"type": "welcome", "nickname": "Kit"},
    "users of a word": {"type": "users", "room": "lobby", "users": "Kit", "user_count": 1},
    "users of numbers": {"type": "users", "room": "lobby", "users": [1, None], "user_count": 2},
    "a count in words": {"type": "users", "room": "lobby", "users": [], "user_count": "many"},
    "a count below nothing": {"type": "users", "room": "lobby", "users": [], "user_count": -1},
    "a count without end": {"type": "users", "room": "lobby", "users": [], "user_count": 10**30},
    "a name of nothing": presence([""]),
    "a name of a list": {"type": "user_joined", "nickname": ["Kit"], "timestamp": AT, "user_count": 1},
    "a message of a number": {**message(2), "content": 7},
    "a message of nothing": {"type": "message"},
    "a number in words": {**message(2), "seq": "two"},
    "a number with a fraction": {**message(2), "seq": 2.5},
    "a time of a list": {**message(2), "timestamp": [AT]},
    "a page of nothing": {"type": "history", "room": "lobby", "epoch": "one", "messages": None, "more": False},
    "a page out of order": history(message(3), message(2), ref=None),
    "a page with gaps": history(message(2), message(9)),
    "hits of words": {"type": "search", "room": "lobby", "query": "", "hits": ["hit"], "more": False},
    "typing of an object": {"type": "typing", "nickname": {}, "active": True, "room": "lobby"},
    "an error of numbers": {"type": "error", "code": 5, "content": 6},
    "a presence of nothing": {"type": "presence"},
    "a status of a book": users_of(status="x" * 300),
    "an arrival of a book": users_of(joined_at="x" * 300),
    "a moment of a book": {"type": "system", "content": "Attention!", "timestamp": AT + "x" * 300},
    "a code of a book": {"type": "error", "code": "x" * 300, "content": "No."},
    "rooms of numbers": {"type": "rooms", "rooms": [1]},
    "a room of a turning name": {"type": "room", "room": {"room": "\u202eplans"}},
    "unread in words": {"type": "room", "room": {"room": "plans", "unread": "many"}},
    "a mark below nothing": {"type": "read", "room": "lobby", "epoch": "one", "seq": -1, "last_seq": 1},
    "a reaction of a number": {**message(2), "reactions": [7]},
    "a name that becomes nothing": {"type": "renamed", "room": "lobby", "old": "Ana", "nickname": " ", "timestamp": AT},
    "a storage of numbers": {"type": "storage", "problem": 1, "content": 2},
}  # fmt: skip
"""Events whose fields have a wrong type, or values that no host sends."""

RAW: dict[str, str | bytes] = {
    "no JSON": "{",
    "a list": "[]",
    "a word": '"welcome"',
    "nothing": "null",
    "deep": "[" * 100_000,
    "not a number": '{"type":"message","seq":NaN}',
    "binary": b"\x00\xff",
    "no type": '{"nickname":"Kit"}',
}
"""Frames that are not events."""


def wrong(visit: Visit, what: str) -> None:
    """Return a script that sends one of WRONG or RAW after a valid join."""
    visit.enter(said=(message(1),))
    if what in RAW:
        visit.say_raw(RAW[what])
    else:
        visit.say(WRONG[what])
    visit.stay()


def breaks_off(visit: Visit, code: int) -> None:
    """The host accepts each join, and then closes the connection."""
    visit.enter(said=(message(1),))
    visit.close(code)


def cuts(visit: Visit) -> None:
    """The same without a closing handshake."""
    visit.enter(said=(message(1),))
    visit.cut()


BREAKING: dict[str, Script] = {
    "goes away": partial(breaks_off, code=1001),
    "is busy": partial(breaks_off, code=1013),
    "says come back": partial(breaks_off, code=4000),
    "cuts": cuts,
}
"""Hosts that disconnect each time the client reconnects."""

SCRIPTS: dict[str, Script] = {
    "crowd": crowd,
    "crowd-at-once": crowd_at_once,
    "churn": endless_joins_and_leaves,
    "churn-one-by-one": churn_one_by_one,
    "churn-in-a-crowd": churn_in_a_crowd,
    "only-joining": only_joining,
    "typing": typing,
    "great-numbers": great_numbers,
    "great-history": great_history,
    "flood": flood,
    "long-messages": long_messages,
    "tiny-frames": tiny_frames,
    "pieces": pieces,
    "more-without-end": more_without_end,
    "welcome-again": welcome_again,
    "out-of-turn": out_of_turn,
    "system-flood": partial(floods, event={"type": "system", "content": "Attention!", "timestamp": AT}),
    "error-flood": partial(floods, event={"type": "error", "code": "odd", "content": "No.", "ref": "message"}),
    "storage-flood": partial(floods, event={"type": "storage", "problem": "full", "content": "The disk is full."}),
    "search-flood": partial(
        floods, event={"type": "search", "room": "lobby", "query": "", "hits": [], "more": True, "prepared": 1}
    ),
    "turning-names": turning_names,
}  # fmt: skip
"""The scripts by name, for the command line and for the tests of window and page."""


def main() -> None:
    """Run one script until it is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("script", choices=sorted(SCRIPTS))
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    with HostileHost(SCRIPTS[options.script], options.port) as host:
        print(f"{options.script} is open at {host.url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
