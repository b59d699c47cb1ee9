"""Copies that a node makes of its history: one for all who ask meanwhile, and for no longer than they do."""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from chatdesk.cluster import history_giver
from chatdesk.cluster.history_giver import HistoryGiver
from chatdesk.cluster.history_talk import Copy, Gone, Offer, Part, Refused, Told, WantsCopy, WantsPart, decode
from chatdesk.log.database import FILE
from chatdesk.log.hook_file import FILE as HOOKS
from tests.waiting import until

AN_EARLIER_VERSION_ASKS = b""
"""Of all nodes who gives a history."""


@pytest.fixture
async def folder(opened: Callable[..., Any], tmp_path: Path) -> Path:
    """Of a node that has ended."""
    async with opened("a") as a:
        a.say("one")
        await a.heard(1)
    return tmp_path / "a"


@pytest.fixture
async def giver(folder: Path) -> AsyncIterator[HistoryGiver]:
    giver = HistoryGiver(folder)
    yield giver
    await giver.close()


async def made(giver: HistoryGiver, node: str) -> Copy:
    """The copy, once it is made."""
    answers = list[Told]()

    def is_made() -> bool:
        answers.append(giver.answer(node, WantsCopy()))
        assert isinstance(answers[-1], Copy)
        return answers[-1].size > 0

    await until(is_made)
    assert isinstance(answers[-1], Copy)
    return answers[-1]


def parts(giver: HistoryGiver, node: str, copy: Copy, until: int) -> bytes:
    """The copy from its beginning up to there."""
    content = b""
    while len(content) < until:
        part = giver.answer(node, WantsPart(copy.number, len(content)))
        assert isinstance(part, Part)
        content += part.content
    return content


async def test_all_who_ask_meanwhile_are_given_one_copy_which_nobody_can_mistake_for_the_next(
    giver: HistoryGiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after one of them has died: it had to be waited for, and its parts could be of two copies."""
    monkeypatch.setattr(history_giver, "_PART_BYTES", 4096)
    assert [giver.answer(node, WantsCopy()) for node in "bcd"] == [Copy(1, 0)] * 3
    copy = await made(giver, "b")
    assert parts(giver, "dead", copy, 4096).startswith(b"SQLite")
    whole = parts(giver, "b", copy, copy.size)
    assert len(whole) == copy.size
    assert giver.answer("b", WantsCopy()) == copy
    assert [parts(giver, node, copy, copy.size) for node in "bcd"] == [whole] * 3
    for start in (copy.size, copy.size + 1, 2**64 - 1):
        assert giver.answer("b", WantsPart(copy.number, start)) == Gone()
    assert giver.answer("b", Offer()) == Offer()


async def test_a_copy_is_gone_once_all_have_it_or_nobody_asks_any_more(
    giver: HistoryGiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await made(giver, "b")
    await made(giver, "c")
    for node in "bc":
        parts(giver, node, first, first.size)
    assert giver.answer("b", WantsPart(first.number, 0)) == Gone()
    monkeypatch.setattr(history_giver, "_IDLE_SECONDS", 0.01)
    second = await made(giver, "b")
    assert second.number != first.number
    assert giver.answer("b", WantsPart(first.number, 0)) == Gone()
    await until(lambda: giver.answer("b", WantsPart(second.number, 0)) == Gone())


async def test_no_copy_leaves_nothing_of_the_disk_or_stays_after_a_crash(
    folder: Path, giver: HistoryGiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    left = [folder / "chat.db-given", folder / "chat.db-given-journal"]
    for file in left:
        file.touch()
    giver = HistoryGiver(folder)
    assert not any(file.exists() for file in left)
    monkeypatch.setattr(history_giver, "_LEFT_BYTES", 1 << 60)
    await until(lambda: giver.answer("b", WantsCopy()) == Refused())
    assert "too little left" in caplog.text
    monkeypatch.undo()
    await made(giver, "b")
    await giver.close()
    assert not any(file.exists() for file in left)


async def test_one_that_takes_long_is_told_of_each_time(folder: Path, giver: HistoryGiver) -> None:
    """What lies beside the history is read last: here it is a pipe, into which nobody writes at first."""
    os.mkfifo(folder / HOOKS)
    for _ in range(20):
        assert giver.answer("b", WantsCopy()) == Copy(1, 0)
        await asyncio.sleep(0.01)
    (folder / HOOKS).write_bytes(b"[]")
    assert (await made(giver, "b")).number == 1


async def test_a_node_that_ends_does_not_wait_for_a_copy(
    folder: Path, giver: HistoryGiver, caplog: pytest.LogCaptureFixture
) -> None:
    with contextlib.closing(sqlite3.connect(folder / FILE)) as db, db:
        numbers = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number LIMIT 100000)"
        db.execute(f"CREATE TABLE many AS {numbers} SELECT n FROM number")
    giver.answer("b", WantsCopy())
    copy = giver._copy
    await giver.close()
    assert copy
    assert copy.result() is None
    assert not (folder / "chat.db-given").exists()
    assert not caplog.text


def test_a_node_that_is_asked_by_another_version_says_so_once(
    giver: HistoryGiver, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        assert giver.answer("other", decode(AN_EARLIER_VERSION_ASKS)) == Gone()
    assert caplog.text.count("another version of ChatDesk wants a copy of the history") == 1
