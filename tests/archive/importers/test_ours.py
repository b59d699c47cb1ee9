"""Our own export, of this version and of earlier ones."""

import json

import pytest

from chatdesk.archive.history_file import ArchiveError
from chatdesk.archive.importers import ours
from chatdesk.archive.importers.stream import ImportedAuthor, ImportedMessage, ImportedRoom, LeftOut
from tests.archive.importers.items import of

OLD = {"type": "message", "nickname": "Kit", "content": "Hello", "timestamp": "2026-01-01T10:00:00.250Z",
       "room": "lobby", "seq": 7, "author": "aa"}  # fmt: skip


def test_an_export_of_an_earlier_version_has_no_line_about_itself() -> None:
    lines = [OLD, {**OLD, "nickname": "Kitty", "seq": 8, "edited": "2026-01-01T10:00:01.000Z"}, {**OLD, "seq": "?"}]
    items = list(ours.read(json.dumps(line).encode() for line in lines))
    assert of(items, ImportedRoom) == [ImportedRoom("lobby", "lobby", open=True)]
    assert of(items, ImportedAuthor) == [ImportedAuthor("aa", "Kit")]
    first, second = of(items, ImportedMessage)
    assert first == ImportedMessage("lobby", "aa", 1_767_261_600_250, "Hello", "lobby/7", name="Kit")
    assert (second.name, second.edited) == ("Kitty", 1_767_261_601_000)
    assert of(items, LeftOut) == [LeftOut("unreadable lines")]


def test_what_a_newer_version_has_written_is_not_guessed_at() -> None:
    with pytest.raises(ArchiveError, match="written by a newer ChatDesk"):
        list(ours.read([b'{"type":"chatdesk","version":2}']))


def test_a_private_room_that_one_of_the_two_has_exported_stays_private() -> None:
    room = f"@{16 * 'a'}"
    lines = [{**OLD, "room": room}, {**OLD, "room": room, "author": "bb", "seq": 8}]
    for said, people in ((lines, ("aa", "bb")), (lines[:1], ("aa", f"{room} 1"))):
        items = list(ours.read(json.dumps(line).encode() for line in said))
        assert of(items, ImportedRoom)[-1] == ImportedRoom(room, room, people=people)
