"""While somebody guesses, those behind the same address come in by their turns, and guesses stay few."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.server import guess_line, guesses
from chatdesk.server.guess_line import PLACES, GuessLine
from chatdesk.server.guesses import TRIES_OF_A_NETWORK, Guesser, Guesses

PAUSE = 0.05


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Guesses:
    """Guesses of a network that has used up its free ones, and pauses shortly."""
    monkeypatch.setattr(guesses, "PAUSE_SECONDS", PAUSE)
    counted = Guesses()
    for number in range(TRIES_OF_A_NETWORK):
        counted.begin(Guesser("net", f"guest {number}"))
    return counted


@pytest.fixture
def pauses(counted: Guesses, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were waited for, in seconds: how long that takes depends on the machine."""
    found: list[float] = []
    pause = counted.pause

    def counting(network: str) -> float:
        found.append(pause(network))
        return found[-1]

    monkeypatch.setattr(counted, "pause", counting)
    return found


@pytest.fixture
async def line(counted: Guesses) -> AsyncIterator[GuessLine]:
    line = GuessLine(counted)
    yield line
    assert not line._lines, "nobody is left in a line"
    line.close()


async def give(line: GuessLine, counted: Guesses, name: str, *, right: bool) -> str:
    """Give a password; return the name when it was looked at."""
    guesser = Guesser("net", name)
    async with line.turn(guesser):
        counted.begin(guesser)
        await asyncio.sleep(0)  # as a hash takes time
        if right:
            counted.forgive(guesser)
    return name


async def test_a_whole_class_comes_in_together_behind_one_wrong_password(
    line: GuessLine, counted: Guesses, pauses: list[float]
) -> None:
    started = time.monotonic()
    counted.begin(Guesser("net", "eve"))
    await asyncio.gather(*(give(line, counted, f"pupil {number}", right=True) for number in range(PLACES)))
    assert time.monotonic() - started >= PAUSE * 0.9
    assert sum(pauses) < 2 * PAUSE, "one by one each would wait for a pause"


async def test_one_is_looked_at_in_a_pause_however_many_guess(line: GuessLine, counted: Guesses) -> None:
    started = time.monotonic()
    await asyncio.gather(*(give(line, counted, f"eve {number}", right=False) for number in range(6)))
    assert time.monotonic() - started >= 5 * PAUSE * 0.9


async def test_who_has_given_no_wrong_one_comes_before_those_who_have(line: GuessLine, counted: Guesses) -> None:
    for number in range(5):
        counted.begin(Guesser("net", f"eve {number}"))
    order: list[str] = []
    names = [*(f"eve {number}" for number in range(5)), "ana"]
    async with line.turn(Guesser("net", "first")):  # until all are in the line
        gave = [asyncio.ensure_future(give(line, counted, name, right=True)) for name in names]
        for task in gave:
            task.add_done_callback(lambda done: order.append(done.result()))
        await asyncio.sleep(0)
        assert len(line) == len(names)
    await asyncio.gather(*gave)
    assert order[0] == "ana"


async def test_the_line_has_an_end_and_a_turn_comes_soon_or_not_at_all(
    line: GuessLine, counted: Guesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guesses, "PAUSE_SECONDS", 60)
    monkeypatch.setattr(guess_line, "PATIENCE_SECONDS", 0.1)
    counted.begin(Guesser("net", "eve"))
    gave = [asyncio.ensure_future(give(line, counted, f"eve {number}", right=False)) for number in range(PLACES)]
    await asyncio.sleep(0)
    assert len(line) == PLACES
    with pytest.raises(ProtocolError) as refused:
        await give(line, counted, "ana", right=True)
    assert refused.value.code is ErrorCode.BAD_PASSWORD
    assert refused.value.retry_after
    before = counted.count(Guesser("net", ""))
    assert {type(result) for result in await asyncio.gather(*gave, return_exceptions=True)} == {ProtocolError}
    assert counted.count(Guesser("net", "")) == before, "none of them was looked at"
    for waiting in line._lines.values():
        assert waiting.timer
        waiting.timer.cancel()
    line._lines.clear()


async def test_who_goes_while_waiting_or_in_their_turn_holds_nobody_up(line: GuessLine, counted: Guesses) -> None:
    counted.begin(Guesser("net", "eve"))
    gone = [asyncio.ensure_future(give(line, counted, f"gone {number}", right=True)) for number in range(3)]
    stays = asyncio.ensure_future(give(line, counted, "ana", right=True))
    await asyncio.sleep(0)
    for task in gone:
        task.cancel()
    assert await stays == "ana"

    async def turn_without_end() -> None:
        async with line.turn(Guesser("net", "gone")):
            await asyncio.sleep(60)

    endless = asyncio.ensure_future(turn_without_end())
    await asyncio.sleep(PAUSE)
    after = asyncio.ensure_future(give(line, counted, "bo", right=True))
    await asyncio.sleep(0)
    endless.cancel()
    assert await after == "bo"
