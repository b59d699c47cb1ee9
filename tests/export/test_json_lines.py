"""JSON Lines lose nothing: reading them back gives the same messages."""

import json

from hypothesis import given
from hypothesis import strategies as st

from chatdesk.export.formats import Format
from chatdesk.protocol.codec import decode_message
from chatdesk.protocol.events import Message
from tests.export.messages import exported, make_message, messages


@given(st.lists(messages, max_size=5))
def test_every_line_is_a_message_of_the_wire(these: list[Message]) -> None:
    lines = exported(Format.JSONL, these).split(b"\n")
    assert lines.pop() == b""
    assert [decode_message(line) for line in lines] == these


def test_other_programs_read_it_as_json_in_utf_8() -> None:
    line = exported(Format.JSONL, [make_message("Grüße, 世界 💡\nzweite Zeile", 7)])
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


def test_no_message_is_no_line() -> None:
    assert exported(Format.JSONL, []) == b""
