"""The queries of clients in a room with a long history, over a WebSocket, and how long the answers take."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import count
from typing import Any

from tests.bench.history import COMMON, PAIR, RARE
from tests.bench.plan import Figures
from tests.bench.process import BenchError
from tests.bench.visitor import Visitor

PAGES = _START, _MIDDLE, _END = "at the start", "in the middle", "at the end"
SEARCHES = {
    "a word in every message": COMMON,
    "a rare word": RARE,
    "two words": " ".join(PAIR),
    "2 letters": COMMON[:2],
    "3 letters": COMMON[:3],
    "5 letters": COMMON[:5],
}
"""The searches. The letters are the beginning of a word in every message, and of other words."""

_PAGE = 200  # the most messages that the server sends in one event
_MOMENTS = 10  # different ones, so that SQLite's cache does not answer all of them
_AT_ONCE = 15
"""Queries on one connection: the server accepts no more from one client in so short a time."""

Question = Callable[[int], dict[str, Any]]
"""Makes the command from a running number, so that no two are the same."""


def ask_everything(port: int, times: int, messages: int) -> Figures:
    """Return the longest time that each kind of query took, in milliseconds, in a room of this many messages."""
    guests = count()
    figures = {"join": max(_join(port, guests) for _ in range(times))}
    for kind, question in _questions(port, guests, messages).items():
        figures[kind] = max(_ask(port, guests, times, question, may_be_empty=not messages))
    return figures


def _questions(port: int, guests: Iterator[int], messages: int) -> Mapping[str, Question]:
    moments = list(_moments(port, guests, messages))
    return {
        f"page {_START}": lambda number: _history(after=number * _PAGE % max(1, messages)),
        f"page {_MIDDLE}": lambda number: _history(around=messages // 2 + number),
        f"page {_END}": lambda number: _history(before=messages + 1 - number * _PAGE % max(1, messages)),
        "moment": lambda number: _history(at=moments[number % len(moments)]),
        **{f"search {name}": partial(_search, words) for name, words in SEARCHES.items()},
    }


def _ask(port: int, guests: Iterator[int], times: int, question: Question, *, may_be_empty: bool) -> Iterator[float]:
    for first in range(0, times, _AT_ONCE):
        with Visitor(port) as visitor:
            _enter(visitor, guests)
            for number in range(first, min(times, first + _AT_ONCE)):
                command = question(number)
                milliseconds, answer = visitor.ask(command["type"], **command)
                if not may_be_empty and not (answer.get("messages") or answer.get("hits")):
                    raise BenchError(f"{command} has found nothing")
                yield milliseconds


def _join(port: int, guests: Iterator[int]) -> float:
    with Visitor(port) as visitor:
        return _enter(visitor, guests)


def _enter(visitor: Visitor, guests: Iterator[int]) -> float:
    return visitor.ask("history", type="join", nickname=f"Guest {next(guests)}")[0]


def _moments(port: int, guests: Iterator[int], messages: int) -> Iterator[str]:
    """Yield timestamps of messages, evenly distributed over the history."""
    with Visitor(port) as visitor:
        _enter(visitor, guests)
        for number in range(_MOMENTS):
            page = visitor.ask("history", **_history(around=1 + number * messages // _MOMENTS))[1]["messages"]
            yield page[len(page) // 2]["timestamp"] if page else "2024-01-31T12:00:00Z"


def _history(**where: int | str) -> dict[str, Any]:
    return {"type": "history", "limit": _PAGE, **where}


def _search(words: str, _number: int) -> dict[str, Any]:
    return {"type": "search", "query": words}
