"""The queries of clients in a room with a long history, over a WebSocket, and how long the answers take."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import count
from typing import Any

from tests.bench.history import COMMON, PAIR, RARE
from tests.bench.plan import Figures
from tests.bench.process import BenchError
from tests.bench.query_client import QueryClient

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
_MAX_PER_CLIENT = 15
"""Queries on one connection: the server accepts no more from one client in so short a time."""

QueryFactory = Callable[[int], dict[str, Any]]
"""Makes the command from a running number, so that no two are the same."""


def measure_queries(port: int, times: int, messages: int) -> Figures:
    """Return the longest time that each kind of query took, in milliseconds, in a room of this many messages."""
    guests = count()
    figures = {"join": max(_join(port, guests) for _ in range(times))}
    for kind, make_query in _query_factories(port, guests, messages).items():
        figures[kind] = max(_ask(port, guests, times, make_query, may_be_empty=not messages))
    return figures


def _query_factories(port: int, guests: Iterator[int], messages: int) -> Mapping[str, QueryFactory]:
    moments = list(_moments(port, guests, messages))
    return {
        f"page {_START}": lambda number: _history(after=number * _PAGE % max(1, messages)),
        f"page {_MIDDLE}": lambda number: _history(around=messages // 2 + number),
        f"page {_END}": lambda number: _history(before=messages + 1 - number * _PAGE % max(1, messages)),
        "moment": lambda number: _history(at=moments[number % len(moments)]),
        **{f"search {name}": partial(_search, text) for name, text in SEARCHES.items()},
    }


def _ask(
    port: int, guests: Iterator[int], times: int, make_query: QueryFactory, *, may_be_empty: bool
) -> Iterator[float]:
    for first in range(0, times, _MAX_PER_CLIENT):
        with QueryClient(port) as client:
            _enter(client, guests)
            for number in range(first, min(times, first + _MAX_PER_CLIENT)):
                command = make_query(number)
                milliseconds, answer = client.ask(command["type"], **command)
                if not may_be_empty and not (answer.get("messages") or answer.get("hits")):
                    raise BenchError(f"{command} has found nothing")
                yield milliseconds


def _join(port: int, guests: Iterator[int]) -> float:
    with QueryClient(port) as client:
        return _enter(client, guests)


def _enter(client: QueryClient, guests: Iterator[int]) -> float:
    return client.ask("history", type="join", nickname=f"Guest {next(guests)}")[0]


def _moments(port: int, guests: Iterator[int], messages: int) -> Iterator[str]:
    """Yield timestamps of messages, evenly distributed over the history."""
    with QueryClient(port) as client:
        _enter(client, guests)
        for number in range(_MOMENTS):
            page = client.ask("history", **_history(around=1 + number * messages // _MOMENTS))[1]["messages"]
            yield page[len(page) // 2]["timestamp"] if page else "2024-01-31T12:00:00Z"


def _history(**where: int | str) -> dict[str, Any]:
    return {"type": "history", "limit": _PAGE, **where}


def _search(text: str, _number: int) -> dict[str, Any]:
    return {"type": "search", "query": text}
