"""Commands as people type them."""

import pytest

from chatdesk.protocol import codec, commands


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ('{"type":"join","nickname":"test_user"}', commands.Join("test_user")),
        ('{"type":"message","content":"Hello from wscat!"}', commands.Message("Hello from wscat!")),
        (
            '{"type": "join", "nickname": "john_doe", "timestamp": "2024-01-01T12:00:00Z"}',
            commands.Join("john_doe"),
        ),
        (
            '{"type": "message", "content": "Hello everyone!", "timestamp": "2024-01-01T12:00:00Z"}',
            commands.Message("Hello everyone!"),
        ),
        ('{"type": "leave", "timestamp": "2024-01-01T12:00:00Z"}', commands.Leave()),
        ('{"type":"leave"}', commands.Leave()),
        (
            '{"type":"join","nickname":"a","room":"build","token":"t","flavour":"p","capabilities":["presence"],'
            '"client":"browser","resume":{"epoch":"e","seq":7}}',
            commands.Join("a", "build", "t", ("presence",), "browser", commands.Resume("e", 7)),
        ),
        (
            '{"type":"message","content":"c","room":"lobby","id":"1","to":"b","reply_to":3}',
            commands.Message("c", "1", "lobby", "b", 3),
        ),
        ('{"type":"delete","seq":3}', commands.Delete(3)),
        ('{"type":"react","seq":3,"emoji":"👍"}', commands.React(3, "👍", active=True)),
        ('{"type":"pin","seq":3,"active":false,"room":"lobby"}', commands.Pin(3, False, "lobby")),
        ('{"type":"typing"}', commands.Typing(active=True)),
        ('{"type":"typing","active":false,"room":"lobby","to":"b"}', commands.Typing(False, "lobby", "b")),
        ('{"type":"users"}', commands.Users()),
        ('{"type":"users","room":"lobby"}', commands.Users("lobby")),
        ('{"type":"history"}', commands.History(limit=50)),
        ('{"type":"history","before":9,"limit":200}', commands.History(before=9, limit=200)),
        ('{"type":"history","after":9}', commands.History(after=9)),
        (
            '{"type":"history","around":9,"id":"a1","room":"lobby"}',
            commands.History(around=9, id="a1", room="lobby"),
        ),
        ('{"type":"history","at":"2024-01-01"}', commands.History(at="2024-01-01")),
        ('{"type":"search","query":"hello"}', commands.Search("hello", limit=50)),
        ('{"type":"search","query":"","before":7,"limit":1,"room":"lobby"}', commands.Search("", "lobby", 7, 1)),
        ('{"type":"clear"}', commands.Clear()),
        ('{"type":"clear","room":"lobby"}', commands.Clear("lobby")),
        ('{"type":"leave","sender":"somebody else","seq":12,"nested":{"a":[1]}}', commands.Leave()),
    ],
)
def test_a_line_as_people_type_it_is_the_command_it_means(line: str, command: commands.Command) -> None:
    assert codec.decode_command(line) == command


def test_a_join_without_room_is_for_the_lobby() -> None:
    assert commands.Join("a").room == "lobby"
