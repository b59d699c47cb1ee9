"""Files of every earlier version open with all their content; a failed migration changes nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chatdesk.log.database import FILE
from chatdesk.log.disk_store import open_store
from chatdesk.log.kept_rooms import read_subscriptions
from chatdesk.log.reservation_keys import earlier_key, migrate_reservation_keys
from chatdesk.log.room_log import Duplicate
from chatdesk.log.schema import APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION, entry_place, migrate, read_version
from chatdesk.log.tokenizer import index_text
from chatdesk.protocol.names import nickname_key
from tests.log.harness import RoomHarness, contents, outside_connection
from tests.waiting import until

COUNTS_CHANGES = 7
"""The first version whose rooms have a number of their last change."""
COUNT = 2_500
"""More than one step of the index takes."""


def filled(folder: Path, at_version: int) -> None:
    """Make a file as a program of this version leaves it."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("BEGIN")
        for step in MIGRATIONS[:at_version]:
            step(db)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {at_version}")
        if at_version == SCHEMA_VERSION:
            db.execute("COMMIT")
            migrate(db)  # makes the current index
            db.execute("BEGIN")
        rooms = [(1, "lobby", "e1", 1, COUNT), (2, "garden", "e2", 1, 1)]
        db.executemany("INSERT INTO room (number, name, epoch, first_seq, last_seq) VALUES (?, ?, ?, ?, ?)", rooms)
        if at_version >= COUNTS_CHANGES:
            db.execute("UPDATE room SET last_change = last_seq")
        rows: list[tuple[int, str, str | None, str, str, int]]
        rows = [(entry_place(1, seq), "kit", f"id{seq}", "Kit", f"Zahl {seq} Äpfel", seq * 1000) for seq in said()]
        rows.append((entry_place(2, 1), "ana", None, "Ana", "in the garden", 5))
        db.executemany("INSERT INTO entry (place, identity, id, nickname, content, time) VALUES (?,?,?,?,?,?)", rows)
        if at_version >= 2:
            words = [(row[0], index_text(row[4]) if at_version == SCHEMA_VERSION else row[4].lower()) for row in rows]
            db.executemany("INSERT INTO search (rowid, text) VALUES (?, ?)", words)
        db.execute("COMMIT")


def test_marks_of_earlier_versions_claim_to_have_read_nothing(tmp_path: Path) -> None:
    filled(tmp_path / "chat", 10)
    with outside_connection(tmp_path / "chat") as db:
        db.execute("INSERT INTO subscription VALUES ('kit', 'lobby', 1, 'mentions', 70, 3, 'Kit')")
        migrate(db)
        [stored] = read_subscriptions(db)
        kept = stored.subscription
        assert (kept.read, kept.since, kept.start, kept.furthest, kept.level) == (70, 3, 70, 70, "mentions")
        assert not any(kept.has_read(seq) for seq in (1, 70, 71))


def said() -> Iterator[int]:
    return iter(range(1, COUNT + 1))


def test_nicknames_that_were_reserved_still_belong_to_their_owners(tmp_path: Path) -> None:
    """Also those whose key is another one now, as the Greek H no longer counts as n."""
    names = {"a": "Mara 10", "b": "Ηλίας", "c": "МАХ", "d": "Øyvind", "e": "Kit"}
    filled(tmp_path / "chat", MIGRATIONS.index(migrate_reservation_keys))
    with outside_connection(tmp_path / "chat") as db:
        for identity, name in names.items():
            db.execute("INSERT INTO seat VALUES (?, ?)", (earlier_key(name), identity))
            if identity != "e":
                kept = (identity, "lobby", 1, "all", 0, 0, name, 0, 0)
                db.execute(f"INSERT INTO subscription VALUES ({', '.join('?' * len(kept))})", kept)
        migrate(db)
        assert dict(db.execute("SELECT identity, key FROM seat")) == {
            identity: nickname_key(name) for identity, name in names.items()
        }
        assert nickname_key("Ηλίας") != earlier_key("Ηλίας")


@pytest.mark.parametrize("at_version", range(1, SCHEMA_VERSION + 1))
async def test_a_file_of_every_version_opens_with_all_that_is_in_it(tmp_path: Path, at_version: int) -> None:
    filled(tmp_path / "chat", at_version)
    async with open_store(tmp_path / "chat") as store:
        room, garden = RoomHarness(store.room("lobby")), RoomHarness(store.room("garden"))
        assert (room.log.epoch, room.log.seqs) == ("e1", range(1, COUNT + 1))
        assert contents(await room.all()) == [f"Zahl {seq} Äpfel" for seq in said()]
        assert contents(await garden.all()) == ["in the garden"]
        await until(lambda: store.indexing is None)
        assert await room.search("2345 apfel") == [2345]
        assert await room.search("zahl", before=3) == [2, 1]
        assert await garden.search("gard") == [1]
        repeated = await room.try_append("Zahl 7 Äpfel", "id7")
        assert isinstance(repeated, Duplicate)
        assert repeated.record.seq == 7
        assert repeated.record.change == 7, "what was said before had one change for each message"
        assert contents(await room.all_since(COUNT - 2)) == [f"Zahl {seq} Äpfel" for seq in (COUNT - 1, COUNT)]
        edited = await room.edit(7, "Zahl 7 Birnen")
        assert await room.try_append("Zahl 7 Äpfel", "id7") == Duplicate(edited)
        assert await room.search("birnen") == [7]
        more = await room.append("one more")
        assert (more.seq, more.change) == (COUNT + 1, COUNT + 2)
        reacted = await room.react(COUNT, "👍")
        assert await room.all_since(COUNT) == [edited, more, reacted]
        assert store.server_id
        assert len(store.secret) == 32
        assert store.notices == ()
    with outside_connection(tmp_path / "chat") as db:
        assert read_version(db) == SCHEMA_VERSION
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.execute("INSERT INTO search (search) VALUES ('integrity-check')")
        assert db.execute("SELECT count(*) FROM unindexed").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM search WHERE search MATCH 'zahl'").fetchone() == (COUNT,)
        assert db.execute("SELECT count(*) FROM search WHERE search MATCH 'birnen'").fetchone() == (1,)


async def test_a_new_file_is_ours_and_gives_space_back(tmp_path: Path) -> None:
    async with open_store(tmp_path):
        pass
    with outside_connection(tmp_path) as db:
        assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert db.execute("PRAGMA auto_vacuum").fetchone() == (2,)
        assert read_version(db) == SCHEMA_VERSION


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    filled(tmp_path / "chat", 1)
    with outside_connection(tmp_path / "chat") as db:
        before = list(db.iterdump())
        db.execute("PRAGMA max_page_count = 1")  # to SQLite the disk is full
        with pytest.raises(sqlite3.OperationalError) as failure:
            migrate(db)
        assert failure.value.sqlite_errorcode == sqlite3.SQLITE_FULL, "the cause, not what came of it"
        assert not db.in_transaction
        assert list(db.iterdump()) == before
        assert read_version(db) == 1


def test_places_of_a_room_are_in_order_and_before_those_of_the_next() -> None:
    assert entry_place(1, 1) < entry_place(1, 2) < entry_place(1, 2**40 - 1) < entry_place(2, 0)


def test_a_long_history_is_migrated_without_touching_its_messages(tmp_path: Path) -> None:
    filled(tmp_path / "chat", 6)
    with outside_connection(tmp_path / "chat") as db:
        rows = "WITH n (n) AS (SELECT 2501 UNION ALL SELECT n + 1 FROM n WHERE n < 300000) SELECT"
        db.execute("BEGIN")
        db.execute(f"INSERT INTO entry SELECT (1 << 40) + n, 'kit', NULL, 'Kit', 'hi', n, NULL FROM ({rows} n FROM n)")
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        migrate(db)
        written = (tmp_path / "chat" / f"{FILE}-wal").stat().st_size
        assert written < 200_000, "a few pages of the schema and of the empty index"
        assert read_version(db) == SCHEMA_VERSION
        row = db.execute("SELECT change, amended, edited FROM entry WHERE place = (1 << 40) + 299999").fetchone()
        assert row == (None, None, None)
