"""The order of workers: its file, and the process that makes it, in the process of the test."""

import asyncio
import contextlib
import socket
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import uvloop

from chatdesk.cluster import latest_entries
from chatdesk.cluster.belonging import Belonging
from chatdesk.cluster.order_link import Entry, OrderFullError, Row
from chatdesk.log.acts import Pin
from chatdesk.log.operations import (
    Operation,
    Ordered,
    OrderedClear,
    OrderedPin,
    OrderedRoomDeletion,
    OrderedSettings,
    Say,
    counts,
    encode_operation,
    message_key,
    operation_key,
)
from chatdesk.workers import local_link, order_file, order_process
from chatdesk.workers.local_link import ERRORS, LocalLink
from chatdesk.workers.order_file import BEGUN, Beginning, OrderFile
from chatdesk.workers.order_process import OrderServer

CHAT = "0123456789abcdef"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[OrderFile]:
    """The order of a chat in which Ana has said something before."""
    with OrderFile(tmp_path) as opened:
        opened.begin(Beginning(CHAT, b"secret", "begun", [("lobby", 1, 1)], [message_key("ana", "old")]))
        yield opened


def said(content: str, room: str = "lobby", message_id: str | None = None) -> Row:
    return row(Say(room, "Ana", content, "ana", message_id))


def row(operation: Operation) -> Row:
    return operation_key(operation), operation.room, *counts(operation), encode_operation(operation).decode()


def test_numbers_have_no_gaps_and_what_is_sent_again_has_its_old_one(file: OrderFile, tmp_path: Path) -> None:
    once, pin = said("once", message_id="1"), row(OrderedPin("lobby", Pin(1, True)))
    assert file.order([once, pin, once, said("elsewhere", "build")]) == [3, 4, -3, 5]
    assert file.order([said("old", message_id="old")]) == [-1]  # said before there was this order
    with OrderFile(tmp_path) as again:
        assert again.order([pin, said("next")]) == [-4, 6]
        texts = [text.split(b" ", 3)[:2] for _, text in again.entries(BEGUN, 10)]
    assert texts == [[b"2", b"2"], [b"2", b"3"], [b"1", b"1"], [b"3", b"4"]]


def test_rooms_that_were_deleted_or_only_entered_leave_no_numbers(file: OrderFile, tmp_path: Path) -> None:
    def rooms() -> set[str]:
        with contextlib.closing(sqlite3.connect(tmp_path / "order.db")) as db:
            return {name for (name,) in db.execute("SELECT name FROM room")}

    for number in range(20):
        name = f"made-{number}"
        file.order([row(OrderedSettings(name, {"created": True})), said("once", name), said("twice", name)])
        file.order([said("at once", name), row(OrderedRoomDeletion(name)), row(OrderedClear(f"cleared-{number}"))])
    assert file._rooms.keys() == rooms() == {"lobby"}
    with OrderFile(tmp_path) as again:
        again.order([said("after all", "made-3"), row(OrderedRoomDeletion("made-4")), said("in the same", "made-4")])
        assert again._rooms.keys() == rooms() == {"lobby", "made-3", "made-4"}
        texts = [text.split(b" ", 3)[:2] for _, text in again.entries(again.number - 3, 9)]
    assert texts == [[b"1", b"1"], [b"0", b"0"], [b"1", b"1"]]


def test_a_flood_of_long_messages_is_not_all_kept_in_memory(file: OrderFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latest_entries, "_MOST_BYTES", 2_500)
    file.order([said("x" * 1_000, message_id=str(number)) for number in range(5)])
    assert file._latest.first == 6
    assert [number for number, _ in file.entries(BEGUN, 4)] == [3, 4, 5, 6]
    assert [number for number, _ in file.entries(5, 1)] == [6]
    assert [number for number, _ in file.entries(6, 9)] == [7]


def test_a_folder_that_was_moved_away_is_ordered_in(file: OrderFile, tmp_path: Path) -> None:
    moved = tmp_path.rename(tmp_path.with_name("moved away"))
    assert file.order([said("meanwhile")]) == [3]
    moved.rename(tmp_path)


def test_time_does_not_go_back_with_the_clock(file: OrderFile, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([5_000, 3_000, 7_000])
    file.begin(Beginning(CHAT, b"", "begun", [], []))  # at the time of the machine
    monkeypatch.setattr(order_file, "_now", lambda: next(times) + 10**13)
    for content in "abc":
        file.order([said(content)])
    assert [int(text.split()[2]) - 10**13 for _, text in file.entries(BEGUN, 10)] == [5_000, 5_000, 7_000]


def test_what_all_have_is_forgotten_but_for_two_weeks_its_key(
    file: OrderFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = said("secret words", message_id="1")[0]
    file.order([said("secret words", message_id="1"), said("after")])
    file.forget_followed(3)
    assert b"secret words" not in b"".join(path.read_bytes() for path in tmp_path.glob("order.db*"))
    assert [number for number, _ in file.entries(0, 10)] == [4]
    assert file.order([said("secret words", message_id="1")]) == [-3]
    following = Belonging(CHAT, b"", 3, True, key)
    assert file.continues(following)
    assert not file.continues(following._replace(place=BEGUN, key="begun"))  # what it has not followed is not there
    assert not file.continues(following._replace(key="other"))
    assert not file.continues(following._replace(server_id="other"))
    assert not file.continues(following._replace(place=99))
    assert not file.continues(following._replace(place=None))
    later = order_file._now() + order_file.KEPT_MS + 1
    monkeypatch.setattr(order_file, "_now", lambda: later)
    assert file.order([said("much later")]) == [5]
    file.forget_followed(4)
    assert file.order([said("secret words", message_id="1")]) == [6]


@contextlib.asynccontextmanager
async def serving(file: OrderFile, folder: Path, workers: int = 2) -> AsyncIterator[Path]:
    """The process that orders, as a task; yields its socket."""
    path = folder / "socket"
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        task = asyncio.create_task(OrderServer(file, workers, lambda: None).serve(listener))
        try:
            yield path
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def read_all(link: LocalLink, until: int) -> list[Entry]:
    found: list[Entry] = []
    while (place := found[-1].number if found else BEGUN) < until:
        found += await link.read(place)
    return found


async def test_workers_read_in_one_order_what_all_have_proposed(
    file: OrderFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_process, "_FORGET_SECONDS", 0.0)
    monkeypatch.setattr(order_process, "_WAIT_SECONDS", 0.1)
    monkeypatch.setattr(local_link, "_READ_ON_SECONDS", 0.0)
    async with serving(file, tmp_path) as path, LocalLink(path, 1) as one, LocalLink(path, 2) as two:

        async def write(link: LocalLink, name: str) -> None:
            for number in range(20):
                await link.order(CHAT, [said(f"{name} {number} {part}") for part in range(5)])

        reading = [asyncio.create_task(read_all(link, BEGUN + 200)) for link in (one, two)]
        await asyncio.gather(write(one, "one"), write(two, "two"))
        first, second = await asyncio.gather(*reading)
        assert first == second
        ordered = [entry.ordered for entry in first if entry.ordered]
        assert [entry.seq for entry in ordered] == list(range(2, 202))
        assert await one.read(BEGUN + 200) == await two.read(BEGUN + 200) == []
        for _ in range(100):
            if not file.entries(0, 10):
                break
            await asyncio.sleep(0.01)
        assert file.entries(0, 10) == []


async def test_a_worker_that_does_not_follow_is_sent_a_part_and_may_read_it_again(
    file: OrderFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_process, "_AHEAD", 10)
    monkeypatch.setattr(local_link, "_READ_ON_ENTRIES", 5)
    async with serving(file, tmp_path) as path, LocalLink(path, 1) as slow, LocalLink(path, 2) as writer:
        await writer.order(CHAT, [said("1")])
        assert [entry.number for entry in await slow.read(BEGUN)] == [3]
        for number in range(2, 31):
            await writer.order(CHAT, [said(str(number))])
        await writer.order(CHAT, [said("the last")])
        await slow.share(b"")  # before its answer, all that was sent before it has come
        for _ in range(2):
            assert [entry.number for entry in await slow.read(BEGUN)] == [*range(BEGUN + 1, BEGUN + 11)]
        assert len(await read_all(slow, BEGUN + 31)) == 31


async def test_a_worker_that_has_read_all_hears_at_once_that_the_process_has_ended(
    file: OrderFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_link, "_READ_ON_SECONDS", 600.0)
    async with contextlib.AsyncExitStack() as ordering:
        path = await ordering.enter_async_context(serving(file, tmp_path))
        async with LocalLink(path, 1) as link:
            await link.order(CHAT, [said("1"), said("2")])
            await link.read(BEGUN)
            await ordering.aclose()
            with pytest.raises(EOFError):
                await link._reading
            monkeypatch.setattr(local_link, "_TIMEOUT_SECONDS", 0.1)
            with pytest.raises(ConnectionResetError):
                await link.read(BEGUN + 2)


async def test_workers_hear_each_other_and_what_each_shares_ends_with_it(file: OrderFile, tmp_path: Path) -> None:
    async with serving(file, tmp_path) as path, LocalLink(path, 1) as one:
        async with LocalLink(path, 2) as two:
            await one.listen("a")
            await two.listen("b")
            await one.tell(b"to all")
            await two.tell(b"to one", "a")
            assert [await one.hear(), await one.hear(), await two.hear()] == [b"to all", b"to one", b"to all"]
            assert (await one.share(b"1"), await two.share(b"2"), await one.share(b"1")) == ([], [b"1"], [b"2"])
        for _ in range(100):
            if not await one.share(b"1"):
                break
            await asyncio.sleep(0.01)
        assert await one.share(b"1") == []


async def test_a_full_disk_orders_nothing_and_loses_nothing(file: OrderFile, tmp_path: Path) -> None:
    async with serving(file, tmp_path) as path, LocalLink(path, 1) as link:
        before = await link.order(CHAT, [said("before")])
        pages = file._db.execute("PRAGMA page_count").fetchone()[0]
        file._db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(OrderFullError):
            await link.order(CHAT, [said("x" * 100_000, message_id="big")])
        with pytest.raises(OrderFullError):  # or people would be told every moment that the disk is full, or not
            await link.order(CHAT, [said("small", message_id="small")])
        with pytest.raises(OrderFullError):
            await link.restore(CHAT, [Ordered(4, 2, 2, 0, "lost", Say("lobby", "Kit", "x" * 100_000, "kit", "lost"))])
        file._db.execute("PRAGMA max_page_count = 100000")
        assert before == [3]
        assert await link.order(CHAT, [said("x" * 100_000, message_id="big")]) == [4]


def test_one_worker_that_has_died_is_told_nothing_and_hinders_no_other(tmp_path: Path) -> None:
    async def answer() -> None:
        path, writers = tmp_path / "socket", asyncio.Queue[asyncio.StreamWriter]()
        server = await asyncio.start_unix_server(lambda _reader, writer: writers.put_nowait(writer), path)
        reader, its_writer = await asyncio.open_unix_connection(path)
        with contextlib.closing(server), contextlib.closing(its_writer):
            writer = await writers.get()
            writer.transport.abort()
            assert await reader.read() == b""
            order_process._Worker(writer).answer(1)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as in use: this one raises
        runner.run(answer())


@contextlib.contextmanager
def unreadable(file: OrderFile) -> Iterator[None]:
    """Nothing that was ordered can be read from the file, though it can be written to."""
    denied = (sqlite3.SQLITE_READ, "entry")
    file._db.set_authorizer(lambda act, of, *_: sqlite3.SQLITE_DENY if (act, of) == denied else sqlite3.SQLITE_OK)
    try:
        yield
    finally:
        file._db.set_authorizer(None)


async def test_a_file_that_cannot_be_read_leaves_no_gap_and_ends_the_process(file: OrderFile, tmp_path: Path) -> None:
    async with serving(file, tmp_path) as path, LocalLink(path, 1) as link:
        await link.order(CHAT, [said("before")])
        with unreadable(file):
            await link.order(CHAT, [said("meanwhile")])
        await link.order(CHAT, [said("after")])
        assert [entry.number for entry in await link.read(3)] == [4, 5]
    with OrderFile(tmp_path) as again, unreadable(again):
        async with serving(again, tmp_path) as path, LocalLink(path, 1) as link:
            with pytest.raises(ERRORS):  # before its time is over
                await asyncio.wait_for(link.read(BEGUN), 2)


async def test_a_link_ends_with_the_process(file: OrderFile, tmp_path: Path) -> None:
    async with serving(file, tmp_path) as path:
        link = await LocalLink(path, 1).__aenter__()
        assert await link.key_at(BEGUN) == "begun"
        asked = asyncio.create_task(link.read(BEGUN))
        await asyncio.sleep(0)
    with pytest.raises(ERRORS):
        await asked
    with pytest.raises(ERRORS):
        await link.hear()
    with pytest.raises(ERRORS):
        await link.order(CHAT, [said("lost")])
    await link.__aexit__()
