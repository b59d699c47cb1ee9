"""Edits, and what has changed since: the same of a log in memory and of one on the disk."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.log.acts import NotYours
from chatdesk.log.disk_store import open_store
from chatdesk.log.memory import MemoryStore
from chatdesk.log.room_log import Duplicate, IdReused, NotFound, Record
from tests.log.harness import RoomHarness, contents, draft, seqs


@pytest.fixture(params=["memory", "disk"])
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[RoomHarness]:
    """A room of either log."""
    if request.param == "memory":
        yield RoomHarness(MemoryStore().room("lobby"))
    else:
        async with open_store(tmp_path) as store:
            yield RoomHarness(store.room("lobby"))


async def test_an_edit_is_the_next_change_and_no_new_message(room: RoomHarness) -> None:
    first, second = await room.fill(2)
    after = await room.edit(1, "edited")
    assert after.edited
    assert after == first._replace(change=3, content="edited", edited=after.edited)
    assert after.is_update
    assert not second.is_update
    assert (room.log.last_seq, room.log.last_change) == (2, 3)
    assert (room.log.seqs, room.log.changes) == (range(1, 3), range(1, 4))
    third = await room.append("three")
    assert (third.seq, third.first_change, third.change) == (3, 4, 4)
    assert room.changes == [first, second, after, third]
    assert (await room.latest()).records == room.records == [after, second, third]


async def test_a_message_may_be_edited_again_and_again(room: RoomHarness) -> None:
    await room.fill(3)
    for number in range(4, 9):
        assert (await room.edit(2, f"edit {number}")).change == number
    assert contents(await room.all()) == ["number 1", "edit 8", "number 3"]
    assert (await room.all_since(3)) == [room.records[1]], "only what came of it"


async def test_only_its_author_edits_a_message_and_only_one_that_is_there(room: RoomHarness) -> None:
    await room.append("mine")
    assert await room.try_edit(1, "yours", "ana") == NotYours()
    for missing in (0, 2, -1, 2**53 - 1, 1 << 40):
        assert await room.try_edit(missing, "nothing") == NotFound()
    assert await room.try_edit(1, "mine") == Duplicate(room.records[0]), "nothing changes"
    assert room.log.last_change == 1
    assert contents(room.changes) == ["mine"]


async def test_the_same_draft_again_is_still_the_message_that_was_edited(room: RoomHarness) -> None:
    await room.append("said", "a1")
    after = await room.edit(1, "edited")
    assert await room.try_append("said", "a1") == Duplicate(after)
    assert await room.try_append("edited", "a1") == IdReused()
    again = await room.edit(1, "edited twice")
    assert await room.try_append("said", "a1") == Duplicate(again)


async def test_a_search_finds_the_latest_text_only(room: RoomHarness) -> None:
    await room.append("an apple")
    await room.append("a pear")
    await room.edit(1, "a banana")
    assert await room.search("apple") == []
    assert await room.search("banana") == [1]
    await room.edit(1, "an apple again")
    assert await room.search("apple") == [1]
    assert await room.search("banana") == []


async def test_what_has_changed_comes_in_order_and_as_it_is_now(room: RoomHarness) -> None:
    await room.fill(4)
    await room.edit(2, "two")  # change 5
    await room.fill(2, 5)  # 6 and 7
    await room.edit(5, "five")  # 8
    await room.edit(1, "one")  # 9
    told = [(record.seq, record.change, record.content) for record in await room.all_since(3)]
    assert told == [
        (4, 4, "number 4"),
        (2, 5, "two"),
        (5, 6, "five"),
        (6, 7, "number 6"),
        (5, 8, "five"),
        (1, 9, "one"),
    ]
    for limit in (1, 2, 3):
        assert [(each.seq, each.change, each.content) for each in await room.all_since(3, limit)] == told
    page = await room.since(3, 2)
    assert (page.end, page.last_seq, page.more) == (5, 4, True)
    assert await room.all_since(9) == []
    assert (await room.since(10**15)).records == [], "a position beyond the end"


async def test_whoever_follows_the_changes_holds_what_the_log_holds(room: RoomHarness) -> None:
    await room.fill(300)
    for seq in (*range(1, 300, 7), *range(3, 300, 11)):
        await room.edit(seq, f"edit of {seq} at {room.log.last_change}")
    held: dict[int, Record] = {}
    for record in await room.all_since(0, 50):
        held[record.seq] = record
    assert list(held.values()) != [], "there is something to compare"
    assert [held[seq] for seq in sorted(held)] == await room.all() == room.records


async def test_a_clear_begins_the_changes_again(room: RoomHarness) -> None:
    await room.fill(3)
    await room.edit(1, "edited")
    await room.clear()
    assert (room.resets, room.resets_by_clear) == (1, 1)
    assert (room.log.last_seq, room.log.last_change, room.log.changes) == (0, 0, range(1, 1))
    assert await room.try_edit(1, "of the old history") == NotFound()
    assert (await room.append("afresh")).change == 1
    assert seqs(await room.all_since(0)) == [1]


async def test_everybody_who_has_subscribed_hears_of_it_until_they_have_had_enough(room: RoomHarness) -> None:
    heard: list[list[int]] = [[], []]
    ends = [
        room.log.subscribe(lambda record, own=own: own.append(record.change), lambda _cleared, own=own: own.append(-1))
        for own in heard
    ]
    await room.append()
    ends[0]()
    ends[0]()
    await room.edit(1, "edited")
    await room.clear()
    ends[1]()
    await room.append()
    assert heard == [[1], [1, 2, -1]]


async def test_an_author_is_the_same_under_every_nickname_and_in_every_room(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        lobby, garden = RoomHarness(store.room("lobby")), RoomHarness(store.room("garden"))
        kit, ana = await lobby.append(), await lobby.append(identity="ana")
        assert kit.author == (await garden.append()).author == store.author("kit") != ana.author
        assert "kit" not in kit.author
        assert len(kit.author) == 16
    async with open_store(tmp_path) as store:
        assert store.author("kit") == kit.author
        assert await RoomHarness(store.room("lobby")).all() == [kit, ana]
    assert MemoryStore().author("kit") != kit.author, "another server"


async def test_both_forget_what_they_no_longer_hold_in_the_same_way(tmp_path: Path) -> None:
    log = MemoryStore().room("lobby")
    log._recent._max_records = 3
    room = RoomHarness(log)
    await room.fill(3)
    await room.edit(1, "edited")
    await room.fill(2, 4)
    assert (log.seqs, log.changes) == (range(3, 6), range(3, 7))
    assert await log.since(1, 5) is None
    assert seqs(await room.all_since(2)) == [3, 4, 5]
    assert await room.try_edit(1, "again") == NotFound()
    assert room.start_append(draft("said", "a1")).done()
