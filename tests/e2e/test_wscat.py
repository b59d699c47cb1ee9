"""A person who types only the README's lines into wscat has a complete chat."""

import re
from pathlib import Path

import pytest

from tests.e2e.serving import Serving
from tests.e2e.wscat import Wscat

_README = Path(__file__).parents[2] / "README.md"
_CHANGING = re.compile(r'"(epoch|token|timestamp|joined_at|version|id|me|author)":"[^"]*"')


def _stable(line: str) -> str:
    """Return the line without the values that differ from run to run."""
    return _CHANGING.sub(r'"\1":…', line.strip())


def test_wscat_shows_exactly_what_the_readme_prints(server: str) -> None:
    block = _README.read_text().split("$ wscat -c")[1].split("```")[0]
    typed = [line[2:] for line in block.splitlines() if line.startswith("> ")]
    printed = [_stable(line[2:]) for line in block.splitlines() if line.startswith("< ")]
    with Wscat(server.replace("http", "ws") + "/ws") as wscat:
        wscat.type(typed[0])
        wscat.wait_for("user_joined")
        wscat.type(typed[1])
        wscat.wait_for('"seq":1')
        shown = [_stable(line.split("< ", 1)[1]) for line in wscat.screen.splitlines() if "< {" in line]
    assert shown == printed


def test_leaving_ends_wscat_with_1000(server: str) -> None:
    with Wscat(server.replace("http", "ws") + "/ws") as wscat:
        wscat.type('{"type":"join","nickname":"test_user"}')
        wscat.wait_for("user_joined")
        wscat.type('{"type":"leave"}')
        wscat.wait_for("Disconnected (code: 1000")


def test_nonsense_gets_a_sentence_and_the_connection_stays(server: str) -> None:
    with Wscat(server.replace("http", "ws") + "/ws") as wscat:
        wscat.type("hello?")
        wscat.wait_for("bad_json")
        wscat.type('{"type":"join","nickname":"  "}')
        wscat.wait_for("Choose a nickname")
        wscat.type('{"type":"join","nickname":"test_user"}')
        wscat.wait_for("Welcome to the chat!")


@pytest.mark.parametrize("path", ["", "/", "/chat/ws", "/ws/"])
def test_a_wrong_address_is_answered_with_the_right_one(serving: Serving, path: str) -> None:
    right = serving.websocket
    with Wscat(f"{right.removesuffix('/ws')}{path}") as wscat:
        wscat.wait_for('Disconnected (code: 1008, reason: "the chat is at /ws")')
        assert [event["content"] for event in wscat.received()] == [
            f"There is no chat at {path or '/'}. Connect to {right} instead."
        ]


def test_acts_on_a_message_are_lines_like_any_other(server: str) -> None:
    with Wscat(server.replace("http", "ws") + "/ws") as wscat:
        for line, answer in (
            ('{"type":"join","nickname":"test_user"}', "user_joined"),
            ('{"type":"message","content":"helo"}', '"seq":1'),
            ('{"type":"edit","seq":1,"content":"hello"}', '"content":"hello"'),
            ('{"type":"react","seq":1,"emoji":"❤"}', '"emoji":"❤️"'),
            ('{"type":"pin","seq":1}', '"pinned":true'),
            ('{"type":"pins"}', '"type":"pins"'),
            ('{"type":"message","content":"yes","reply_to":1}', '"reply_to":1'),
            ('{"type":"delete","seq":1}', '"deleted":"author"'),
            ('{"type":"react","seq":1,"emoji":"👍"}', '"code":"deleted"'),
        ):
            wscat.type(line)
            wscat.wait_for(answer)
