"""A copy of another node's history: who gives it, and what becomes of one that is not whole, or no history at all."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatdesk.cluster import history_giver, history_taker
from chatdesk.cluster.history_giver import BUSY, OFFER, HistoryGiver, ask_for, read_part
from chatdesk.cluster.history_taker import HistoryTaker
from chatdesk.cluster.linked_channel import GIVES_HISTORY, Message, new_node, read_message
from chatdesk.cluster.redis_link import PROBLEMS, RedisLink
from chatdesk.log.database import FILE
from chatdesk.log.storage_errors import StoreError
from tests.cluster.redis_server import RedisServer
from tests.cluster.stores import contents
from tests.waiting import until

_WHOLE = b"all that was said"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is: those that are asked here answer."""
    for seconds in ("_OFFER_SECONDS", "_ASK_AGAIN_SECONDS"):
        monkeypatch.setattr(history_taker, seconds, 30.0)


def given(start: int, size: int, content: bytes) -> bytes:
    """A part of a copy, as it is told."""
    return history_giver._GIVEN.pack(start, size) + content


@contextlib.asynccontextmanager
async def giving(redis: RedisServer, chat: str, answers: Callable[[bytes], Iterator[bytes]]) -> AsyncIterator[None]:
    """Another program that answers in place of a node."""
    async with RedisLink(redis.url, chat) as link:
        node = new_node()
        await link.listen(node)

        async def answer() -> None:
            while True:
                asked = read_message(await link.hear())
                for told in answers(asked.told):
                    await link.tell(Message(GIVES_HISTORY, node, told).encode(), asked.node)

        answering = asyncio.create_task(answer())
        yield
        answering.cancel()


async def test_where_one_gives_no_more_another_does(
    redis: RedisServer, chat_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is late, or not what was asked for, is passed over."""
    monkeypatch.setattr(history_taker, "_PART_SECONDS", 0.05)
    monkeypatch.setattr(history_taker, "_BUSY_SECONDS", 0.01)
    told = list[str]()

    def dies(asked: bytes) -> Iterator[bytes]:
        if asked == OFFER and not told:
            told.append("offer")
            yield OFFER
        elif asked == ask_for(0):
            told.append("part")
            yield given(0, len(_WHOLE), b"another")

    def gives(asked: bytes) -> Iterator[bytes]:
        if told != ["offer", "part"]:
            return
        if asked == OFFER:
            monkeypatch.setattr(history_taker, "_PART_SECONDS", 20.0)
            yield OFFER
        else:
            start = int.from_bytes(asked)
            yield given(start + 1, len(_WHOLE), b"late")
            yield given(start, len(_WHOLE), _WHOLE[start : start + 5])

    async with giving(redis, chat_name, dies), giving(redis, chat_name, gives), RedisLink(redis.url, chat_name) as link:
        copy = tmp_path / "copy"
        await asyncio.wait_for(HistoryTaker(link, tmp_path, copy).take(), 20)
    assert copy.read_bytes() == _WHOLE


@pytest.mark.parametrize("was_first", [True, False])
async def test_one_that_gives_to_another_node_is_waited_for(
    redis: RedisServer, chat_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, was_first: bool
) -> None:
    monkeypatch.setattr(history_taker, "_BUSY_SECONDS", 0.01)
    answers = [BUSY, OFFER, given(0, len(_WHOLE), _WHOLE)] if was_first else [OFFER, BUSY, BUSY, OFFER]
    left = [*answers, given(0, len(_WHOLE), _WHOLE)]

    async with (
        giving(redis, chat_name, lambda _asked: iter([left.pop(0)])),
        RedisLink(redis.url, chat_name) as link,
    ):
        await asyncio.wait_for(HistoryTaker(link, tmp_path, tmp_path / "copy").take(), 20)
    assert (tmp_path / "copy").read_bytes() == _WHOLE


async def test_one_that_was_not_linked_when_it_was_asked_is_asked_again(
    redis: RedisServer, chat_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_taker, "_ASK_AGAIN_SECONDS", 0.01)
    asked_before = list[bytes]()

    def gives(asked: bytes) -> Iterator[bytes]:
        if asked != OFFER:
            yield given(0, len(_WHOLE), _WHOLE)
        elif asked_before:
            yield OFFER
        asked_before.append(asked)

    async with giving(redis, chat_name, gives), RedisLink(redis.url, chat_name) as link:
        await asyncio.wait_for(HistoryTaker(link, tmp_path, tmp_path / "copy").take(), 20)
    assert (tmp_path / "copy").read_bytes() == _WHOLE


async def test_a_copy_that_does_not_fit_the_disk_or_is_no_history_changes_nothing(
    opened: Callable[..., Any],
    chat_name: str,
    redis: RedisServer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with opened("a") as a, opened("b") as b:
        a.say("kept")
        await b.heard(1)
    async with opened("a") as a:
        for content in ("two", "three"):
            a.say(content)
        await a.heard(2)
    redis.command("XTRIM", f"{{chatdesk:{chat_name}}}:stream", "MAXLEN", "1")
    before = contents(tmp_path / "b")

    def larger_than_any_disk(asked: bytes) -> Iterator[bytes]:
        beginning = b"SQLite" if asked == ask_for(0) else b""
        yield given(int.from_bytes(asked), 1 << 60, beginning) if asked else OFFER

    def no_history(asked: bytes) -> Iterator[bytes]:
        yield given(0, 8192, 8192 * b"x") if asked else OFFER

    async with giving(redis, chat_name, larger_than_any_disk):
        with pytest.raises(StoreError, match="no space left"):
            async with opened("b", rejoin=True):
                pass
    files = {file.name for file in (tmp_path / "b").iterdir()}
    assert FILE in files
    assert not [name for name in files if "sav" in name or name.startswith("chat-")], files
    async with giving(redis, chat_name, no_history), opened("b", rejoin=True) as b:
        await until(lambda: b.store.problem == PROBLEMS.apart)
    assert "has arrived damaged" in caplog.text
    assert contents(tmp_path / "b") == before


async def test_a_node_gives_no_copy_that_leaves_nothing_of_its_disk_and_keeps_none_after_a_crash(
    opened: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a"
    async with opened("a") as a:
        a.say("one")
        await a.heard(1)
    left = [folder / "chat.db-given", folder / "chat.db-given-journal"]
    for file in left:
        file.touch()
    giver = HistoryGiver(folder)
    assert not any(file.exists() for file in left)
    part = read_part(await giver.answer("b", ask_for(0)))
    assert part
    assert part.content.startswith(b"SQLite")
    assert len(part.content) == part.size
    monkeypatch.setattr(history_giver, "_PART_BYTES", 512)
    first, meanwhile = await asyncio.gather(*(giver.answer("b", ask_for(0)) for _ in range(2)))
    assert meanwhile == BUSY
    copy = giver._copy
    assert await giver.answer("b", ask_for(0)) == first
    assert giver._copy is copy, "its parts would be of two copies"
    assert await giver.answer("c", OFFER) == BUSY
    for start in (part.size + 1, 2**64 - 1):
        assert await giver.answer("b", ask_for(0)) == first
        assert await giver.answer("b", ask_for(start)) == given(start, 0, b"")
    assert await giver.answer("b", ask_for(512)) == given(512, 0, b"")
    monkeypatch.setattr(history_giver, "_LEFT_BYTES", 1 << 60)
    assert await giver.answer("c", ask_for(0)) == given(0, 0, b"")
    assert not any(file.exists() for file in left)
    giver.close()


async def test_a_link_tells_several_things_at_once(redis: RedisServer, chat_name: str) -> None:
    """News of people while a part of a history is told: that ended the link."""
    async with RedisLink(redis.url, chat_name) as link:
        await link.listen(new_node())
        told = {f"{number}".encode() * 100_000 for number in range(4)}
        await asyncio.gather(*map(link.tell, told))
        assert {await link.hear() for _ in told} == told
