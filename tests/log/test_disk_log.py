"""One room on the disk: records are announced in order once they are stored; the newest are in memory."""

import asyncio
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdesk.log import reader
from chatdesk.log.acts import Edit
from chatdesk.log.disk_store import open_store
from chatdesk.log.pages import record_size
from chatdesk.log.reader import Reader, ReadFunction
from chatdesk.log.retention import Retention
from chatdesk.log.room_log import HistoryPage, LogError, Record
from chatdesk.log.schema import entry_place
from chatdesk.protocol.limits import HISTORY_BYTES
from tests.log.harness import (
    RoomHarness,
    answer,
    answered_at_once,
    begun,
    contents,
    draft,
    lobby,
    outside_connection,
    seqs,
)
from tests.log.test_reader import held
from tests.waiting import until


async def test_a_message_is_on_the_disk_before_anybody_hears_of_it(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        with outside_connection(tmp_path) as db:
            missing: list[int] = []
            done = asyncio.Event()

            def kept(record: Record) -> None:
                row = db.execute("SELECT count(*) FROM entry WHERE place = ?", (entry_place(1, record.seq),)).fetchone()
                last = db.execute("SELECT last_seq FROM room").fetchone()
                if row != (1,) or last[0] < record.seq:
                    missing.append(record.seq)
                if record.seq == 2_000:
                    done.set()

            room.log.subscribe(kept, lambda _cleared: None)
            for number in range(2_000):
                room.log.append(draft(f"number {number}"), lambda refusal: pytest.fail(str(refusal)))
                if number % 97 == 0:
                    await asyncio.sleep(0)
            assert room.log.last_seq < 2_000, "not at once"
            await asyncio.wait_for(done.wait(), 20)
            assert missing == []


async def test_a_page_is_read_once_however_often_it_is_edited_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(20)
        read, reads = Reader.read, 0

        async def read_and_edit(reader: Reader, read_page: ReadFunction) -> object:
            nonlocal reads
            reads += 1
            page = await read(reader, read_page)
            await room.edit(reads % 20 + 1, f"edited in read {reads}")
            return page

        monkeypatch.setattr(Reader, "read", read_and_edit)
        for _ in range(3):
            page = await asyncio.wait_for(room.around(10, 100), 15)
            assert page.records == room.records
        assert reads == 3


async def test_a_page_that_grows_too_large_by_edits_meanwhile_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(100)
        read, reads = Reader.read, 0

        async def read_and_edit(reader: Reader, read_page: ReadFunction) -> object:
            nonlocal reads
            reads += 1
            page = await read(reader, read_page)
            if reads == 1:
                for seq in range(1, 101):
                    room.start_act(Edit(seq, "x" * 8_000, "kit"))
                await room.edit(1, "y" * 8_000)
            return page

        monkeypatch.setattr(Reader, "read", read_and_edit)
        page = await room.around(50, 100)
        assert reads == 2
        assert sum(map(record_size, page.records)) <= HISTORY_BYTES
        assert {record.content[0] for record in page.records} == {"x"}


async def test_readers_see_nothing_that_was_not_announced(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        for number in range(600):
            room.start_append(draft(f"number {number}"))
            page = await room.around(number, 10)
            assert all(record in room.records for record in page.records)
            assert (await room.latest(5)).records == room.records[-5:]
        await until(lambda: len(room.records) == 600)


async def test_numbers_are_gapless_and_everybody_hears_the_same(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        records = await room.fill(9_000 // 2)
        assert seqs(room.records) == [*range(1, 4_501)]
        assert records == room.records
        assert await room.all() == room.records


@pytest.mark.parametrize("restart", [False, True])
async def test_pages_from_memory_and_from_the_disk_are_the_same(tmp_path: Path, restart: bool) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await room.fill(1_200)
        records = list(room.records)
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        if not restart:
            records += await room.fill(300, 1_201)
        count = len(records)
        for limit in (1, 7, 200):
            for seq in [*range(0, count + 2, 61), *range(count - 520, count - 480, 7), count, count + 1, 2**53]:
                older = [record for record in records if record.seq < seq]
                newer = [record for record in records if record.seq > seq]
                assert await room.before(seq, limit) == HistoryPage(older[-limit:], len(older) > limit)
                assert await room.after(seq, limit) == HistoryPage(newer[:limit], len(newer) > limit)


async def test_what_everybody_asks_for_is_in_memory(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(700)
        near = (room.log.latest(200), room.log.after(650, 200), room.log.before(690, 100), room.log.since(650, 200))
        assert all(answered_at_once(question) for question in near)
        assert not answered_at_once(room.log.before(100, 50))
        assert not answered_at_once(room.log.since(10, 50))
        assert (await room.before(100, 50)).more


@pytest.fixture
def one_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread reads pages, so that a read that is held holds all that come after it."""
    monkeypatch.setattr(reader, "_HISTORY_THREADS", 1)


@pytest.mark.usefixtures("one_reader")
async def test_a_page_shows_what_is_edited_while_it_is_read(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await room.fill(700)
        with held(store.reader.read):
            page = begun(room.log.before(101, 100))
            other = begun(room.log.before(201, 100))
            await asyncio.sleep(0)
            await room.edit(50, "edited")
        assert contents((await page).records)[49] == "edited", "nobody tells its reader of the edit"
        assert seqs((await other).records) == [*range(101, 201)]


@pytest.mark.usefixtures("one_reader")
async def test_what_is_edited_while_memory_is_filled_is_there_as_it_is_now(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(700)
    async with open_store(tmp_path) as store:
        with held(store.reader.read):
            room = RoomHarness(store.room("lobby"))
            edited = await room.edit(600, "edited")
        await room.around(1, 1)
        await room.around(1, 1)
        latest = answered_at_once(room.log.latest(200))
        assert latest
        assert latest.records[99] == edited
        changed = answered_at_once(room.log.since(650, 200))
        assert changed
        assert changed.records[-1] == edited


@pytest.mark.usefixtures("one_reader")
async def test_what_is_edited_while_memory_is_filled_is_not_forgotten_although_it_is_older(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(700)
    async with open_store(tmp_path) as store:
        with held(store.reader.read):
            room = RoomHarness(store.room("lobby"))
            edited = await room.edit(1, "edited")
        await room.around(1, 1)
        await room.around(1, 1)
        assert answered_at_once(room.log.latest(200)), "memory is filled"
        assert (await room.since(700)).records == [edited]


async def test_a_resume_after_an_edit_of_an_old_message_reads_the_disk_once(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(700)
        edited = await room.edit(100, "edited")
        assert not answered_at_once(room.log.since(700, 200))
        assert (await room.since(700)).records == [edited]
        assert answered_at_once(room.log.since(701, 200))
    async with lobby(tmp_path) as room:
        await room.around(1, 1)
        await room.around(1, 1)
        assert answered_at_once(room.log.since(701, 200)), "known after a restart, too"
        assert not answered_at_once(room.log.since(700, 200))


async def test_memory_is_filled_again_after_a_restart(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(700)
    async with lobby(tmp_path) as room:
        await until(lambda: answered_at_once(room.log.latest(200)))  # the room reads by itself
        assert answered_at_once(room.log.since(250, 200))


async def test_a_clear_begins_another_epoch_in_order(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(600)
        epoch = room.log.epoch
        before = [room.start_append(draft(f"before {number}")) for number in range(50)]
        cleared = room.start_clear()
        after = [room.start_append(draft(f"after {number}")) for number in range(50)]
        await cleared
        await asyncio.gather(*before, *after)
        assert room.resets == 1
        assert room.log.epoch != epoch
        assert contents(room.records) == [f"after {number}" for number in range(50)]
        assert seqs(room.records) == [*range(1, 51)]
        assert await room.all() == room.records
        assert await room.search("number") == []
        assert await room.search("after") == [*range(50, 0, -1)]
        epoch = room.log.epoch
    async with lobby(tmp_path) as room:
        assert room.log.epoch == epoch
        assert contents(await room.all()) == [f"after {number}" for number in range(50)]


async def test_a_page_asked_for_before_a_clear_is_of_the_old_history_or_empty(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        old = await room.fill(1_500)
        for _ in range(3):
            cleared = room.start_clear()
            pages = [begun(room.log.before(100, 50)), begun(room.log.around(700, 50))]
            for page in await asyncio.gather(*pages):
                assert all(record in old for record in page.records)
            await cleared
            old = await room.fill(5)


async def test_clearing_among_messages_keeps_every_epoch_gapless(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        runs: list[list[int]] = [[]]
        done = asyncio.Event()

        def kept(record: Record) -> None:
            runs[-1].append(record.seq)
            if record.content == "the end":
                done.set()

        room.log.subscribe(kept, lambda _cleared: runs.append([]))
        clearing = []
        for number in range(400):
            room.log.append(draft(f"number {number}"), lambda refusal: pytest.fail(str(refusal)))
            if number % 80 == 40:
                clearing.append(room.start_clear())
            await asyncio.sleep(0)
        room.log.append(draft("the end"), lambda refusal: pytest.fail(str(refusal)))
        await asyncio.wait_for(done.wait(), 20)
        assert len(runs) == 6
        assert sum(map(len, runs)) == 401
        assert all(run == [*range(1, len(run) + 1)] for run in runs)


async def test_at_a_moment_of_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with lobby(tmp_path) as room:
        for hour in (1, 2, 9, 3, 4, 5, 6, 7):  # the clock was wrong for a moment
            monkeypatch.setattr(time, "time_ns", lambda hour=hour: hour * 3_600_000_000_000)
            await room.append(f"at {hour}")
        monkeypatch.undo()
        assert contents((await room.latest()).records) == [f"at {hour}" for hour in (1, 2, 9, 3, 4, 5, 6, 7)]
        assert contents((await room.at(5 * 3_600_000, 2)).records) == ["at 4", "at 5"]
        assert contents((await room.at(0, 2)).records) == ["at 1"]
        assert contents((await room.at(10**15, 3)).records) == ["at 6", "at 7"]
        assert room.records[3].at == 3 * 3_600_000


async def test_the_room_is_notified_of_retention(tmp_path: Path) -> None:
    async with lobby(tmp_path, Retention(messages=100)) as room:
        await room.fill(650)
        await until(lambda: room.log.seqs == range(551, 651))
        assert seqs(await room.all()) == [*range(551, 651)]
        latest = await room.latest(200)
        assert (seqs(latest.records), latest.more) == ([*range(551, 651)], False)
        assert seqs((await room.after(10, 5)).records) == [551, 552, 553, 554, 555], "the first number tells of the cut"
        assert await room.search("number") == [*range(650, 600, -1)]
        assert await room.search("number 550") == []
        assert (await room.around(10, 6)).records == room.records[550:553]
    async with lobby(tmp_path, Retention(messages=100)) as room:
        assert room.log.seqs == range(551, 651)


async def test_retention_of_everything_leaves_the_numbers(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(20)
        epoch = room.log.epoch
    async with lobby(tmp_path, Retention(days=1e-9)) as room:
        await until(lambda: room.log.seqs == range(21, 21))
        assert await room.latest() == HistoryPage([], False)
        assert (await room.append("later")).seq == 21
        assert room.log.epoch == epoch


async def test_an_id_is_known_when_retention_has_taken_its_text(tmp_path: Path) -> None:
    async with lobby(tmp_path, Retention(messages=1)) as room:
        await room.append("one", "a1")
        await room.append("two", "a2")
        await until(lambda: room.log.seqs == range(2, 3))
        repeated = await room.try_append("one", "a1")
        assert not isinstance(repeated, (Record, LogError))
        assert room.log.last_seq == 2


@given(content=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_stored_as_it_is(tmp_path: Path, content: str) -> None:
    async def keep() -> None:
        async with lobby(tmp_path) as room:
            record = await room.append(content)
            assert record.content == content
            assert (await room.around(record.seq, 1)).records == [record]
            assert isinstance(await answer(room.log.search(content, None, 5)), tuple)

    asyncio.run(keep())
