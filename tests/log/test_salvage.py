"""Of a damaged history every readable message is saved, and the lost ones are counted."""

from __future__ import annotations

import asyncio
import re
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatdesk.archive.history_file import ArchiveError, open_history
from chatdesk.log.acts import Remover
from chatdesk.log.database import FILE, open_database, replace_damaged
from chatdesk.log.disk_store import open_store
from chatdesk.log.reservation import Reservation
from chatdesk.log.retention import Retention
from chatdesk.log.room_log import Draft, Duplicate
from chatdesk.log.rooms import WHOLE_CHAT, RoomSettings
from chatdesk.log.schema import SCHEMA_VERSION
from tests.log.damaged_file import PAGE, saved, spoil, words
from tests.log.harness import (
    RoomHarness,
    contents,
    draft,
    lobby,
    outside_connection,
    quarantined_files,
)
from tests.waiting import until

SAID = 600
_MARK = re.compile(rb"message (\d{4})")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The content of a sound file."""
    return asyncio.run(_make(tmp_path_factory.mktemp("history")))


async def _make(folder: Path) -> bytes:
    async with open_store(folder) as store:
        room, other = RoomHarness(store.room("lobby")), RoomHarness(store.room("side"))
        said = [room.start_append(draft(words(number), f"id {number}", f"kit {number % 3}")) for number in range(SAID)]
        said.append(other.start_append(draft("beside it")))
        await asyncio.gather(*said)
        store.store_reservation(Reservation("kit", "kit 1"))
        await until(lambda: not store.indexing)
    return (folder / FILE).read_bytes()


def pages_of(data: bytes) -> dict[int, set[int]]:
    """Return the database pages on which the text of each message begins."""
    places: dict[int, set[int]] = {}
    for found in _MARK.finditer(data):
        places.setdefault(int(found[1]), set()).add(found.start() // PAGE)
    return places


def named_pages(folder: Path, history: bytes, *names: str) -> list[int]:
    (folder / FILE).write_bytes(history)
    with outside_connection(folder) as db:
        rows = [db.execute("SELECT pageno - 1 FROM dbstat WHERE name = ?", (name,)).fetchall() for name in names]
    for file in folder.iterdir():
        file.unlink()
    return [page for found in rows for (page,) in found]


ALL = list(range(SAID))


@pytest.mark.parametrize("junk", [b"\xa7", b"\0"], ids=["junk", "zeros"])
@pytest.mark.parametrize("parts", [["sqlite_schema"], ["entry_id"], ["search_data", "search_idx"], ["room"], ["seat"]])
def test_damage_outside_of_messages_loses_none(tmp_path: Path, history: bytes, parts: list[str], junk: bytes) -> None:
    data = spoil(history, named_pages(tmp_path, history, *parts), junk)
    kept = saved(tmp_path, data)
    assert kept.aside is not None
    assert kept.numbers == ALL
    assert str(kept.aside.salvage) == f"Saved: {SAID + 1:,} of {SAID + 1:,} messages."
    assert ("kit 1", "id 7", "Kit") in kept.senders


def test_the_identities_of_server_and_people_stay(tmp_path: Path, history: bytes) -> None:
    sound = saved(tmp_path, history)
    kept = saved(tmp_path, spoil(history, [0]))
    assert (sound.aside, kept.aside is None) == (None, False)
    for name in ("server_id", "secret"):
        assert kept.about[name] == sound.about[name]
    assert kept.rooms.keys() == sound.rooms.keys() == {"lobby", "side"}
    assert kept.rooms["lobby"][0] != sound.rooms["lobby"][0], "clients start over"
    with outside_connection(tmp_path) as db:
        assert db.execute("SELECT * FROM seat").fetchall() == [("kit", "kit 1")]


def test_pages_above_the_messages_are_not_needed(tmp_path: Path, history: bytes) -> None:
    (tmp_path / FILE).write_bytes(history)
    with outside_connection(tmp_path) as db:
        inner = db.execute("SELECT pageno - 1 FROM dbstat WHERE name = 'entry' AND pagetype = 'internal'").fetchall()
    assert inner
    assert saved(tmp_path, spoil(history, [page for (page,) in inner])).numbers == ALL


def test_lost_messages_are_counted_with_room_and_time(tmp_path: Path, history: bytes) -> None:
    (page,) = pages_of(history)[301]
    there = {number for number, pages in pages_of(history).items() if page in pages}
    kept = saved(tmp_path, spoil(history, [page]))
    lost = sorted(set(ALL) - set(kept.numbers))
    assert kept.aside is not None
    assert set(lost) == there
    assert [(loss.room, loss.lost) for loss in kept.aside.salvage.losses] == [("lobby", len(lost))]
    told = str(kept.aside)
    assert f" Saved: {SAID + 1 - len(lost)} of {SAID + 1} messages. Lost: {len(lost)} of lobby (between 20" in told
    assert str(kept.aside.path) in told
    assert kept.rooms["lobby"][1:] == (1, SAID - len(lost)), "the numbers have no gaps"


@pytest.mark.parametrize("size", [4096 * 10 + 17, 200])
def test_a_file_that_was_cut_off(tmp_path: Path, history: bytes, size: int) -> None:
    kept = saved(tmp_path, history[: len(history) - size])
    assert len(kept.numbers) >= SAID - 40 * (size // PAGE + 1)


@pytest.mark.parametrize("at", [0, 16, 18, 20, 28, 32, 56, 60, 70, 100, 103, 105])
def test_a_byte_of_the_header(tmp_path: Path, history: bytes, at: int) -> None:
    spoilt = bytearray(history)
    spoilt[at] ^= 0xFF
    assert saved(tmp_path, bytes(spoilt)).numbers == ALL


@pytest.mark.parametrize(
    ("said", "spoilt"),
    [
        (b"place INTEGER PRIMARY", b"place INTEGEJ PRIMARY"),
        (b"nickname TEXT NOT", b"nicknbme TEXT NOT"),
        (b"first_seq INTEGER NOT", b"first_se\xf1 INTEGER NOT"),
        (b"CREATE TABLE entry", b"CREATE TABLE entr\xf9"),
    ],
)
def test_a_letter_of_the_schema(tmp_path: Path, history: bytes, said: bytes, spoilt: bytes) -> None:
    """SQLite accepts other names, or its message contains the damaged ones."""
    assert said in history
    (tmp_path / FILE).write_bytes(history.replace(said, spoilt))
    with pytest.raises(ArchiveError, match="is damaged"), open_history(tmp_path):
        raise AssertionError
    assert saved(tmp_path, history.replace(said, spoilt)).numbers == ALL


@pytest.mark.parametrize("number", [40, 300, 20_000, 1 << 39])
def test_a_damaged_number_is_no_loss(tmp_path: Path, history: bytes, number: int) -> None:
    """It takes no other message's place, and makes no millions seem to be lost."""
    spoilt = history.replace(_as_varint((1 << 40) + 101), _as_varint((1 << 40) + number))
    assert spoilt != history
    kept = saved(tmp_path, spoil(spoilt, [0]))
    assert sorted(kept.numbers) == ALL
    assert str(kept.aside).startswith(f"The history was damaged. Saved: {SAID + 1} of {SAID + 1} messages. The")


def _as_varint(number: int) -> bytes:
    return bytes(number >> 7 * step & 0x7F | (0x80 if step else 0) for step in range(5, -1, -1))


async def test_what_was_deleted_or_waits_for_deletion_does_not_come_back(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await asyncio.gather(*(room.start_append(draft(words(number))) for number in range(100)))
        await room.clear()
        await room.append(words(500))
    with outside_connection(tmp_path) as db:
        assert db.execute("SELECT count(*) FROM room WHERE name IS NULL").fetchone() is not None
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = spoil((tmp_path / FILE).read_bytes(), [0])
    assert saved(tmp_path, data).numbers == [500]


async def test_a_history_that_was_saved_goes_on(tmp_path: Path, history: bytes) -> None:
    (tmp_path / FILE).write_bytes(spoil(history, sorted(pages_of(history)[301])))
    async with open_store(tmp_path) as store:
        (notice,) = store.notices
        assert "Lost: " in notice
        room = RoomHarness(store.room("lobby"))
        before = store.room("lobby").seqs
        assert (await room.append("on we go")).seq == before.stop
        assert isinstance(await room.try_append(words(7), "id 7", "kit 1"), Duplicate), "it is known by its id"
        await until(lambda: not store.indexing)
        assert await room.search("0007") == [8]
    async with open_store(tmp_path) as store:
        assert store.notices == ()
        assert contents(await RoomHarness(store.room("lobby")).all())[-1] == "on we go"


async def test_an_edited_message_is_saved_as_it_was_last(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await asyncio.gather(*(room.start_append(draft(words(number), f"id {number}")) for number in range(10)))
        await room.edit(3, words(100))
        edited = await room.edit(3, words(101))
    (tmp_path / FILE).write_bytes(spoil((tmp_path / FILE).read_bytes(), [0]))
    async with open_store(tmp_path) as store:
        assert store.notices == (
            f"The history was damaged. Saved: 10 of 10 messages. The damaged file is kept as "
            f"{quarantined_files(tmp_path)[0]}.",
        )
        room = RoomHarness(store.room("lobby"))
        assert (room.log.last_seq, room.log.last_change) == (10, 10), "in the new epoch each message is one change"
        saved_now = (await room.around(3, 1)).records[0]
        assert saved_now == edited._replace(first_change=3, change=3)
        assert await room.try_append(words(2), "id 2") == Duplicate(saved_now)
        assert (await room.edit(3, words(102))).change == 11


async def test_an_id_whose_text_retention_has_deleted_is_saved(tmp_path: Path) -> None:
    async with open_store(tmp_path, Retention(messages=5)) as store:
        room = RoomHarness(store.room("lobby"))
        await asyncio.gather(*(room.start_append(draft(words(number), f"id {number}")) for number in range(10)))
        await until(lambda: room.log.seqs == range(6, 11))
    (tmp_path / FILE).write_bytes(spoil((tmp_path / FILE).read_bytes(), [0]))
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        assert (room.log.seqs, room.log.changes) == (range(6, 11), range(6, 11))
        assert isinstance(await room.try_append(words(2), "id 2"), Duplicate)
        assert contents(await room.all()) == [words(number) for number in range(5, 10)]


@pytest.mark.parametrize("moment", ["before it is put aside", "behind it"])
def test_a_crash_while_it_is_replaced_loses_nothing(
    tmp_path: Path, history: bytes, moment: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE).write_bytes(spoil(history, [0]))
    aside = replace_damaged(tmp_path)
    (tmp_path / FILE).rename(tmp_path / "chat.db-saved")
    if moment != "behind it":
        aside.path.rename(tmp_path / FILE)
    (tmp_path / "chat.db-saving").write_bytes(b"half of it")
    db, _ = open_database(tmp_path)
    with closing(db):
        assert db.execute("SELECT count(*) FROM entry").fetchone() == (SAID + 1,)
    assert {path.name for path in tmp_path.iterdir()} >= {FILE, *(path.name for path in quarantined_files(tmp_path))}
    assert len(quarantined_files(tmp_path)) == 1
    assert not list(tmp_path.glob("chat.db-sav*"))
    assert f"The old one is kept as {quarantined_files(tmp_path)[0]}: " in caplog.text


@settings(max_examples=40, deadline=None)
@example(pages=[], flips=[(2936, 128)], junk=b"\0", cut=0)
@example(pages=[], flips=[(47, 1)], junk=b"\0", cut=0)  # a format of the schema that SQLite does not know
@given(
    pages=st.lists(st.integers(0, 400), max_size=12),
    flips=st.lists(st.tuples(st.integers(0, 2**31), st.integers(1, 255)), max_size=20),
    junk=st.sampled_from([b"\0", b"\xff", b"\x0d", b"\x0a"]),
    cut=st.integers(0, 3 * PAGE),
)
def test_whatever_is_damaged_what_stands_on_sound_pages_is_saved(
    history: bytes,
    tmp_path_factory: pytest.TempPathFactory,
    pages: list[int],
    flips: list[tuple[int, int]],
    junk: bytes,
    cut: int,
) -> None:
    spoilt = bytearray(spoil(history, [page % (len(history) // PAGE) for page in pages], junk))
    for at, bits in flips:
        spoilt[at % len(spoilt)] ^= bits
    if SCHEMA_VERSION < int.from_bytes(spoilt[60:64]) < 100_000:
        spoilt[60:64] = history[60:64]  # it would seem to come from a newer program, and is left to that
    data = bytes(spoilt[: len(spoilt) - cut])
    kept = saved(tmp_path_factory.mktemp("damaged"), data)
    sound = {page for page in range(len(data) // PAGE) if data[page * PAGE :][:PAGE] == history[page * PAGE :][:PAGE]}
    expected = {
        number for number, places in pages_of(history).items() if places & sound and number % 50 and number < SAID
    }
    assert expected <= set(kept.numbers)
    assert len(set(kept.numbers)) == len(kept.numbers), "none is doubled"


async def test_replies_reactions_deletions_and_pins_are_saved_under_the_new_numbers(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(4)
        await room.start_append(Draft("Ana", "answer", "ana", "a1", 4))
        for person in ("ana", "bo"):
            await room.react(4, "👍", person)
        await room.react(5, "🎉", "bo")
        await room.pin(4)
        await room.delete(3, "mara", Remover.HOST)
        before = await room.all()
    with outside_connection(tmp_path) as db:
        db.execute("DELETE FROM entry WHERE place & 0xff = 1")  # lost, so that the others get other numbers
    replace_damaged(tmp_path)
    async with lobby(tmp_path) as room:
        held = await room.all()
        assert [record.seq for record in held] == [1, 2, 3, 4]
        assert held[-1].reply_to == before[-1].reply_to - 1 == held[-2].seq
        same = ("author", "nickname", "content", "id", "removed", "reactions", "pinned")
        assert [[getattr(record, name) for name in same] for record in held] == [
            [getattr(record, name) for name in same] for record in before[1:]
        ]
        assert (await room.react(3, "👍", "ana", active=False)).reactions[0].count == 1


async def test_who_gives_no_receipts_and_which_rooms_are_deleted_is_saved(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        await RoomHarness(store.room("lobby")).append("hello")
        store.store_receipts_off("kit", off=True)
        store.delete_room("plans", lambda _error: None)
    with outside_connection(tmp_path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (tmp_path / FILE).write_bytes(spoil((tmp_path / FILE).read_bytes(), [0]))
    async with open_store(tmp_path) as store:
        assert store.notices
        assert "kit" in store.receipts_off()
        assert "plans" in store.deleted_rooms()


async def test_no_room_is_open_after_damage_that_was_not_before(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        await RoomHarness(store.room("lobby")).append("hello")
        for name in (WHOLE_CHAT, "mentors"):
            store.store_settings(name, RoomSettings(password="a hash", locked=True), lambda _error: None)  # noqa: S106
    with outside_connection(tmp_path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (tmp_path / FILE).write_bytes(spoil((tmp_path / FILE).read_bytes(), [0]))
    async with open_store(tmp_path) as store:
        kept = store.room_settings()
        assert [(kept[name].password, kept[name].locked) for name in (WHOLE_CHAT, "mentors")] == [("a hash", True)] * 2
