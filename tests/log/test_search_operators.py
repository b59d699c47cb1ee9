"""``from:``, ``before:`` and ``after:`` on disk and in memory alike; ``in:`` is the server's."""

import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from chatdesk.log.history_pages import RoomView, search
from chatdesk.log.memory import MemoryLog
from chatdesk.log.room_epoch import RoomEpoch
from chatdesk.log.room_log import Draft, Hits
from chatdesk.log.schema import migrate
from chatdesk.log.search_operators import split_operators
from chatdesk.log.search_query import SearchQuery
from tests.log.database_room import append_drafts

NOON = datetime(2026, 11, 22, 12)
SAID = [
    ("Mara Lindqvist", "motor on bench 4"),
    ("Bench 7", "swapped the leads"),
    ("Łucja", "the motor again"),
    ("Bench 7", "東京 motor"),
    ("Kitty", "ok"),
]
"""One message each day, at noon."""


class Logs:
    """The same messages in memory and in a file."""

    def __init__(self, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
        self._db = db
        self._room = RoomEpoch(1, "lobby", "e", str)
        self._memory = MemoryLog(str)
        for day, (nickname, text) in enumerate(SAID):
            moment = (NOON + timedelta(days=day)).timestamp()
            monkeypatch.setattr(time, "time_ns", lambda moment=moment: int(moment * 1e9))
            draft = Draft(nickname, text, nickname)
            self._memory.append(draft, lambda refusal: pytest.fail(str(refusal)))
            append_drafts(db, self._room, draft)

    async def search(self, query: str, before: int | None = None, limit: int = 50) -> Hits:
        in_memory = await self._memory.search(query, before, limit)
        assert search(self._db, RoomView.of(self._room), SearchQuery(query), before, limit) == in_memory
        return in_memory

    async def found(self, query: str) -> list[int]:
        return [hit.record.seq for hit in (await self.search(query)).hits]


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Logs]:
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db)
    yield Logs(db, monkeypatch)
    db.close()


@pytest.mark.parametrize(
    ("query", "seqs"),
    [
        ("from:mara", [1]),
        ("From:@LINDQVIST motor", [1]),
        ('from:"Bench 7"', [4, 2]),
        ('from:"bench"', []),
        ("from：bench leads", [2]),
        ("from:lucja", [3]),
        ("from:kit", [5]),
        ("from:enc", []),
        ("from:mara from:kitty", [5, 1]),
        ("motor before:2026-11-24", [1]),
        ("after:2026-11-23 motor", [4, 3]),
        ("after:2026-11-22 before:2026-11-25", [3, 2]),
        ("after:2026-11-23T12:00", [5, 4, 3, 2]),
        ("before:2026-11-22 after:2026-11-24", []),
        ('from:bench "東京"', [4]),
        ("motor from:", []),
        ("before:soon", []),
        ("motor before:soon", [4, 3, 1]),
    ],
)
async def test_operators_restrict_what_is_found(logs: Logs, query: str, seqs: list[int]) -> None:
    assert await logs.found(query) == seqs


async def test_without_words_hits_show_the_beginning_and_come_in_pages(logs: Logs) -> None:
    found = await logs.search("from:bench", limit=1)
    assert ([hit.parts for hit in found.hits], found.more) == ([["東京 motor"]], True)
    found = await logs.search("from:bench", before=4, limit=1)
    assert ([hit.parts for hit in found.hits], found.more) == ([["swapped the leads"]], False)


def test_what_is_no_operator_stays_text() -> None:
    for text in ("http://from:x", "plug in: now", "before the hour", "informs:me", '"from:"'):
        assert split_operators(text)[0] == text
    words, operators = split_operators("in:#Build-Floor motor in:lobby")
    assert (words.split(), operators.rooms, operators.selects) == (["motor"], ("build-floor", "lobby"), False)


@pytest.mark.parametrize(
    "text", ["before:soon", "after:2026-13-01", "before:9999-12-31", "after:0001-01-01", "after:0"]
)
def test_a_date_that_is_none_gets_a_note_or_no_effect(text: str) -> None:
    operators = split_operators(text)[1]
    assert operators.note.startswith("Write a date") or operators.selects
