"""What workers have told of is written later: nothing that reads finds it missing, and nothing is lost or doubled."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from chatdesk.cluster import linked_order
from chatdesk.log import writer
from chatdesk.log.room_log import Duplicate, LogError
from chatdesk.workers import unwritten
from chatdesk.workers.copies import worker_folder
from chatdesk.workers.local_link import PROBLEMS
from tests.e2e import on_disk
from tests.log.disks import Disk
from tests.log.harness import ProblemRecorder, answer, contents, outside_connection
from tests.waiting import until
from tests.workers.machine import Machine, machine


@pytest.fixture(autouse=True)
def never_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may be written later is written only when something needs it."""
    monkeypatch.setattr(writer, "_LATER_SECONDS", 600.0)
    monkeypatch.setattr(unwritten, "_RETRY_SECONDS", 0.02)


def written(folder: Path) -> list[str]:
    """What the file of a worker has of the room."""
    with outside_connection(folder) as db:
        return [content for (content,) in db.execute("SELECT content FROM entry ORDER BY place")]


async def all_told(workers: Machine, *said: str) -> None:
    await until(lambda: all(len(contents(room.records)) >= len(said) for room in workers.rooms))
    assert [contents(room.records) for room in workers.rooms] == [list(said)] * 2


async def test_a_message_is_told_before_it_is_in_the_files_and_whatever_reads_finds_it(tmp_path: Path) -> None:
    async with machine(tmp_path) as workers:
        first, second = workers.rooms
        for number in range(3):
            await first.append(f"word{number}", f"id{number}")
        await all_told(workers, "word0", "word1", "word2")
        files = [worker_folder(tmp_path, number) for number in (1, 2)]
        assert [written(file) for file in files] == [[], []]
        assert [store._written() for store in workers.stores] == [store.place - 3 for store in workers.stores]
        assert await second.search("word1") == [2]
        assert [written(file) for file in files] == [[], ["word0", "word1", "word2"]]
        assert isinstance(await first.try_append("word1", "id1"), Duplicate)
        await second.append("word3")
        await all_told(workers, "word0", "word1", "word2", "word3")
        assert (await first.edit(4, "changed")).content == "changed"
        await until(lambda: all(contents(room.records)[-1] == "changed" for room in workers.rooms))
        await first.append("last")
    for file in files:
        left = on_disk.read(file)
        assert [entry.content for entry in left.entries] == ["word0", "word1", "word2", "changed", "last"]
        assert (left.integrity, left.index_agrees) == ("ok", True)


async def test_what_cannot_be_written_is_told_once_and_written_once_it_can(tmp_path: Path) -> None:
    async with machine(tmp_path) as workers:
        first, second = workers.rooms
        await first.append("one")
        with outside_connection(tmp_path) as db:
            db.execute("CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT no_such(); END")
        await all_told(workers, "one")
        assert isinstance(await answer(first.log.search("one", None, 50)), LogError)
        assert await second.search("one") == [1]  # its own file takes it
        for content in ("two", "three"):
            await second.append(content)
        await until(lambda: workers.stores[0].problem)
        with outside_connection(tmp_path) as db:
            db.execute("DROP TRIGGER full")
        await until(lambda: not workers.stores[0].problem)
        await first.append("four")
        await all_told(workers, "one", "two", "three", "four")
        assert await first.search("two") == [2]
        assert (first.resets, second.resets) == (0, 0)
    assert [entry.content for entry in on_disk.read(tmp_path).entries] == ["one", "two", "three", "four"]


async def test_what_was_written_though_that_seemed_to_fail_is_not_told_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with machine(tmp_path) as workers:
        first, second = workers.rooms
        await first.append("one")
        await all_told(workers, "one")
        real, looks = writer.inodes, [0]

        def inodes(folder: Path) -> Any:
            """Of the first worker's folder another answer each time."""
            if folder != tmp_path:
                return real(folder)
            looks[0] += 1
            return (looks[0],)

        with monkeypatch.context() as moved:
            moved.setattr(writer, "inodes", inodes)
            assert isinstance(await answer(first.log.search("one", None, 50)), LogError)
        await second.append("two")
        await until(lambda: not workers.stores[0].problem)
        await all_told(workers, "one", "two")
        await asyncio.sleep(0.1)  # what would be doubled comes with the file
        await all_told(workers, "one", "two")
        assert await first.search("one") == [1]
    assert [entry.content for entry in on_disk.read(tmp_path).entries] == ["one", "two"]


async def test_on_a_full_disk_all_workers_say_so_and_what_was_said_can_be_read(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.02)
    async with machine(disk.folder / "chat") as workers:
        recorders = [ProblemRecorder(store) for store in workers.stores]
        await workers.rooms[0].append("before")
        await all_told(workers, "before")
        assert [await room.search("before") for room in workers.rooms] == [[1], [1]]
        disk.fill(left=20_000)  # it would take what is ordered to see whether it is full
        for number, room in enumerate(workers.rooms):
            refusal = await room.try_append("x" * 7_000, str(number))
            assert isinstance(refusal, LogError)
            assert refusal.problem == PROBLEMS.full
            assert [await room.search("before") for room in workers.rooms] == [[1], [1]]
        await asyncio.sleep(0.1)  # for some attempts
        assert [recorder.problems for recorder in recorders] == [[PROBLEMS.full]] * 2
        disk.free()
        await until(lambda: not any(store.problem for store in workers.stores))
        for number, room in enumerate(workers.rooms):
            await room.append(f"after {number}", str(number))
        await all_told(workers, "before", "after 0", "after 1")
