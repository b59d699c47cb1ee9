"""JSON Lines lose nothing: after the lines about the file, reading them back gives the same messages."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatdesk.export.formats import Format
from chatdesk.export.metadata import ExportedRoom, ExportMetadata
from chatdesk.markup.parse import parse
from chatdesk.protocol.codec import decode_message
from chatdesk.protocol.events import Message
from tests.export.messages import exported, make_message, messages


@given(st.lists(messages, max_size=5))
def test_every_line_is_a_message_of_the_wire(these: list[Message]) -> None:
    _file, _room, *lines = exported(Format.JSONL, these).split(b"\n")
    assert lines.pop() == b""
    assert [decode_message(line) for line in lines] == these


def test_other_programs_read_it_as_json_in_utf_8() -> None:
    line = exported(Format.JSONL, [make_message("Grüße, 世界 💡\nzweite Zeile", 7)]).splitlines(keepends=True)[-1]
    assert json.loads(line.decode()) == {
        "type": "message",
        "nickname": "Kit",
        "content": "Grüße, 世界 💡\nzweite Zeile",
        "timestamp": "2025-11-25T11:00:00.000Z",
        "room": "lobby",
        "seq": 7,
        "id": "id-7",
    }
    assert line.count(b"\n") == 1


def test_the_tree_of_a_message_is_left_out() -> None:
    message = make_message("**a**", 7)
    with_body = replace(message, body=parse("**a**"))
    assert exported(Format.JSONL, [with_body]) == exported(Format.JSONL, [message])


def test_it_says_of_itself_what_it_is_and_which_rooms_it_holds() -> None:
    rooms = (ExportedRoom("attic", "Old things", archived=True), ExportedRoom("lobby"))
    about = ExportMetadata("Robotics", "", exported_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), rooms=rooms)
    assert exported(Format.JSONL, [], about).decode() == (
        '{"type":"chatdesk","version":1,"name":"Robotics","exported_at":"2026-01-02T03:04:05+00:00"}\n'
        '{"type":"room","room":"attic","topic":"Old things","archived":true}\n'
        '{"type":"room","room":"lobby"}\n'
    )
    assert exported(Format.JSONL, []).splitlines()[1:] == [b'{"type":"room","room":"lobby"}']
