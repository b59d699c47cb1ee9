"""Deleting, reacting, pinning and replying: the same of a log in memory and of one on the disk."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.log.acts import (
    AlreadyDeleted,
    Delete,
    Edit,
    NotYours,
    Pin,
    React,
    Reaction,
    Reactor,
    Removal,
    Remover,
    TooLate,
    TooManyPins,
    TooManyReactions,
)
from chatdesk.log.database import FILE
from chatdesk.log.disk_store import DiskStore, open_store
from chatdesk.log.memory import MemoryStore
from chatdesk.log.retention import Retention
from chatdesk.log.room_log import Draft, Duplicate, IdReused, NotFound, Record
from chatdesk.log.schema import SEQ_BITS
from chatdesk.protocol.limits import PINS_PAGE
from tests.log.harness import (
    PATIENCE_SECONDS,
    RoomHarness,
    bytes_of,
    copy_as_after_kill,
    lobby,
    outside_connection,
    seqs,
)
from tests.waiting import until

UNIQUE_WORD = "Quittenmarmelade"
"""A word that nothing else in a file holds."""
MANY = "😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰😗😙😚🙂🤗🤩🤔"


@pytest.fixture(params=["memory", "disk"])
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[RoomHarness]:
    """A room of either log."""
    if request.param == "memory":
        yield RoomHarness(MemoryStore().room("lobby"))
    else:
        async with open_store(tmp_path) as store:
            yield RoomHarness(store.room("lobby"))


def pills(record: Record) -> list[tuple[str, int, list[str]]]:
    return [(each.emoji, each.count, [person.nickname for person in each.people]) for each in record.reactions]


async def test_a_deleted_message_leaves_its_place_and_who_has_deleted_it(room: RoomHarness) -> None:
    said = await room.append("mine", "a1")
    await room.append("of another", identity="ana")
    gone = await room.delete(1)
    assert gone == said._replace(content="", change=3, removed=Removal(Remover.AUTHOR, "Kit"))
    by_host = await room.delete(2, "mara", Remover.HOST)
    assert by_host.removed == Removal(Remover.HOST, "Mara")
    assert await room.all() == room.records == [gone, by_host]
    assert await room.all_since(2) == [gone, by_host]


async def test_only_its_author_or_who_may_deletes_a_message(room: RoomHarness) -> None:
    await room.append("mine")
    assert await room.try_act(Delete(1, "ana", "Ana")) == NotYours()
    assert await room.try_act(Delete(7, "kit", "Kit", Remover.HOST)) == NotFound()
    gone = await room.delete(1, others=Remover.MODERATOR)
    assert gone.removed == Removal(Remover.AUTHOR, "Kit"), "one's own is taken back, also by a host"


async def test_deleting_twice_succeeds_and_wins_over_a_late_edit(room: RoomHarness) -> None:
    """Behaviour 3."""
    await room.append("mine", "a1")
    gone = await room.delete(1)
    assert await room.try_act(Delete(1, "mara", "Mara", Remover.HOST)) == Duplicate(gone)
    assert await room.try_edit(1, "late") == AlreadyDeleted()
    assert await room.try_act(React(1, "👍", True, "ana", "Ana")) == AlreadyDeleted()
    assert await room.try_act(React(1, "👍", False, "ana", "Ana")) == Duplicate(gone)
    assert await room.try_act(Pin(1, True)) == AlreadyDeleted()
    assert await room.try_append("mine", "a1") == Duplicate(gone), "it is not said again by a resend"
    assert await room.try_append("other", "a1") == IdReused()
    assert room.log.last_change == gone.change


async def test_who_is_late_edits_nothing_any_more_but_may_send_the_same_edit_again(room: RoomHarness) -> None:
    """Behaviour 4."""
    said = await room.append("early")
    assert await room.try_act(Edit(1, "late", "kit", said.at + 1)) == TooLate()
    edited = await room.act(Edit(1, "in time", "kit", said.at))
    assert await room.try_act(Edit(1, "in time", "kit", said.at + 1)) == Duplicate(edited)


async def test_a_reply_knows_the_message_and_stays_when_that_is_deleted(room: RoomHarness) -> None:
    """Behaviour 1 and 2: the reference alone is kept."""
    await room.append("question")
    reply = room.start_append(Draft("Ana", "answer", "ana", None, 1))
    assert (await reply) == room.records[1]
    await room.delete(1)
    assert [record.reply_to for record in await room.all()] == [None, 1]
    assert [record.content for record in await room.all()] == ["", "answer"]


async def test_a_reaction_counts_people_and_names_the_first_five(room: RoomHarness) -> None:
    """Behaviour 5."""
    await room.fill(2)
    people = [f"person {number}" for number in range(7)]
    for person in people:
        await room.react(1, "👍", person)
    await room.react(1, "🎉", "kit")
    assert pills(room.records[0]) == [("👍", 7, [name.title() for name in people[:5]]), ("🎉", 1, ["Kit"])]
    withdrawn = await room.react(1, "👍", "person 1", active=False)
    assert pills(withdrawn)[0] == ("👍", 6, ["Person 0", "Person 2", "Person 3", "Person 4", "Person 5"])
    assert pills(await room.react(1, "🎉", "kit", active=False)) == pills(withdrawn)[:1]
    assert withdrawn.change == 11, "each is a change"
    kit = room.records[0].reactions[0].people[0]
    assert kit == Reactor("Person 0", (await room.append(identity="person 0")).author)
    first = await room.log.reactors(1, "👍", 0, 4)
    rest = await room.log.reactors(1, "👍", 4, 4)
    assert [each.nickname for each in (*first.people, *rest.people)] == [
        f"Person {each}" for each in (0, 2, 3, 4, 5, 6)
    ]
    assert (first.more, rest.more) == (True, False)
    assert await room.log.own_reactions("person 6", range(1, 3)) == {1: ["👍"]}
    assert await room.log.own_reactions("person 1", range(1, 3)) == {}
    assert await room.all_since(0) == [*(r._replace(change=r.seq) for r in room.records[:2]), *room.changes[-2:]]


async def test_the_same_reaction_again_changes_nothing(room: RoomHarness) -> None:
    await room.append()
    reacted = await room.react(1, "👍")
    assert await room.try_act(React(1, "👍", True, "kit", "Kit 2")) == Duplicate(reacted)
    none = await room.react(1, "👍", active=False)
    assert none.reactions == ()
    assert await room.try_act(React(1, "👍", False, "kit", "Kit")) == Duplicate(none)
    assert await room.try_act(React(2, "👍", True, "kit", "Kit")) == NotFound()


async def test_so_many_reactions_a_message_takes_and_joining_is_always_possible(
    room: RoomHarness,
) -> None:
    """Behaviour 5."""
    await room.append()
    for emoji in MANY[:10]:
        await room.react(1, emoji, "kit")
    assert await room.try_act(React(1, MANY[10], True, "kit", "Kit")) == TooManyReactions()
    for emoji in MANY[10:20]:
        await room.react(1, emoji, "ana")
    assert await room.try_act(React(1, MANY[20], True, "bo", "Bo")) == TooManyReactions()
    for emoji in MANY[:20]:
        assert await room.try_act(React(1, emoji, True, "bo", "Bo")) == room.records[0]
    await room.react(1, MANY[10], "kit")
    assert [reaction.emoji for reaction in room.records[0].reactions] == list(MANY[:20])


async def test_a_pin_is_one_and_goes_with_the_message(room: RoomHarness) -> None:
    """Behaviour 6."""
    await room.fill(4)
    for seq in (3, 1, 4):
        await room.pin(seq)
    assert await room.try_act(Pin(3, True)) == Duplicate(room.records[2])
    await room.edit(3, "edited")
    page = await room.log.pins(None, 2)
    assert (seqs(page.records), page.more) == ([3, 4], True)
    assert page.records[0].content == "edited"
    assert seqs((await room.log.pins(3, 2)).records) == [1]
    await room.delete(3)
    await room.pin(4, active=False)
    assert seqs((await room.log.pins(None, 9)).records) == [1]


async def test_a_room_has_so_many_pins(room: RoomHarness) -> None:
    await room.fill(PINS_PAGE + 1)
    for seq in range(1, PINS_PAGE + 1):
        await room.pin(seq)
    assert await room.try_act(Pin(PINS_PAGE + 1, True)) == TooManyPins()
    await room.delete(1)
    assert (await room.pin(PINS_PAGE + 1)).pinned


async def test_deleting_takes_reactions_and_the_search_along(room: RoomHarness) -> None:
    """Behaviour 7."""
    await room.append(f"made {UNIQUE_WORD}")
    await room.react(1, "👍", "ana")
    assert await room.search("quitten") == [1]
    gone = await room.delete(1)
    assert gone.reactions == ()
    assert await room.search("quitten") == []
    assert await room.search("from:kit") == []
    assert (await room.log.reactors(1, "👍", 0, 9)).people == []
    assert await room.log.own_reactions("ana", range(1, 2)) == {}


async def settled(store: DiskStore, folder: Path) -> None:
    """Wait until the writer has emptied the WAL."""
    await until(lambda: not (folder / f"{FILE}-wal").stat().st_size, PATIENCE_SECONDS)


async def test_nothing_of_a_deleted_or_edited_text_is_left_in_the_files(tmp_path: Path) -> None:
    """Behaviour 7: also not as words of the index, whose older part is one segment already."""
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await room.append(f"first {UNIQUE_WORD}")
        await room.append(f"then {UNIQUE_WORD[::-1]}")
        await room.fill(600)
        await room.edit(1, "something else")
        await room.delete(2)
        await settled(store, tmp_path)
        found = bytes_of(tmp_path).lower()
        for word in (UNIQUE_WORD, UNIQUE_WORD[::-1]):
            for piece in (word.lower(), word.lower()[:8], word.lower()[5:]):
                assert piece.encode() not in found, piece
    with outside_connection(tmp_path) as db:
        db.execute("INSERT INTO search (search) VALUES ('integrity-check')")
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_what_a_crash_leaves_of_a_deleted_text_goes_at_the_next_start(tmp_path: Path) -> None:
    async with open_store(tmp_path / "chat") as store:
        room = RoomHarness(store.room("lobby"))
        await room.append(UNIQUE_WORD)
        await room.delete(1)
        copy = copy_as_after_kill(tmp_path / "chat", tmp_path / "copy")
    async with open_store(copy) as store:
        await settled(store, copy)
        assert UNIQUE_WORD.encode() not in bytes_of(copy)


async def test_a_reaction_costs_the_same_however_many_have_reacted(tmp_path: Path) -> None:
    """Behaviour 5: a row is read and one written, with a thousand people as with ten."""
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await room.append()
        steps: list[int] = []
        for number in range(1_200):
            room.log.amend(React(1, "👍", True, f"person {number}", "Somebody"), lambda _outcome: steps.append(1))
        await until(lambda: len(steps) == 1_200)
        assert room.records[0].reactions == (Reaction("👍", 1_200, room.records[0].reactions[0].people),)
        assert len(room.records[0].reactions[0].people) == 5
        reading = store.writer._db
        assert reading
        plan = " ".join(
            row[3]
            for query in (
                "SELECT emoji FROM reaction WHERE identity = 'a' AND place = 1",
                "SELECT nickname FROM reaction WHERE place = 1 AND emoji = 'a' ORDER BY change LIMIT 5",
            )
            for row in reading.execute(f"EXPLAIN QUERY PLAN {query}")
        )
        assert "SCAN" not in plan
        assert "TEMP B-TREE" not in plan, "nothing is sorted"


async def test_a_number_beyond_all_messages_reaches_no_other_room(tmp_path: Path) -> None:
    """Behaviour 13: who has reacted somewhere else, such as in a private room, is not told."""
    async with open_store(tmp_path) as store:
        rooms = [RoomHarness(store.room(name)) for name in "abc"]
        for room in rooms:
            await room.append()
            await room.react(1, "👍", "ana")
        for bits in range(1, 8):
            seq = bits << SEQ_BITS | 1
            assert (await rooms[0].log.reactors(seq, "👍", 0, 9)).people == []
            assert await rooms[0].log.own_reactions("ana", range(seq, seq + 1)) == {}


async def test_acts_are_the_same_after_a_restart(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(3)
        await room.start_append(Draft("Ana", "answer", "ana", None, 1))
        await room.react(1, "👍", "ana")
        await room.pin(2)
        await room.delete(3)
        before = await room.all()
    async with lobby(tmp_path) as room:
        assert await room.all() == before
        assert seqs((await room.log.pins(None, 9)).records) == [2]
        assert pills(await room.react(1, "👍", "bo")) == [("👍", 2, ["Ana", "Bo"])]


async def test_retention_takes_all_of_a_message(tmp_path: Path) -> None:
    async with lobby(tmp_path, Retention(messages=1)) as room:
        with contextlib.suppress(AssertionError):  # retention may be quicker
            await room.append("old")
            await room.react(1, "👍", "ana")
            await room.pin(1)
        await room.fill(2)
        await until(lambda: room.log.seqs.start == 3)
        assert (await room.log.pins(None, 9)).records == []
        with outside_connection(tmp_path) as db:
            assert db.execute("SELECT count(*) FROM reaction").fetchone() == (0,)
