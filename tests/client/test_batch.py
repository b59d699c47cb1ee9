"""Changes are delivered at once when it is quiet, and merged when it is not."""

import asyncio

from chatdesk.client.batch import Batch
from chatdesk.client.changes import (
    Appended,
    Change,
    Confirmed,
    Jumped,
    NewestChanged,
    NoticeReceived,
    PeopleChanged,
    PeopleReset,
    Prepended,
    SearchChanged,
    TranscriptReset,
    TypingChanged,
)
from chatdesk.protocol.events import Message, User


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


async def test_a_stream_is_delivered_in_few_calls_without_loss() -> None:
    told: list[list[Change]] = []
    batch = Batch(told.append)
    started = asyncio.get_running_loop().time()
    for seq in range(1, 41):
        batch.add([said(seq)])
        await asyncio.sleep(0.005)
    batch.flush()
    took = asyncio.get_running_loop().time() - started
    runs = [change for changes in told for change in changes]
    assert all(isinstance(run, Appended) for run in runs)
    assert [message.seq for run in runs if isinstance(run, Appended) for message in run.messages] == [*range(1, 41)]
    assert len(told) <= took / 0.045 + 2


def joined(*changes: Change) -> list[Change]:
    told: list[list[Change]] = []
    batch = Batch(told.append)
    batch.add(list(changes))
    batch.flush()
    (only,) = told
    return only


def came(*nicknames: str) -> PeopleChanged:
    return PeopleChanged(tuple(User(nickname, "online", "") for nickname in nicknames))


def went(*nicknames: str) -> PeopleChanged:
    return PeopleChanged((), came(*nicknames).joined)


async def test_a_change_without_content_is_delivered_once() -> None:
    told = joined(
        NewestChanged(),
        TypingChanged(),
        NewestChanged(),
        SearchChanged(),
        NoticeReceived("a"),
        TypingChanged(),
        NoticeReceived("b"),
        NewestChanged(),
    )
    assert told == [SearchChanged(), TypingChanged(), NoticeReceived("b"), NewestChanged()]


async def test_runs_of_messages_are_joined_as_long_as_a_reader_goes_nowhere() -> None:
    both = Appended((*said(1).messages, *said(2).messages))
    assert joined(said(1), TypingChanged(), said(2), Jumped(1), said(3)) == [both, TypingChanged(), Jumped(1), said(3)]


async def test_changes_to_messages_before_a_reset_are_left_out() -> None:
    told = joined(said(1), TranscriptReset(), said(2), Prepended(()), Confirmed("a"), TranscriptReset(), said(3))
    assert told == [Confirmed("a"), TranscriptReset(), said(3)]


async def test_joins_and_leaves_are_merged_to_their_outcome() -> None:
    told = joined(came("Kit", "Ana"), went("Kit"), TypingChanged(), went("Bo"), came("Bo"), came("Zoe"), went("Mara"))
    assert told == [PeopleChanged(came("Ana", "Bo", "Zoe").joined, went("Bo", "Mara").left), TypingChanged()]
    assert joined(PeopleChanged(came("Kit").joined, went("Kit").left)) == [PeopleChanged()]


async def test_nothing_is_delivered_when_nothing_has_changed() -> None:
    told: list[list[Change]] = []
    batch = Batch(told.append)
    batch.add([])
    batch.flush()
    await asyncio.sleep(0.01)
    assert told == []


async def test_dropped_changes_are_not_delivered() -> None:
    told: list[list[Change]] = []
    batch = Batch(told.append)
    batch.add([TypingChanged()])
    batch.drop()
    await asyncio.sleep(0.1)
    batch.flush()
    assert told == []
