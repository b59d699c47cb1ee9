"""An order that cannot be followed any more is kept, and the chat goes on, with workers and with one process."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chatdesk.config import ServerConfig
from chatdesk.log import writer
from chatdesk.workers.alone import open_alone
from chatdesk.workers.copies import is_behind
from chatdesk.workers.leaving import catch_up
from tests.log.harness import RoomHarness, contents, outside_connection
from tests.waiting import until
from tests.workers.machine import machine


def spoil_header(order: Path) -> None:
    order.write_bytes(b"spoilt" + order.read_bytes()[6:])


def spoil_page(order: Path) -> None:
    """Damage the page after that of the schema."""
    with closing(sqlite3.connect(order)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    read = order.read_bytes()
    order.write_bytes(read[:4096] + bytes(4096) + read[8192:])


def empty(order: Path) -> None:
    order.write_bytes(b"")


def lose(order: Path) -> None:
    order.unlink()


def give_backup(order: Path) -> None:
    """Put a history in the place of that which has followed the order."""
    with outside_connection(order.parent) as db:
        db.execute("UPDATE about SET value = 'another' WHERE name = 'cluster_key'")


@pytest.fixture
async def crashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a chat that was killed after a message was told, and before it was in the chat's file."""
    monkeypatch.setattr(writer, "_LATER_SECONDS", 600.0)
    async with machine(tmp_path / "chat") as workers:
        await workers.rooms[0].append("written")
        await workers.rooms[0].search("written")
        with outside_connection(tmp_path / "chat") as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        workers.order._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what comes now is in its WAL alone
        await workers.rooms[0].append("told")
        await until(lambda: contents(workers.rooms[0].records) == ["written", "told"])
        left = shutil.copytree(tmp_path / "chat", tmp_path / "left", ignore=shutil.ignore_patterns("*-shm"))
    monkeypatch.undo()
    return left


def epoch_of(folder: Path) -> str:
    with outside_connection(folder) as db:
        epoch: str = db.execute("SELECT epoch FROM room WHERE name = 'lobby'").fetchone()[0]
        return epoch


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("spoil", [spoil_header, spoil_page, empty, lose, give_backup])
async def test_an_order_that_cannot_be_followed_is_set_aside_and_the_chat_goes_on(
    crashed: Path, spoil: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    before = epoch_of(crashed)
    spoil(crashed / "order.db")
    workers_of = shutil.copytree(crashed, crashed.with_name("workers"))
    config = ServerConfig(data_dir=crashed)
    async with open_alone(config, crashed, catch_up) as store:
        room = RoomHarness(store.room("lobby"))
        assert contents((await room.latest()).records) == ["written"]
        await room.append("again")
    async with machine(workers_of) as workers:
        assert contents((await workers.rooms[1].latest()).records) == ["written"]
        await workers.rooms[1].append("again")
    for folder in (crashed, workers_of):
        [aside] = folder.glob("order-*.db")
        assert f"is kept as {aside}" in caplog.text
        assert b"told" in b"".join(path.read_bytes() for path in folder.glob("order-*"))
        assert epoch_of(folder) != before  # people have seen a message of this number
    assert not (crashed / "order.db").exists()


async def test_an_order_that_was_followed_leaves_nothing(crashed: Path) -> None:
    assert is_behind(crashed)
    for _ in range(2):
        async with open_alone(ServerConfig(data_dir=crashed), crashed, catch_up) as store:
            assert contents((await RoomHarness(store.room("lobby")).latest()).records) == ["written", "told"]
    assert {path.name for path in files_in(crashed)} == {"chat.db", "chat.lock"}
