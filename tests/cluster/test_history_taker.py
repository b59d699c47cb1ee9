"""A copy of another node's history: who gives it, and what becomes of one that is not whole, or no history at all."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from chatdesk.cluster import history_taker
from chatdesk.cluster.history_taker import HistoryTaker, NoHistoryError
from chatdesk.cluster.history_talk import Copy, Gone, Offer, Part, Refused, Told, WantsCopy, WantsPart, decode, encode
from chatdesk.cluster.linked_channel import GIVES_HISTORY, Message, new_node, read_message
from chatdesk.cluster.redis_link import WAITS_FOR_HISTORY, RedisLink
from chatdesk.log.database import FILE
from chatdesk.log.storage_errors import StoreError
from tests.cluster.redis_server import RedisServer
from tests.cluster.stores import contents
from tests.waiting import until

_WHOLE = b"all that was said"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is: those that are asked here answer."""
    for seconds in ("_OFFER_SECONDS", "_ASK_AGAIN_SECONDS", "_SIGN_SECONDS"):
        monkeypatch.setattr(history_taker, seconds, 30.0)


def gives(asked: Told) -> Told:
    """What a node answers that has a copy, five bytes at a time."""
    match asked:
        case Offer():
            return Offer()
        case WantsCopy():
            return Copy(7, len(_WHOLE))
        case WantsPart(7, start):
            return Part(7, start, _WHOLE[start : start + 5])
    return Gone()


@contextlib.asynccontextmanager
async def giving(
    redis: RedisServer, chat: str, answer: Callable[[str, Told], Told | bytes | list[Told] | None]
) -> AsyncIterator[None]:
    """Another program that answers in place of a node."""
    async with RedisLink(redis.url, chat) as link:
        node = new_node()
        await link.listen(node)

        async def give() -> None:
            while True:
                asked = read_message(await link.hear())
                answers = answer(asked.node, decode(asked.told))
                for each in answers if isinstance(answers, list) else [] if answers is None else [answers]:
                    told = each if isinstance(each, bytes) else encode(each)
                    await link.tell(Message(GIVES_HISTORY, node, told).encode(), asked.node)

        task = asyncio.create_task(give())
        yield
        task.cancel()


async def taken(redis: RedisServer, chat: str, folder: Path) -> bytes:
    """What is taken, in the end."""
    async with RedisLink(redis.url, chat) as link:
        await asyncio.wait_for(HistoryTaker(link, folder, folder / "copy").take(), 20)
    return (folder / "copy").read_bytes()


@pytest.mark.parametrize("last", ["offer", "copy", "part"])
async def test_where_one_gives_no_more_another_does(
    redis: RedisServer, chat_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    """However far it got. What is late, or not what was asked for, is passed over."""
    for seconds in ("_ASK_AGAIN_SECONDS", "_SIGN_SECONDS", "_PART_SECONDS"):
        monkeypatch.setattr(history_taker, seconds, 0.3)
    steps = {"offer": Offer, "copy": WantsCopy, "part": WantsPart}
    dead, offers = list[Told](), list[Told]()

    def dies(_node: str, asked: Told) -> Told | None:
        if dead:
            return None
        if isinstance(asked, steps[last]):
            dead.append(asked)
        return gives(asked)

    def gives_after(_node: str, asked: Told) -> list[Told]:
        if isinstance(asked, Offer):
            offers.append(asked)
        if not dead or len(offers) < 2:  # the first one is for the other
            return []
        late: list[Told] = [Part(6, 0, b"another"), Part(7, 99, b"another"), Part(7, 0, b"")]
        return [*late, gives(asked)] if isinstance(asked, WantsPart) else [gives(asked)]

    async with giving(redis, chat_name, dies), giving(redis, chat_name, gives_after):
        assert await taken(redis, chat_name, tmp_path) == _WHOLE


async def test_one_that_does_not_answer_yet_is_asked_again(
    redis: RedisServer, chat_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was about to link, or it has restarted its copy."""
    monkeypatch.setattr(history_taker, "_ASK_AGAIN_SECONDS", 0.01)
    first: dict[type[Told], list[Told | None]] = {
        Offer: [None],
        WantsCopy: [Copy(6, 0), Copy(6, 5), Copy(7, 0)],
        WantsPart: [Gone()],
    }

    def answer(_node: str, asked: Told) -> Told | None:
        return first[type(asked)].pop(0) if first[type(asked)] else gives(asked)

    async with giving(redis, chat_name, answer):
        assert await taken(redis, chat_name, tmp_path) == _WHOLE


async def test_the_log_says_how_much_is_taken(
    redis: RedisServer,
    chat_name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A large history takes minutes, in which nobody can join."""
    monkeypatch.setattr(history_taker, "_TELL_SECONDS", 0.0)
    async with giving(redis, chat_name, lambda _node, asked: gives(asked)):
        await taken(redis, chat_name, tmp_path)
    assert [line.split("%")[0] for line in caplog.messages if "are taken" in line] == ["29 ", "58 ", "88 ", "100 "]


async def test_one_that_cannot_give_a_copy_hides_none_that_can(
    redis: RedisServer, chat_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_in_vain = list[Told]()

    def refuses(_node: str, asked: Told) -> Told:
        asked_in_vain.append(asked)
        return Offer() if asked == Offer() else Refused()

    def is_slower(_node: str, asked: Told) -> Told | None:
        return gives(asked) if WantsCopy() in asked_in_vain else None

    async with giving(redis, chat_name, refuses):
        async with giving(redis, chat_name, is_slower):
            assert await taken(redis, chat_name, tmp_path) == _WHOLE
        assert asked_in_vain.count(WantsCopy()) == 1
        monkeypatch.setattr(history_taker, "_OFFER_SECONDS", 1.0)
        monkeypatch.setattr(history_taker, "_ASK_AGAIN_SECONDS", 0.5)
        with pytest.raises(NoHistoryError, match="says why"):
            await taken(redis, chat_name, tmp_path)


async def test_where_only_another_version_answers_it_is_said_what_to_do_and_one_of_the_own_is_found(
    redis: RedisServer, chat_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An earlier version offers its history by an empty answer, and takes this one's questions for its own."""
    monkeypatch.setattr(history_taker, "_OFFER_SECONDS", 1.0)
    monkeypatch.setattr(history_taker, "_ASK_AGAIN_SECONDS", 0.3)
    async with giving(redis, chat_name, lambda _node, _asked: b""):
        with pytest.raises(NoHistoryError, match=r"have another version of ChatDesk.*update them first"):
            await taken(redis, chat_name, tmp_path)
        async with giving(redis, chat_name, lambda _node, asked: gives(asked)):
            assert await taken(redis, chat_name, tmp_path) == _WHOLE


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

    def larger_than_any_disk(_node: str, asked: Told) -> Told:
        return Copy(1, 1 << 60) if asked == WantsCopy() else gives(asked)

    async with giving(redis, chat_name, larger_than_any_disk):
        with pytest.raises(StoreError, match="no space left"):
            async with opened("b", rejoin=True):
                pass
    files = {file.name for file in (tmp_path / "b").iterdir()}
    assert FILE in files
    assert not [name for name in files if "sav" in name or name.startswith("chat-")], files
    async with giving(redis, chat_name, lambda _node, asked: gives(asked)), opened("b", rejoin=True) as b:
        await until(lambda: b.store.problem == WAITS_FOR_HISTORY)
    assert "has arrived damaged" in caplog.text
    assert contents(tmp_path / "b") == before


async def test_a_link_tells_several_things_at_once(redis: RedisServer, chat_name: str) -> None:
    """News of people while a part of a history is told: that ended the link."""
    async with RedisLink(redis.url, chat_name) as link:
        await link.listen(new_node())
        told = {f"{number}".encode() * 100_000 for number in range(4)}
        await asyncio.gather(*map(link.tell, told))
        assert {await link.hear() for _ in told} == told
