"""One flush for all items that are due, one write per member, and turns for others in between."""

import asyncio
import itertools
import time

import pytest

from chatdesk.log.memory import MemoryLog
from chatdesk.server.fanout import _UNHURRIED_SECONDS, Batch, Fanout, Item, Pace, PresenceFrames
from chatdesk.server.membership import Membership
from chatdesk.server.person import Person
from chatdesk.server.room import Room
from chatdesk.server.session import Session
from chatdesk.server.stats import Traffic
from chatdesk.server.stream_position import StreamPosition
from tests.server.recording_connection import RecordingConnection
from tests.server.room_harness import ONE_SLICE
from tests.waiting import until

SILENCE = PresenceFrames()
TIMER_SECONDS = 0.002
"""By so much a timer of a loop may be early."""


class Setup:
    """A fan-out to so many members."""

    def __init__(self, members: int, pace: Pace = ONE_SLICE, presence: PresenceFrames = SILENCE) -> None:
        self.connections = [RecordingConnection() for _ in range(members)]
        self.seq = 0
        self.traffic = Traffic()
        room = Room("lobby", MemoryLog(str), pace, self.traffic)
        self.members = [
            Membership(
                room, Person("Kit", "kit", "id", "author", "terminal", host=False), Session(connection), batched=False
            )
            for connection in self.connections
        ]
        self.rests: list[float] = []
        position = StreamPosition("a", 0)
        self.fanout = Fanout(self.members, position, lambda: presence, pace, self.traffic, self.rests.append)

    def say(self, data: bytes = b"m") -> None:
        self.seq += 1
        self.fanout.push(Item(data, data, StreamPosition("a", self.seq)))

    def written(self) -> list[list[bytes]]:
        return [connection.written for connection in self.connections]


async def test_what_falls_due_in_one_turn_is_one_write_for_each() -> None:
    setup = Setup(3)
    setup.say(b"a")
    setup.fanout.push(Item(b"b", b""))
    setup.say(b"c")
    assert setup.written() == [[], [], []]
    await asyncio.sleep(0)
    assert setup.written() == [[b"abc"]] * 3
    assert setup.traffic.deliveries == 6


async def test_the_same_bytes_serve_everybody() -> None:
    setup = Setup(3)
    setup.say(b"a" * 100)
    await asyncio.sleep(0)
    first, second, third = (connection.written[0] for connection in setup.connections)
    assert first is second is third


async def test_batching_members_hear_arrivals_first_and_departures_last() -> None:
    setup = Setup(2, presence=PresenceFrames(b"<", b">"))
    setup.members[1].batched = True
    setup.fanout.push(Item(b"j", b""))
    setup.say(b"m")
    await asyncio.sleep(0)
    assert setup.written() == [[b"jm"], [b"<m>"]]


async def test_members_that_draw_markup_get_bodies_whether_or_not_they_batch() -> None:
    setup = Setup(4, presence=PresenceFrames(b"<", b">", b"."))
    setup.members[2].batched = setup.members[3].batched = True
    setup.members[1].markup = setup.members[3].markup = True
    setup.say(b"a")
    setup.fanout.push(Item(b"b", b"b", StreamPosition("a", 2), marked=b"B"))
    await asyncio.sleep(0)
    assert setup.written() == [[b"ab."], [b"aB."], [b"<ab>"], [b"<aB>"]]
    setup.members[1].first_item = setup.fanout.next_index - 1
    setup.fanout.push(Item(b"c", b"c", only_for=setup.members[3], marked=b"C"))
    setup.say(b"d")
    await asyncio.sleep(0)
    assert [written[1:] for written in setup.written()] == [[b"d."], [b"d."], [b"<d>"], [b"<Cd>"]]


async def test_what_need_not_be_told_at_once_goes_with_a_message_or_soon() -> None:
    setup = Setup(2)
    for data in (b"1", b"2"):
        setup.fanout.push_unhurried(Item(data, data))
    await asyncio.sleep(0)
    assert setup.written() == [[], []]
    setup.say(b"m")
    await asyncio.sleep(0)
    assert setup.written() == [[b"12m"]] * 2, "in its order"
    setup.fanout.push_unhurried(Item(b"3", b"3"))
    await until(lambda: setup.written() == [[b"12m", b"3"]] * 2)
    setup.fanout.push_unhurried(Item(b"4", b"4"))
    setup.fanout.cancel()
    await asyncio.sleep(_UNHURRIED_SECONDS + 0.02)
    assert setup.written() == [[b"12m", b"3"]] * 2


async def test_a_new_member_gets_no_earlier_items_and_a_person_not_their_own_typing() -> None:
    setup = Setup(3)
    setup.fanout.push(Item(b"t", b"t", hidden_from=setup.members[1].person))
    setup.members[2].first_item = setup.fanout.next_index
    setup.say(b"m")
    await asyncio.sleep(0)
    assert setup.written() == [[b"tm"], [b"m"], [b"m"]]


async def test_what_is_for_one_session_alone_goes_to_no_other_in_its_place_in_the_order() -> None:
    setup = Setup(3, presence=PresenceFrames(b"<", b">"))
    setup.members[0].person = setup.members[1].person
    setup.members[1].batched = setup.members[2].batched = True
    setup.say(b"a")
    setup.fanout.push(Item(b"o", b"o", only_for=setup.members[1]))
    setup.say(b"b")
    assert setup.fanout.delivered == StreamPosition("a", 0)
    await asyncio.sleep(0)
    assert setup.written() == [[b"ab"], [b"<aob>"], [b"<ab>"]]
    assert setup.fanout.delivered == StreamPosition("a", 2)
    assert setup.traffic.deliveries == 6


async def test_a_slow_reader_is_skipped_and_the_place_is_kept() -> None:
    setup = Setup(2)
    setup.say()
    await asyncio.sleep(0)
    setup.connections[0].writable = False
    for _ in range(2):
        setup.say()
        await asyncio.sleep(0)
    assert setup.members[0].catch_up_from == StreamPosition("a", 1)
    setup.connections[0].writable = True
    setup.say()
    await asyncio.sleep(0)
    assert setup.written() == [[b"m"], [b"m"] * 4], "until it is brought up to date from the log it stays out"


async def test_a_slow_reader_that_has_read_the_log_beyond_the_batch_gets_nothing_twice() -> None:
    setup = Setup(1)
    setup.connections[0].writable = False
    setup.members[0].log_position = StreamPosition("a", 7)
    setup.say()
    await asyncio.sleep(0)
    assert setup.members[0].catch_up_from == StreamPosition("a", 7)


async def test_a_long_fan_out_gives_others_their_turn() -> None:
    setup = Setup(50, Pace(work=0.0, rest=0.0, share=0.5, share_singly=0.5))
    setup.say()
    turns = 0
    while not setup.connections[-1].written:
        await asyncio.sleep(0)
        turns += 1
    assert turns >= 50
    assert setup.written() == [[b"m"]] * 50


async def test_what_comes_during_a_long_fan_out_waits_for_its_end_and_keeps_the_order() -> None:
    setup = Setup(10, Pace(work=0.0, rest=0.001, share=0.5, share_singly=0.5))
    for _ in range(5):
        setup.say(b"%d" % setup.seq)
        await asyncio.sleep(0.002)
    await until(lambda: all(b"".join(connection.written) == b"01234" for connection in setup.connections))


class SlowConnection(RecordingConnection):
    """A connection to which a write takes a while, as all writes of a large room together do."""

    seconds = 0.01

    def write(self, data: bytes) -> None:
        self.written_at.append(time.monotonic())
        super().write(data)
        time.sleep(self.seconds)

    def __init__(self) -> None:
        super().__init__()
        self.written_at: list[float] = []


def slow_setup(pace: Pace) -> tuple[Setup, SlowConnection]:
    setup, slow = Setup(1, pace), SlowConnection()
    setup.members[0].connection = slow
    return setup, slow


async def flush_again(setup: Setup, slow: SlowConnection) -> float:
    """The seconds to the second flush while there is always something to send.

    They are counted from before the first one: a busy machine may stop between its beginning and its write.
    """
    started = time.monotonic()
    setup.say()
    await until(lambda: slow.written_at)
    setup.say()
    await until(lambda: len(slow.written_at) == 2)
    return slow.written_at[1] - started


async def test_the_next_flush_waits_until_the_last_one_took_no_more_than_its_share() -> None:
    setup, slow = slow_setup(Pace(work=60.0, rest=0.0, share=0.5, share_singly=0.5))
    assert await flush_again(setup, slow) >= 2 * slow.seconds - TIMER_SECONDS


async def test_a_share_is_kept_for_slices_together() -> None:
    setup, slow = slow_setup(Pace(work=0.0, rest=0.0, share=0.8, share_singly=0.8))
    setup.members.append(setup.members[0])
    started = time.monotonic()
    setup.say()
    await until(lambda: len(slow.written_at) == 2)
    setup.say()
    await until(lambda: len(slow.written_at) == 4)
    assert slow.written_at[2] - started >= 2 * slow.seconds / 0.8 - TIMER_SECONDS


async def test_no_flush_waits_longer_than_anybody_notices() -> None:
    """By its share it would wait for ten seconds, which is more than this waits for."""
    setup, slow = slow_setup(Pace(work=60.0, rest=0.0, share=0.001, share_singly=0.001))
    assert await flush_again(setup, slow) >= 0.04 - TIMER_SECONDS


async def test_in_a_flood_of_messages_flushes_are_as_rare_as_nobody_notices() -> None:
    setup, slow = slow_setup(Pace(work=60.0, rest=0.0, share=0.9, share_singly=0.9))
    started = []
    for flush in range(1, 4):
        started.append(time.monotonic())
        for _ in range(200):
            setup.say()
        await until(lambda: len(slow.written_at) == flush)  # noqa: B023
    assert slow.written_at[2] - started[1] >= 0.04 - TIMER_SECONDS


async def test_what_comes_while_a_flush_waits_goes_out_together() -> None:
    setup, slow = slow_setup(Pace(work=60.0, rest=0.0, share=0.3, share_singly=0.3))
    setup.say()
    await until(lambda: slow.written_at)
    for _ in range(5):
        setup.say()
        await asyncio.sleep(0)
    await until(lambda: len(b"".join(slow.written)) == 6)
    assert len(slow.written) <= 3


@pytest.fixture
def short_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is, each flush to one member takes 10 ms by the clock that measures its work."""
    monkeypatch.setattr(time, "perf_counter", itertools.count(0.0, 0.005).__next__)


async def test_who_speaks_alone_waits_for_a_smaller_share(short_work: None) -> None:
    """No write is saved by waiting where nothing else comes meanwhile."""
    setup, slow = slow_setup(Pace(work=60.0, rest=0.0, share=0.001, share_singly=1.0))
    setup.say()
    await until(lambda: len(slow.written_at) == 1)
    assert setup.rests == []
    started = time.monotonic()
    setup.say()
    setup.say()
    await until(lambda: len(slow.written_at) == 2)
    [moment] = setup.rests
    assert moment >= started + 0.04
    setup.say()
    await until(lambda: len(slow.written_at) == 3)
    assert slow.written_at[2] >= moment - TIMER_SECONDS


async def test_the_log_is_told_until_when_nobody_waits_for_a_commit() -> None:
    setup, slow = slow_setup(Pace(work=60.0, rest=0.0, share=0.3, share_singly=0.3))
    started = time.monotonic()
    setup.say()
    await until(lambda: slow.written_at)
    (moment,) = setup.rests
    assert started + slow.seconds / 0.3 <= moment <= slow.written_at[0] + 0.04


async def test_for_a_short_rest_the_log_does_not_wait(short_work: None) -> None:
    setup, slow = slow_setup(Pace(work=60.0, rest=0.0, share=1.0, share_singly=1.0))
    setup.say()
    await until(lambda: slow.written_at)
    assert setup.rests == []


async def test_a_small_room_never_rests() -> None:
    setup = Setup(3, Pace(work=60.0, rest=0.0, share=0.5, share_singly=0.5))
    for _ in range(3):
        setup.say()
        await asyncio.sleep(0)
    assert [len(written) for written in setup.written()] == [3, 3, 3]
    assert setup.rests == []


async def test_after_a_cancel_nothing_goes_out() -> None:
    setup = Setup(2)
    setup.say()
    setup.fanout.cancel()
    await asyncio.sleep(0.01)
    assert setup.written() == [[], []]
    Setup(1).fanout.cancel()


async def test_a_member_that_goes_during_a_fan_out_does_not_disturb_it() -> None:
    setup = Setup(4, Pace(work=0.0, rest=0.0, share=0.5, share_singly=0.5))
    setup.say()
    await asyncio.sleep(0)
    setup.members.pop(2)
    await until(lambda: setup.connections[3].written)


async def test_a_membership_that_ends_during_a_fan_out_gets_nothing_more() -> None:
    setup = Setup(4, Pace(work=0.0, rest=0.0, share=0.5, share_singly=0.5))
    setup.say()
    await asyncio.sleep(0)
    assert [len(written) for written in setup.written()] == [1, 0, 0, 0]
    setup.members[2].end()
    await until(lambda: setup.connections[3].written)
    assert setup.written() == [[b"m"], [b"m"], [], [b"m"]]


def test_a_batch_knows_how_far_the_log_is_at_its_end() -> None:
    before = StreamPosition("a", 4)
    said = Batch(
        [Item(b"", b"", StreamPosition("a", 5)), Item(b"", b"", StreamPosition("a", 6)), Item(b"", b"")],
        0,
        before,
        PresenceFrames(),
    )
    assert (said.end, said.messages) == (StreamPosition("a", 6), 2)
    assert Batch([Item(b"", b"")], 0, before, PresenceFrames()).end == before
    cleared = Batch(
        [Item(b"", b"", StreamPosition("a", 5)), Item(b"", b"", StreamPosition("b", 0))], 0, before, PresenceFrames()
    )
    assert (cleared.end, cleared.messages) == (StreamPosition("b", 0), 1)
