"""Changes are told at once when it is quiet, and together when it is not."""

import asyncio

from chatdesk.client.batch import Batch
from chatdesk.client.changes import Appended, Change, Grew, PeopleReset, TypingChanged
from chatdesk.protocol.events import Message


def said(seq: int) -> Appended:
    return Appended((Message("Kit", "hello", "2024-01-01T12:00:00.000Z", "lobby", seq),))


async def test_the_first_change_is_told_in_the_same_turn() -> None:
    told: list[list[Change]] = []
    batch = Batch(told.append)
    batch.add([TypingChanged()])
    batch.add([PeopleReset()])
    assert told == []
    await asyncio.sleep(0)
    assert told == [[TypingChanged(), PeopleReset()]]


async def test_a_stream_is_told_in_few_calls_and_nothing_of_it_is_lost() -> None:
    told: list[list[Change]] = []
    batch = Batch(told.append)
    begun = asyncio.get_running_loop().time()
    for seq in range(1, 41):
        batch.add([said(seq)])
        await asyncio.sleep(0.005)
    batch.flush()
    took = asyncio.get_running_loop().time() - begun
    runs = [change for changes in told for change in changes]
    assert all(isinstance(run, Appended) for run in runs)
    assert [message.seq for run in runs if isinstance(run, Appended) for message in run.messages] == [*range(1, 41)]
    assert len(told) <= took / 0.045 + 2


async def test_that_a_room_grew_is_told_once() -> None:
    told: list[list[Change]] = []
    batch = Batch(told.append)
    batch.add([Grew(), Grew(), said(1), Grew(), TypingChanged(), Grew()])
    batch.flush()
    assert told == [[Grew(), said(1), Grew(), TypingChanged(), Grew()]]


async def test_runs_of_messages_are_joined_but_never_across_another_change() -> None:
    told: list[list[Change]] = []
    batch = Batch(told.append)
    batch.add([said(1), said(2), TypingChanged(), said(3)])
    batch.flush()
    assert told == [[Appended((*said(1).messages, *said(2).messages)), TypingChanged(), said(3)]]


async def test_nothing_is_told_when_nothing_has_changed() -> None:
    told: list[list[Change]] = []
    batch = Batch(told.append)
    batch.add([])
    batch.flush()
    await asyncio.sleep(0.01)
    assert told == []
