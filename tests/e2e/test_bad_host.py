"""The real window with hostile hosts: it keeps drawing, needs no more memory, and stays usable."""

import itertools
import json
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.window import Window
from tests.hostile_host import AT, Event, HostileHost, Visit, message
from tests.hostile_scripts import LONG_TEXT, MANY, PAGE, TURNING, names, presence, users

_LONGEST = 0.1
"""Seconds for which the window may be blocked, on a machine that is not slow; people notice a delay from about here."""
_MORE_MEGABYTES = 80  # for caches and fonts; a flood that is kept needs hundreds
_PATIENCE = 20.0
"""Seconds until a busy machine's window has dealt with what it has received: a list of people takes 40 MB meanwhile."""
_IDLE = 0.02
"""Seconds of work within ``_WHILE`` of a window that has dealt with all that it has received, for its timers."""
_WHILE = 0.3
_SECONDS = 0.3
"""How long each flood lasts: the window works on what has come meanwhile for up to ten times as long."""


class SelfReport(NamedTuple):
    """The window's report on itself."""

    longest: float
    megabytes: float
    work: float
    slowness: float
    """How many times as long as usual the machine takes for the same work."""


def ask(window: Window) -> SelfReport:
    """Return how long the window was blocked since the last call, in seconds, and its memory."""
    window.process.send_signal(signal.SIGUSR1)
    assert window.process.stdout
    return SelfReport(**json.loads(window.process.stdout.readline()))


def churn() -> Iterable[list[Event]]:
    for number in itertools.count():
        came = [f"Passer-by {number * 20 + place}" for place in range(20)]
        yield [presence(came, [f"Passer-by {(number - 1) * 20 + place}" for place in range(20)], 25)]


def joining() -> Iterable[list[Event]]:
    for number in itertools.count():
        yield [presence([f"Guest {number * PAGE + place}" for place in range(PAGE)], count=number * PAGE)]


def typing() -> Iterable[list[Event]]:
    for number in itertools.count():
        yield [{"type": "typing", "nickname": f"Typist {number}", "active": True, "room": "lobby"}]


def talking(first: int, content: str) -> Iterable[list[Event]]:
    return ([message(seq, content)] for seq in itertools.count(first))


def speaking() -> Iterable[list[Event]]:
    for number in itertools.count():
        yield [
            {"type": "system", "content": f"{number} {TURNING[number % 8]}", "timestamp": AT},
            {"type": "error", "code": "odd", "content": "No." * (number % 9), "ref": "message"},
            {"type": "storage", "problem": "full" if number % 2 else "", "content": "The disk is full."},
            {"type": "search", "room": "lobby", "query": "", "hits": [], "more": True, "prepared": 1},
            {"type": "history", "room": "lobby", "epoch": f"{number}", "messages": [], "more": True},
        ]


def in_a_crowd() -> Iterable[list[Event]]:
    yield [users(names(MANY), MANY)]
    for number in itertools.count():
        yield [presence([f"Passer-by {number}"], [f"Guest {number}"], MANY)]


FLOODS: dict[str, Callable[[], Iterable[list[Event]]]] = {
    "churn": churn,
    "messages": lambda: talking(2, "again"),
    "joining": joining,
    "typing": typing,
    "a crowd": in_a_crowd,
    "long messages": lambda: talking(10**9, LONG_TEXT),
    "sentences": speaking,
}


class Floods:
    """A script that sends one flood after the other, each when a test starts it with ``go``."""

    def __init__(self) -> None:
        self.begun = self.done = ""

    def __call__(self, visit: Visit) -> None:
        visit.enter(said=(message(1),))
        while True:
            visit.listen()
            if self.begun == self.done:
                time.sleep(0.01)
                continue
            end = time.monotonic() + _SECONDS
            for some in FLOODS[self.begun]():
                visit.say(*some)
                if time.monotonic() > end:
                    break
            self.done = self.begun

    def go(self, name: str) -> None:
        """Send this flood, and return when it is over."""
        end = time.monotonic() + 60
        self.begun = name
        while self.done != name:
            assert time.monotonic() < end, f"nobody hears the flood of {name}"
            time.sleep(0.05)


@pytest.mark.slow
def test_no_flood_stops_the_window(tmp_path: Path) -> None:
    floods = Floods()
    with (
        HostileHost(floods) as host,
        Window(tmp_path, "join", host.url, "--nickname", "Kit", program="tests.e2e.watched") as window,
    ):
        window.wait_for_title("Workshop")
        time.sleep(1)
        before = ask(window)
        for name in FLOODS:
            floods.go(name)
            end = time.monotonic() + _PATIENCE
            told = ask(window)
            while True:
                assert told.longest < _LONGEST * told.slowness, (name, told)
                time.sleep(_WHILE)
                earlier, told = told, ask(window)
                if told.work - earlier.work < _IDLE and told.megabytes - before.megabytes < _MORE_MEGABYTES:
                    break
                assert time.monotonic() < end, (name, told, before)
        window.say("still here")
        host.wait_to_hear("still here")
