"""Who waits for a page gets it in the end, or a sentence."""

import asyncio

import pytest

from chatdesk.client import asking as module
from chatdesk.client.asking import AskError, Asking
from chatdesk.protocol.commands import History
from chatdesk.protocol.events import Error, System
from chatdesk.protocol.events import History as Page
from tests.waiting import until


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.01)


class Room:
    """Somebody who waits for a page, and what has been asked for it."""

    def __init__(self) -> None:
        self.asked: list[History] = []
        self.asking = Asking(self.asked.append)
        self.answer = asyncio.ensure_future(self.asking.page(History(after=7)))

    async def next(self, count: int) -> str:
        await until(lambda: len(self.asked) == count)
        return self.asked[-1].ref or ""


def page(ref: str) -> Page:
    return Page("lobby", "one", [], False, ref=ref)


async def test_a_page_is_asked_for_once_the_client_is_in_the_room() -> None:
    room = Room()
    await asyncio.sleep(0)
    assert room.asked == []
    room.asking.online()
    ref = await room.next(1)
    assert room.asked[0].after == 7
    assert not room.asking.take(page("other"))
    assert not room.asking.take(Page("lobby", "one", [], False))
    assert not room.asking.take(System("Hello", ""))
    assert room.asking.take(page(ref))
    assert await room.answer == page(ref)
    assert not room.asking.take(page(ref))


@pytest.mark.parametrize("code", ["rate_limited", "storage"])
async def test_what_the_server_does_not_answer_now_is_asked_again(code: str) -> None:
    room = Room()
    room.asking.online()
    assert room.asking.take(Error(code, "Not now.", await room.next(1)))
    ref = await room.next(2)
    room.asking.take(page(ref))
    assert await room.answer == page(ref)
    assert room.asking.slow_down == (code == "rate_limited")


async def test_a_lost_connection_is_waited_for() -> None:
    room = Room()
    room.asking.online()
    lost = await room.next(1)
    room.asking.lost()
    await asyncio.sleep(0.05)
    assert len(room.asked) == 1
    room.asking.online()
    ref = await room.next(2)
    assert not room.asking.take(page(lost))
    room.asking.take(page(ref))
    await room.answer


async def test_a_refusal_for_good_and_the_end_of_the_chat_are_told() -> None:
    room = Room()
    room.asking.online()
    room.asking.take(Error("bad_message", "This cannot be asked.", await room.next(1)))
    with pytest.raises(AskError, match=r"This cannot be asked\."):
        await room.answer
    room = Room()
    room.asking.over("The chat is over.")
    with pytest.raises(AskError, match=r"The chat is over\."):
        await room.answer


async def test_who_waits_no_longer_leaves_nothing_behind() -> None:
    room = Room()
    room.asking.online()
    ref = await room.next(1)
    room.answer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await room.answer
    assert not room.asking.take(page(ref))
