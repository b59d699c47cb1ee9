"""A page that is wanted comes in the end, or fails with a sentence."""

import asyncio

import pytest

from chatdesk.client.history_reader import HistoryReader, RequestError
from chatdesk.client.requests import Request, Requests
from chatdesk.protocol.commands import History
from chatdesk.protocol.events import Error
from chatdesk.protocol.events import History as HistoryPage


class Room:
    """A page that somebody waits for, and the request for it."""

    def __init__(self) -> None:
        self.requests = Requests()
        self.wanted = 0
        self.reader = HistoryReader(self.count)
        self.answer = asyncio.ensure_future(self.reader.fetch(History(after=7)))

    def count(self) -> None:
        self.wanted += 1

    async def sent(self, now: float = 0.0) -> Request | None:
        """Send what is wanted."""
        await asyncio.sleep(0)
        wanted = self.reader.wanted
        command = self.requests.open("lobby", "export", wanted, now) if wanted else None
        return self.requests.find(command.id) if command else None


def page(seq: int = 0) -> HistoryPage:
    return HistoryPage("lobby", "one", [], False, 1, seq)


async def test_a_page_is_requested_once_and_handed_over() -> None:
    room = Room()
    asked = await room.sent()
    assert asked
    assert (room.wanted, await room.sent()) == (1, None)
    room.requests.close(asked.command.id)
    room.reader.receive(page(9), asked)
    assert room.reader.wanted is None, "it is not requested again before anybody has seen it"
    assert await room.answer == page(9)


async def test_it_is_wanted_until_it_comes_whatever_the_server_says_and_the_line_does() -> None:
    room = Room()
    asked = await room.sent()
    assert asked
    error = Error("rate_limited", "Not now.", asked.command.id)
    assert room.requests.delay(error, 0.0)
    room.reader.delayed(error)
    assert room.reader.rate_limited
    assert await room.sent(1.0)
    room.requests.disconnected()
    again = await room.sent(2.0)
    assert again
    room.reader.receive(page(), again)
    await room.answer


async def test_a_refusal_for_good_and_the_end_of_the_chat_are_told() -> None:
    room = Room()
    asked = await room.sent()
    assert asked
    room.reader.receive(Error("bad_message", "This cannot be asked."), asked)
    with pytest.raises(RequestError, match=r"This cannot be asked\."):
        await room.answer
    room = Room()
    await room.sent()
    room.reader.close("The chat is over.")
    with pytest.raises(RequestError, match=r"The chat is over\."):
        await room.answer
    with pytest.raises(RequestError, match=r"The chat is over\."):
        await room.reader.fetch(History(after=7))
    room.reader.open()
    room.answer = asyncio.ensure_future(room.reader.fetch(History(after=8)))
    room.requests.disconnected()
    asked = await room.sent()
    assert asked
    room.reader.receive(page(), asked)
    await room.answer


async def test_a_cancelled_request_leaves_nothing_behind() -> None:
    room = Room()
    asked = await room.sent()
    assert asked
    room.answer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await room.answer
    assert room.reader.wanted is None
    room.reader.receive(page(), asked)
