"""A history request gets its page in the end, or fails with a sentence."""

import asyncio

import pytest

from chatdesk.client import history_requests as module
from chatdesk.client.history_requests import HistoryRequests, RequestError
from chatdesk.protocol.commands import History
from chatdesk.protocol.events import Error, System
from chatdesk.protocol.events import History as HistoryPage
from tests.waiting import until


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.01)


class Room:
    """A pending request, and what has been sent for it."""

    def __init__(self) -> None:
        self.sent: list[History] = []
        self.requests = HistoryRequests(self.sent.append)
        self.answer = asyncio.ensure_future(self.requests.fetch(History(after=7)))

    async def next(self, count: int) -> str:
        await until(lambda: len(self.sent) == count)
        return self.sent[-1].id or ""


def page(ref: str) -> HistoryPage:
    return HistoryPage("lobby", "one", [], False, ref=ref)


async def test_a_page_is_requested_once_the_client_is_in_the_room() -> None:
    room = Room()
    await asyncio.sleep(0)
    assert room.sent == []
    room.requests.connected()
    ref = await room.next(1)
    assert room.sent[0].after == 7
    assert not room.requests.resolve(page("other"))
    assert not room.requests.resolve(HistoryPage("lobby", "one", [], False))
    assert not room.requests.resolve(System("Hello", ""))
    assert room.requests.resolve(page(ref))
    assert await room.answer == page(ref)
    assert not room.requests.resolve(page(ref))


@pytest.mark.parametrize("code", ["rate_limited", "storage"])
async def test_what_the_server_does_not_answer_now_is_asked_again(code: str) -> None:
    room = Room()
    room.requests.connected()
    assert room.requests.resolve(Error(code, "Not now.", await room.next(1)))
    ref = await room.next(2)
    room.requests.resolve(page(ref))
    assert await room.answer == page(ref)
    assert room.requests.rate_limited == (code == "rate_limited")


async def test_a_request_waits_for_the_next_connection() -> None:
    room = Room()
    room.requests.connected()
    lost = await room.next(1)
    room.requests.disconnected()
    await asyncio.sleep(0.05)
    assert len(room.sent) == 1
    room.requests.connected()
    ref = await room.next(2)
    assert not room.requests.resolve(page(lost))
    room.requests.resolve(page(ref))
    await room.answer


async def test_a_refusal_for_good_and_the_end_of_the_chat_are_told() -> None:
    room = Room()
    room.requests.connected()
    room.requests.resolve(Error("bad_message", "This cannot be asked.", await room.next(1)))
    with pytest.raises(RequestError, match=r"This cannot be asked\."):
        await room.answer
    room = Room()
    room.requests.close("The chat is over.")
    with pytest.raises(RequestError, match=r"The chat is over\."):
        await room.answer


async def test_a_cancelled_request_leaves_nothing_behind() -> None:
    room = Room()
    room.requests.connected()
    ref = await room.next(1)
    room.answer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await room.answer
    assert not room.requests.resolve(page(ref))
